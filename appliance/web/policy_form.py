"""The form with the selection policy: as it is filled in, and what it means."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from appliance.results.words import Words
from appliance.settings import FunnelSettings, SelectionPolicy, queue_key
from appliance.web.policy_words import bare_percent

_SPARE_ROWS: Final = 2
"""Empty rows at the end of a table; whoever fills them in gets as many again."""
_MAX_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class Filled:
    """The form's fields as text, right or wrong."""

    fields: Mapping[str, str]
    queue_shares: Sequence[tuple[str, str]]
    """Queue and per cent."""
    quotas: Sequence[tuple[str, str, str]]
    """Queue, period, interviews."""

    @property
    def share_rows(self) -> list[tuple[str, str]]:
        return [*self.queue_shares, *[("", "")] * _SPARE_ROWS]

    @property
    def quota_rows(self) -> list[tuple[str, str, str]]:
        return [*self.quotas, *[("", "week", "")] * _SPARE_ROWS]


def filled_of(policy: SelectionPolicy, t: Words) -> Filled:
    """The form as it shows what is in force."""
    fields = {
        "min_talk_seconds": str(policy.min_talk_seconds),
        "denied_queues": "\n".join(policy.denied_queues),
        "unnamed_queues": policy.unnamed_queues,
        "quiet_days": str(policy.quiet_days),
        "share": bare_percent(t, policy.share),
        "daily_cap": str(policy.daily_cap or ""),
        "spread_over": policy.spread_over,
    }
    shares = [(queue, bare_percent(t, share)) for queue, share in policy.queue_shares.items()]
    return Filled(fields, shares, [(quota.queue, quota.per, str(quota.interviews)) for quota in policy.quotas])


def filled_from(form: "MultiDict[str, str]") -> Filled:
    """What somebody has sent; rows that are empty are left out."""
    names = ("min_talk_seconds", "denied_queues", "unnamed_queues", "quiet_days", "share", "daily_cap", "spread_over")
    shares = _rows(form, "share_queue", "share_percent")
    quotas = _rows(form, "quota_queue", "quota_per", "quota_interviews")
    return Filled(
        {name: form.get(name, "").strip() for name in names},
        [(queue, percent) for queue, percent in shares if queue or percent],
        [(queue, per, interviews) for queue, per, interviews in quotas if queue or interviews],
    )


def _rows(form: "MultiDict[str, str]", *names: str) -> list[tuple[str, ...]]:
    columns = [[text.strip() for text in form.getlist(name)[:_MAX_ROWS]] for name in names]
    return list(zip(*columns, strict=False))


def understand(filled: Filled) -> tuple[SelectionPolicy | None, set[str]]:
    """The policy that the form means; None and the fields that are wrong where it means none."""
    values: dict[str, Any] = {}
    wrong: set[str] = set()
    for field, (read, text) in _readers(filled).items():
        try:
            values[field] = read(text)
        except ValueError:
            wrong.add(field)
    try:
        policy = SelectionPolicy.model_validate(_harmless() | values)
    except ValidationError as error:
        return None, wrong | {str(one["loc"][0]) for one in error.errors()}
    return (None if wrong else policy), wrong


def removed_words(before: SelectionPolicy, after: SelectionPolicy, file: SelectionPolicy) -> list[str]:
    """Words of the shipped deny list or the file's whose queues would be surveyed from now on (law.md L19)."""
    guarded = dict.fromkeys((*FunnelSettings().denied_queues, *file.denied_queues))
    return [word for word in guarded if before.denies(word) and not after.denies(word)]


def _harmless() -> dict[str, Any]:
    """Stands in for fields that could not be read, so that the others are looked at all the same."""
    return {"min_talk_seconds": 0, "denied_queues": (), "quiet_days": 0, "share": 0}


def _readers(filled: Filled) -> dict[str, tuple[Callable[[Any], Any], Any]]:
    text = filled.fields
    return {
        "min_talk_seconds": (_whole, text["min_talk_seconds"]),
        "denied_queues": (_lines, text["denied_queues"]),
        "unnamed_queues": (str, text["unnamed_queues"]),
        "quiet_days": (_whole, text["quiet_days"]),
        "share": (_share, text["share"]),
        "queue_shares": (_shares, filled.queue_shares),
        "daily_cap": (_whole, text["daily_cap"] or "0"),
        "spread_over": (_span, text["spread_over"]),
        "quotas": (_quotas, filled.quotas),
    }


def _whole(text: str) -> int:
    digits = text.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
        raise ValueError
    return int(digits)


def _share(text: str) -> float:
    return round(float(text.rstrip("% \N{NO-BREAK SPACE}").replace(",", ".")) / 100, 6)


def _span(text: str) -> str:
    return text.replace("–", "-").replace(" ", "")


def _lines(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for line in text.splitlines() if (word := line.strip())))


def _shares(rows: Sequence[tuple[str, str]]) -> dict[str, float]:
    _each_named_once([queue for queue, _ in rows])
    return {queue: _share(percent) for queue, percent in rows}


def _quotas(rows: Sequence[tuple[str, str, str]]) -> list[dict[str, Any]]:
    _each_named_once([f"{queue}\n{per}" for queue, per, _ in rows])
    return [{"queue": queue, "per": per, "interviews": _whole(interviews)} for queue, per, interviews in rows]


def _each_named_once(names: list[str]) -> None:
    keys = {queue_key(name) for name in names}
    if len(keys) < len(names) or any(not name.split("\n")[0] for name in names):
        raise ValueError

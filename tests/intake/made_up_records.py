"""Call records in formats that nobody ships: what was meant, how it is written, and who can say how."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hypothesis import strategies as st
from records import NOW, NUMBERS, STOCKHOLM

from appliance.types import Direction

TIMES: Final = (
    *("iso", "epoch", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%Y%m%d %H%M%S", "%y%m%d %H:%M"),
    *("%m/%d/%y %I:%M %p", "%Y%m%d%H%M%S"),
)
PAIRS: Final = ("%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M", "%y%m%d %H%M")
CLOCKS: Final = {
    "seconds": str,
    "milliseconds": lambda seconds: str(seconds * 1000),
    "h:mm:ss": lambda seconds: f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}",
    "m:ss": lambda seconds: f"{seconds // 60}:{seconds % 60:02}",
    "hhmmss": lambda seconds: f"{seconds // 3600:02}{seconds // 60 % 60:02}{seconds % 60:02}",
}
NUMBER_FORMS: Final[dict[str, Callable[[str], str]]] = {
    "as written": lambda number: number,
    "digits": lambda number: number.replace(" ", "").replace("-", ""),
    "plus": lambda number: "+46" + number.replace(" ", "").replace("-", "")[1:],
    "00": lambda number: "0046" + number.replace(" ", "").replace("-", "")[1:],
    "9": lambda number: "9" + number.replace(" ", "").replace("-", ""),
}
HEADINGS: Final = {
    "call-id": ("call_id", "Samtalsid", "UniqueID"),
    "time": ("ended_at", "Sluttid", "Tid", "timestamp"),
    "number": ("caller", "A-nummer", "Telefonnummer", "From"),
    "queue": ("queue", "Kö", "Grupp"),
    "wait": ("wait", "Väntetid", "Kötid"),
    "talk": ("talk_time", "Samtalstid", "Duration"),
    "direction": ("direction", "Riktning"),
    "answered": ("answered", "Besvarat"),
    "agent": ("agent", "Handläggare"),
    "noise": ("x1", "Kostnadsställe", "Prio"),
}
DIRECTIONS: Final = (("inbound", "outbound"), ("In", "Ut"), ("inkommande", "utgående"), ("A", "B"))
OUTCOMES: Final = (("1", "0"), ("ja", "nej"), ("ANSWERED", "NO ANSWER"), ("OK", "X"))


@dataclass(frozen=True)
class Meant:
    """One record."""

    call_id: str
    ended_at: datetime
    number: str
    queue: str
    wait_seconds: int
    talk_seconds: int
    direction: Direction
    answered: bool


@dataclass(frozen=True)
class MadeUpFormat:
    """Who can answer every question, and what the records mean."""

    lines: tuple[bytes, ...]
    records: tuple[Meant, ...]
    truth: dict[str, str]
    """By question; of those not here "none" is true."""
    to_the_minute: bool


@st.composite
def formats(draw: st.DrawFn) -> MadeUpFormat:
    """Twenty records, columns in any order."""
    records = [_meant(draw, number) for number in range(20)]
    time, is_pair = draw(
        st.one_of(st.tuples(st.sampled_from(TIMES), st.just(False)), st.tuples(st.sampled_from(PAIRS), st.just(True)))
    )
    talk, wait = draw(st.sampled_from(list(CLOCKS))), draw(st.sampled_from(list(CLOCKS)))
    form = draw(st.sampled_from(list(NUMBER_FORMS)))
    directions, outcomes = draw(st.sampled_from(DIRECTIONS)), draw(st.sampled_from(OUTCOMES))
    cells: dict[str, list[str]] = {
        "call-id": [each.call_id for each in records],
        **_time_cells(records, time, is_pair=is_pair),
        "number": [NUMBER_FORMS[form](each.number) for each in records],
        "queue": [each.queue for each in records],
        "wait": [CLOCKS[wait](each.wait_seconds) for each in records],
        "talk": [CLOCKS[talk](each.talk_seconds) for each in records],
        "direction": [directions[each.direction is Direction.OUTBOUND] for each in records],
        "answered": [outcomes[not each.answered] for each in records],
        "agent": [draw(st.sampled_from(["Kalle", "Lisa", "Åsa"])) for _ in records],
        "noise": [draw(st.sampled_from(["7", "8", "11"])) for _ in records],
    }  # fmt: skip
    order = draw(st.permutations(list(cells)))
    named = draw(st.booleans())
    names = (
        [draw(st.sampled_from(HEADINGS[kind])) if kind in HEADINGS else kind for kind in order]
        if named
        else [f"c{place}" for place in range(1, len(order) + 1)]
    )
    column = dict(zip(order, names, strict=True))
    rows = ([names] if named else []) + [list(row) for row in zip(*(cells[kind] for kind in order), strict=True)]
    delimiter = draw(st.sampled_from([",", ";", "\t", "|"]))
    truth = {
        **{kind: column[kind] for kind in ("call-id", "number", "queue", "wait", "talk", "direction", "answered")},
        "time": f"{column['date']}+{column['clock']}" if is_pair else column["time"],
        "time-is": "end", "time-format": time, "talk-format": talk, "wait-format": wait, "format": "other",
        "access-digits": "9" if form == "9" else "none",
        "delimiter": {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}[delimiter],
        f"direction.{directions[0]}": "inbound", f"direction.{directions[1]}": "outbound",
        f"answered.{outcomes[0]}": "yes", f"answered.{outcomes[1]}": "no",
    }  # fmt: skip
    return MadeUpFormat(
        _written(rows, delimiter), tuple(records), truth, not {"S", "i", "e"} & set(time[-1] + time[:1])
    )


def _meant(draw: st.DrawFn, number: int) -> Meant:
    ended_at = NOW - timedelta(seconds=draw(st.integers(3600, 300 * 86_400)))
    answered = draw(st.booleans())
    return Meant(
        call_id=f"x-{number}",
        ended_at=ended_at,
        number=draw(st.sampled_from(NUMBERS)),
        queue=draw(st.sampled_from(["Växel", "Bygg och bo", "Skola", "Miljö", "Trafik", "Vård", "Kultur"])),
        wait_seconds=draw(st.integers(0, 600)),
        talk_seconds=draw(st.integers(1, 5000)) if answered else 0,
        direction=draw(st.sampled_from([Direction.INBOUND, Direction.OUTBOUND])),
        answered=answered,
    )


def _time_cells(records: list[Meant], time: str, *, is_pair: bool) -> dict[str, list[str]]:
    local = [each.ended_at.astimezone(STOCKHOLM) for each in records]
    if time == "iso":
        return {"time": [f"{moment:%Y-%m-%dT%H:%M:%S}" for moment in local]}
    if time == "epoch":
        return {"time": [f"{moment.timestamp():.0f}" for moment in local]}
    written = [moment.strftime(time) for moment in local]
    if not is_pair:
        return {"time": written}
    return {"date": [each.split(" ")[0] for each in written], "clock": [each.split(" ")[1] for each in written]}


def _written(rows: list[list[str]], delimiter: str) -> tuple[bytes, ...]:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return tuple(file.getvalue().encode().splitlines())

"""Control: who is surveyed, and why; staff may change what decides it."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from appliance.intake import policy as policies_in_force
from appliance.results.periods import days_span
from appliance.settings import SelectionPolicy
from appliance.store import draws, figures, policies
from appliance.web.funnel_view import read_funnel
from appliance.web.language import words
from appliance.web.policy_form import Filled, filled_from, filled_of, removed_words, understand
from appliance.web.policy_words import FIELDS, history, told
from appliance.web.state import now, page, store

blueprint = Blueprint("selection", __name__)

PART: Final = "parts/selection.html"
_HISTORY: Final = 20


class Days(StrEnum):
    """What the page shows, in whole days up to and with today (yesterday: without)."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    MONTH = "month"


_FIRST_AND_LAST: Final = {Days.TODAY: (0, 0), Days.YESTERDAY: (-1, -1), Days.WEEK: (-6, 0), Days.MONTH: (-27, 0)}


def asked_days() -> Days:
    """The days in the address; the last seven where it names none."""
    value = request.args.get("period")
    return Days(value) if value in set(Days) else Days.WEEK


def version() -> str:
    """Changes whenever the part would look different."""
    data = figures.data_version(store())
    return f"{words().language}|{data}|{_version_id()}|{_today()}|{_tomorrow() is not None}"


def context() -> dict[str, Any]:
    """What the part's template shows."""
    settings = page().settings
    policy = policies_in_force.current(store(), settings)
    return {
        "view": read_funnel(store(), days_span(now(), *_FIRST_AND_LAST[asked_days()], page().zone)),
        "days": Days,
        "chosen": asked_days(),
        "dialer": settings.dialer,
        "policy": policy,
        "told": told(words(), policy),
        "today": draws.day_of(store(), _today()),
        "tomorrow": _tomorrow(),
    }


@blueprint.get("/selection")
def show() -> str:
    return _page(filled_of(policies_in_force.current(store(), page().settings), words()))


@blueprint.post("/selection")
def change() -> Response | tuple[str, int]:
    """Put what the form says in force, as what it changes of the configuration file."""
    settings, filled = page().settings, filled_from(request.form)
    before, file = policies_in_force.current(store(), settings), policies_in_force.of_file(store(), settings)
    after, wrong = understand(filled)
    if after is None:
        return _page(filled, wrong=wrong), 400
    if request.form.get("seen") != str(_version_id()):
        return _page(filled, overtaken=True), 409
    removed = removed_words(before, after, file)
    if removed and request.form.get("confirm") != ", ".join(removed):
        return _page(filled, wrong={"denied_queues"}, removed=removed), 400
    if after == before:
        return redirect(url_for(".show", said="same", _anchor="settings"))
    content = after.model_dump(mode="json")
    changes = {field: content[field] for field in FIELDS if getattr(after, field) != getattr(file, field)}
    policies_in_force.change(store(), settings, changes, g.user.name, now())
    return redirect(url_for(".show", said="saved", _anchor="settings"))


@blueprint.post("/selection/reset")
def reset() -> Response | tuple[str, int]:
    """Let the configuration file's values stand again."""
    if request.form.get("seen") != str(_version_id()):
        return _page(filled_of(policies_in_force.current(store(), page().settings), words()), overtaken=True), 409
    if policies_in_force.changes_of(store()):
        policies_in_force.change(store(), page().settings, {}, g.user.name, now())
    return redirect(url_for(".show", said="reset", _anchor="settings"))


def _page(
    filled: Filled, wrong: Collection[str] = (), removed: list[str] | None = None, *, overtaken: bool = False
) -> str:
    file: SelectionPolicy = policies_in_force.of_file(store(), page().settings)
    versions, has_more = history(store(), words(), _HISTORY)
    shown = context()
    return render_template(
        "selection.html",
        **shown,
        part=PART,
        version=version(),
        live_url=url_for("live.changes", page="selection", period=asked_days()),
        filled=filled,
        wrong=[field for field in FIELDS if field in wrong],
        removed=removed or [],
        overtaken=overtaken,
        said=request.args.get("said") if request.method == "GET" else None,
        seen=_version_id(),
        file_told=told(words(), file),
        changed={field for field in FIELDS if getattr(shown["policy"], field) != getattr(file, field)},
        queues=[row.queue for row in shown["view"].queues if row.queue],
        versions=versions,
        has_more=has_more,
    )


def _version_id() -> int:
    last = policies.latest(store())
    return last.id if last else 0


def _today() -> date:
    return now().astimezone(page().zone).date()


def _tomorrow() -> draws.DrawDay | None:
    return draws.day_of(store(), _today() + timedelta(days=1))

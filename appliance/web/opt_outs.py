"""Control: numbers that are never rung again. A number comes in by a form, becomes a keyed hash, and is never shown."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from appliance.custody import opt_outs as blocking
from appliance.custody.opt_out_list import ListTally, block_all, decode
from appliance.custody.sealing import hash_number
from appliance.numbers import read_number
from appliance.store import opt_outs
from appliance.store.opt_outs import Change
from appliance.types import NumberHash
from appliance.web.language import words
from appliance.web.state import now, page, store

blueprint = Blueprint("opt_outs", __name__)

SOURCES: Final = ("call", "staff", "list", "console")
MAX_LIST_BYTES: Final = 2 * 1024 * 1024
"""Some hundred thousand numbers."""
_MONTHS: Final = 12
_LATEST: Final = 8
_HASH_BYTES: Final = 32
_TOLD_LINES: Final = 20
_TOLD: Final = "opt_outs"
"""In the session, until it has been shown: what was done, never a number."""


@blueprint.url_value_preprocessor
def _let_a_list_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything looks at the form."""
    if endpoint == "opt_outs.add_list":
        request.max_content_length = request.max_form_memory_size = MAX_LIST_BYTES


@blueprint.get("/opt-outs")
def show() -> str:
    return _page(**session.pop(_TOLD, {}))


@blueprint.get("/opt-outs/block")
@blueprint.get("/opt-outs/look-up")
@blueprint.get("/opt-outs/lift")
@blueprint.get("/opt-outs/list")
def back() -> Response:
    """Whoever reloads an answer or changes its language comes back to the page."""
    return redirect(url_for("opt_outs.show"))


@blueprint.post("/opt-outs/block")
def block() -> Response | tuple[str, int]:
    """Block a number at once; who waits to be rung is called off."""
    number_hash = _given_number()
    if number_hash is None:
        return _page(fault="block"), 422
    is_new = blocking.add(store(), page().keys, number_hash, "staff", now(), g.user.name)
    return _done(done="blocked" if is_new else "blocked_before")


@blueprint.post("/opt-outs/look-up")
def look_up() -> str | tuple[str, int]:
    number_hash = _given_number()
    if number_hash is None:
        return _page(fault="look_up"), 422
    return _page(looked_up=opt_outs.last(store(), number_hash), has_looked=True, number_hash=number_hash.hex())


@blueprint.post("/opt-outs/lift")
def lift() -> Response | str | tuple[str, int]:
    """Lift a block, once whoever does it has said that the citizen wishes it."""
    known = _known_block()
    if known is None:
        return _done(done="not_blocked")
    if not request.form.get("wished"):
        is_asked_again = "asked" in request.form
        text = render_template("opt_out_lift.html", change=known, fault=is_asked_again, sources=SOURCES)
        return (text, 422) if is_asked_again else text
    blocking.lift(store(), page().keys, known.number_hash, "staff", now(), g.user.name)
    return _done(done="lifted")


@blueprint.post("/opt-outs/list")
def add_list() -> Response | tuple[str, int]:
    """Block every number of an uploaded list, of a pasted one, or of both."""
    uploaded = request.files.get("file")
    given = {"file": decode(uploaded.read()) if uploaded else "", "pasted": request.form.get("numbers", "")}
    lists = {part: text for part, text in given.items() if text.strip()}
    if not lists:
        return _page(fault="list"), 422
    tallies = {part: block_all(store(), page().keys, text, now(), g.user.name) for part, text in lists.items()}
    return _done(tallies={part: _short(tally) for part, tally in tallies.items()})


def _short(tally: ListTally) -> dict[str, Any]:
    """What a cookie has room for."""
    told = {**asdict(tally), "unreadable_lines": len(tally.unreadable)}
    return {**told, "unreadable": tally.unreadable[:_TOLD_LINES]}


def _done(**told: Any) -> Response:
    """Back to the page, which tells it once."""
    session[_TOLD] = told
    return redirect(url_for("opt_outs.show"))


def _given_number() -> NumberHash | None:
    number = read_number(request.form.get("number")).e164
    return hash_number(page().keys, number) if number else None


def _known_block() -> Change | None:
    """The block that the form means: it carries the number's keyed hash."""
    try:
        number_hash = bytes.fromhex(request.form.get("number_hash", ""))
    except ValueError:
        return None
    known = opt_outs.last(store(), NumberHash(number_hash)) if len(number_hash) == _HASH_BYTES else None
    return known if known and known.is_blocked else None


def _page(**found: Any) -> str:
    nothing: dict[str, Any] = {
        "fault": "",
        "done": "",
        "tallies": {},
        "looked_up": None,
        "has_looked": False,
        "number_hash": "",
    }
    return render_template(
        "opt_outs.html",
        **{**nothing, **found},
        total=opt_outs.count(store()),
        months=_by_month(),
        sources=SOURCES,
        latest=opt_outs.newest(store(), _LATEST),
    )


def _by_month() -> list[tuple[str, dict[str, int]]]:
    """Of the last months in which any number was blocked, the newest first: how many are blocked still, by source."""
    rows: list[tuple[str, dict[str, int]]] = []
    begin = now().astimezone(page().zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end = (begin + timedelta(days=31)).replace(day=1)
    first = opt_outs.first_at(store())
    while first and end > first and len(rows) < _MONTHS:
        if counts := opt_outs.count_by_source(store(), begin, end):
            rows.append((words().month(begin), _known_sources(counts)))
        end, begin = begin, (begin - timedelta(days=1)).replace(day=1)
    return rows


def _known_sources(counts: dict[str, int]) -> dict[str, int]:
    """What has another source than ours counts as the console's."""
    known = {source: counts.get(source, 0) for source in SOURCES}
    known["console"] += sum(counts.values()) - sum(known.values())
    return known

"""Control: whether citizens are rung, and what waits."""

import hashlib
from typing import Any, Final

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from appliance.results.calling import Calling, read_calling
from appliance.store import dialing
from appliance.store.dialing import DialingState
from appliance.store.timekeeping import HouseClock
from appliance.web.language import words
from appliance.web.state import now, page, store

blueprint = Blueprint("calling", __name__)

PART: Final = "parts/calling.html"
_DEEDS: Final = {"pause": DialingState.PAUSED, "resume": DialingState.RUNNING, "stop": DialingState.STOPPED}


def version() -> str:
    """Changes whenever the part would look different."""
    shown = f"{words().language}|{_calling()}|{now().astimezone(page().zone).date()}"
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def context() -> dict[str, Any]:
    """What the part's template shows."""
    return {"calling": _calling()}


def _calling() -> Calling:
    if "calling" not in g:
        g.calling = read_calling(store(), page().settings, now())
    found: Calling = g.calling
    return found


@blueprint.get("/calling")
def show() -> str:
    live_url = url_for("live.changes", page="calling")
    said = request.args.get("said")
    return render_template("calling.html", **context(), part=PART, version=version(), live_url=live_url, said=said)


@blueprint.post("/calling/<deed>")
def change(deed: str) -> Response:
    """Pause, resume or stop; "clock" says that the clock is right.

    A page that has stood open is no reason to undo what somebody else has done since: only who sees that calls are on
    pauses them, and what is resumed is what was seen. A stop is always one.
    """
    if deed == "clock":
        HouseClock(store()).believe()
        return redirect(url_for("calling.show"))
    if deed not in _DEEDS:
        abort(404)
    seen = None if deed == "stop" else _seen(deed)
    is_done = dialing.change(store(), _DEEDS[deed], g.user.name, now(), seen)
    return redirect(url_for("calling.show", said=None if is_done else "otherwise"))


def _seen(deed: str) -> DialingState:
    """How calls stood on the page where the button was pressed."""
    if deed == "pause":
        return DialingState.RUNNING
    seen = request.form.get("seen")
    return DialingState(seen) if seen in set(DialingState) else abort(400)

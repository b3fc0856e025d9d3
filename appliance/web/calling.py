"""Control: whether citizens are rung, and what waits."""

import hashlib
from typing import Any, Final

from flask import Blueprint, abort, g, redirect, render_template, url_for
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
    return render_template("calling.html", **context(), part=PART, version=version(), live_url=live_url)


@blueprint.post("/calling/<deed>")
def change(deed: str) -> Response:
    """Pause, resume or stop; "clock" says that the clock is right."""
    if deed == "clock":
        HouseClock(store()).believe()
    elif deed in _DEEDS:
        dialing.change(store(), _DEEDS[deed], g.user.name, now())
    else:
        abort(404)
    return redirect(url_for("calling.show"))

"""The front page: what citizens thought, and how certain that is."""

from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for

from appliance.health.checks.call_records import unheard
from appliance.results.periods import Period
from appliance.store import dialing
from appliance.store.comments import lost_since
from appliance.store.dialing import DialingState
from appliance.store.listing import CommentFilter
from appliance.store.space import is_short
from appliance.store.timekeeping import HouseClock, Trust
from appliance.web import progress
from appliance.web.language import words
from appliance.web.opened import open_comments
from appliance.web.scheduled import unspoken
from appliance.web.state import now, page, store

blueprint = Blueprint("overview", __name__)

PART: Final = "parts/overview.html"
_LATEST: Final = 6
_RECENT: Final = timedelta(days=7)


def asked_period() -> Period:
    """The period in the address; the last seven days where it names none."""
    value = request.args.get("period")
    return Period(value) if value in set(Period) else Period.WEEK


def version() -> str:
    """Changes whenever the part would look different."""
    data_version, _ = page().overviews.get(store(), asked_period(), now(), page().zone)
    alarms = f"{_is_short()}|{_lost()}|{_unheard()}|{_held()}|{unspoken()}"
    return f"{words().language}|{data_version}|{alarms}|{progress.read()}"


def _is_short() -> bool:
    """Whether no new calls are made, for want of room on the disk."""
    return is_short(page().settings.storage)


def _held() -> str | None:
    """Why nobody is rung, where staff or a doubtful clock have seen to that."""
    state = dialing.current(store()).state
    if state is not DialingState.RUNNING:
        return state
    return Trust.DOUBTED if HouseClock(store()).trust() is Trust.DOUBTED else None


def _lost() -> int:
    """How many comments of the last days could not be kept."""
    return lost_since(store(), now() - _RECENT)


def _unheard() -> tuple[str, ...]:
    """Sources that should tell of ended calls, and do not."""
    return unheard(store(), now(), page().zone)


def context() -> dict[str, Any]:
    """What the part's template shows."""
    _, view = page().overviews.get(store(), asked_period(), now(), page().zone)
    return {
        "periods": Period,
        "view": view,
        "comments": open_comments(CommentFilter(view.overview.span), _LATEST),
        "is_short": _is_short(),
        "progress": progress.read(),
        "lost": _lost(),
        "unheard": _unheard(),
        "held": _held(),
        "unspoken": unspoken(),
    }


@blueprint.get("/")
def show() -> str:
    live_url = url_for("live.changes", page="overview", period=asked_period())
    return render_template(
        "overview.html",
        **context(),
        part=PART,
        version=version(),
        live_url=live_url,
    )

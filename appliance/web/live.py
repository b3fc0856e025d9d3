"""What has changed since a page was made: asked every few seconds by static/live.js."""

from typing import Final

from flask import Blueprint, Response, abort, jsonify, render_template, request

from appliance.web import calling, comments, overview, selection, sessions
from appliance.web.language import words
from appliance.web.state import now

blueprint = Blueprint("live", __name__)

_PAGES: Final = {"overview": overview, "comments": comments, "calling": calling, "selection": selection}


@blueprint.get("/live")
def changes() -> Response:
    """JSON: the data's version, the part's HTML where that is another than `version`, the clock, the session's end."""
    shown = _PAGES.get(request.args.get("page", ""))
    if shown is None:
        abort(404)
    version = shown.version()
    html = None if version == request.args.get("version") else render_template(shown.PART, **shown.context())
    return jsonify(
        version=version,
        html=html,
        clock=words().clock(now()),
        seconds_left=sessions.seconds_left(now()),
    )


@blueprint.get("/live/session")
def session_end() -> Response:
    """JSON: the session's end; asked by static/session.js on pages that do not poll."""
    return jsonify(seconds_left=sessions.seconds_left(now()))

"""Deny by default: without a log-in only what is named here opens, and nothing changes at another site's request."""

from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from appliance.web import sessions
from appliance.web.problems import is_for_a_machine
from appliance.web.state import now, store

OPEN: Final = frozenset({"static", "login.form", "login.submit", "alive.health", "api.openapi", "api.ended_contacts"})
"""Endpoints that need no log-in."""
_ASKED_BY_ITSELF: Final = frozenset({"live.changes", "live.session_end"})
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def install(app: Flask) -> None:
    app.before_request(_refuse_cross_site)
    app.before_request(_require_login)


def _refuse_cross_site() -> None:
    if request.method not in _SAFE and not _same_origin():
        abort(403)


def _same_origin() -> bool:
    """By what the browser itself says; where it says nothing, the form's token decides alone.

    Under our Referrer-Policy a browser may send `Origin: null` with our own forms, so null says nothing.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    origin = request.headers.get("Origin", "null")
    return origin == "null" or urlsplit(origin).netloc == request.host


def _require_login() -> BaseResponse | None:
    g.user = None
    if request.endpoint in OPEN:
        return None
    if request.endpoint is None and is_for_a_machine():
        return None  # it is told that there is no such thing, and sent to no log-in
    g.user = sessions.current_user(store(), now())
    if g.user is None:
        return _to_login()
    # A page that polls by itself is no sign of life; it says so when somebody is there.
    if request.endpoint not in _ASKED_BY_ITSELF or request.headers.get("X-Active"):
        sessions.touch(now())
    return None


def _to_login() -> BaseResponse:
    if request.endpoint in _ASKED_BY_ITSELF:
        response: Response = jsonify(login=url_for("login.form"))
        response.status_code = 401
        return response
    is_lost = request.method == "POST" and request.endpoint != "login.out"
    wanted = request.full_path.rstrip("?") if request.endpoint and _opens() else None
    return redirect(url_for("login.form", to=None if wanted == "/" else wanted, lost="1" if is_lost else None))


def _opens() -> bool:
    """Whether a browser that is sent to this address by GET finds something there."""
    return current_app.url_map.bind("").test(request.path, "GET")

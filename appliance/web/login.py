"""Log in, log out."""

import re
from typing import Final

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from appliance.store import users
from appliance.store.users import User
from appliance.web import sessions, throttle
from appliance.web.language import words
from appliance.web.passwords import fits, turn
from appliance.web.state import now, store

blueprint = Blueprint("login", __name__)

_MAX_NAME_CHARACTERS: Final = 64


@blueprint.get("/login")
def form() -> str:
    return _form(is_lost="lost" in request.args)


@blueprint.post("/login")
def submit() -> Response | tuple[str, int, dict[str, str]]:
    name = request.form.get("name", "").strip()[:_MAX_NAME_CHARACTERS]
    address = request.remote_addr or ""
    with turn():
        if hold := throttle.held(store(), name, address, now()):
            return _form(name, words()(f"login.held.{hold}")), 429, {"Retry-After": str(hold.retry_after_seconds)}
        user = _check(name, request.form.get("password", ""))
        if user is None:
            throttle.count_failure(store(), name, address, now())
            return _form(name, words()("login.wrong")), 403, {}
    sessions.begin(user, now())
    return redirect(_own_address(request.args.get("to", "")))


@blueprint.post("/logout")
def out() -> Response:
    """End this account's sessions everywhere: a copied cookie is worth nothing afterwards."""
    users.end_sessions(store(), g.user.id)
    sessions.end()
    return redirect(url_for("login.form"))


def _form(name: str = "", fault: str = "", *, is_lost: bool = False) -> str:
    """`is_lost`: something was sent after the session had ended."""
    return render_template("login.html", name=name, fault=fault, is_lost=is_lost, nobody=users.count(store()) == 0)


def _check(name: str, password: str) -> User | None:
    user = users.by_name(store(), name)
    is_open = user is not None and user.disabled_at is None
    return user if fits(user.password_hash if user and is_open else None, password) else None


def _own_address(wanted: str) -> str:
    """Where the person was going, if that is a path on this page; else the overview."""
    return wanted if re.fullmatch(r"/(?![/\\])[!-~]*", wanted) else url_for("overview.show")

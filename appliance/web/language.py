"""Swedish unless the person chose English; `?lang=en` chooses, a cookie remembers."""

from pathlib import Path
from typing import Any, Final

from flask import Flask, g, redirect, request, url_for
from werkzeug.wrappers import Response

from appliance.results.words import Words
from appliance.types import Language
from appliance.web import sessions
from appliance.web.state import now, page

TEXTS: Final = Path(__file__).parent / "texts"
_COOKIE: Final = "language"
_YEAR_SECONDS: Final = 365 * 24 * 60 * 60


def install(app: Flask) -> None:
    app.before_request(_choose)
    app.context_processor(_for_templates)


def words() -> Words:
    """The words of this request."""
    if "words" not in g:
        g.words = Words(_known(request.cookies.get(_COOKIE)) or Language.SWEDISH, page().zone, TEXTS)
    found: Words = g.words
    return found


def _known(value: str | None) -> Language | None:
    return Language(value) if value in set(Language) else None


def _choose() -> Response | None:
    language = _known(request.args.get("lang"))
    if language is None or request.method != "GET":
        return None
    response = redirect(_here())
    secure = page().settings.web.tls
    response.set_cookie(_COOKIE, language, max_age=_YEAR_SECONDS, secure=secure, httponly=True, samesite="Strict")
    return response


def _here(**more: Any) -> str:
    """The address of this very page, with other arguments; the front page where it is none of ours."""
    if request.endpoint is None:
        return url_for("overview.show", **more)
    arguments: dict[str, Any] = {key: value for key, value in request.args.items() if key != "lang"}
    return url_for(request.endpoint, **{**(request.view_args or {}), **arguments, **more})


def _for_templates() -> dict[str, Any]:
    t = words()
    other = Language.SWEDISH if t.language is Language.ENGLISH else Language.ENGLISH
    return {
        "t": t,
        "here": _here,
        "now": now(),
        "municipality": page().settings.municipality,
        "other_language": other,
        "other_language_url": _here(lang=other),
        "user": g.get("user"),
        "seconds_left": sessions.seconds_left(now()),
    }

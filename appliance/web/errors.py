"""Errors as pages, in words."""

from flask import Flask, Response, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from appliance.errors import EfterklangError
from appliance.web.language import words
from appliance.web.problems import is_for_a_machine, problem

_TOLD = frozenset({400, 403, 404, 405, 413, 429})


def install(app: Flask) -> None:
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(EfterklangError, _own_error)


def _page(status: int, key: str, detail: str = "") -> tuple[str, int]:
    t = words()
    text = render_template("error.html", title=t(f"error.{key}.title"), advice=t(f"error.{key}.advice"), detail=detail)
    return text, status


def _stale_form(_error: CSRFError) -> tuple[str, int]:
    return _page(400, "stale_form")


def _http_error(error: HTTPException) -> tuple[str, int] | HTTPException | Response:
    status = error.code or 500
    if status < 400:
        return error
    if is_for_a_machine():
        answer = problem(status)
        answer.headers.extend(name_and_value for name_and_value in error.get_headers() if name_and_value[0] == "Allow")
        return answer
    return _page(status, str(status) if status in _TOLD else "other")


def _own_error(error: EfterklangError) -> tuple[str, int]:
    return _page(503, "other", f"{error}")

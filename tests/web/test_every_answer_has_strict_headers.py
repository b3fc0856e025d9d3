from collections.abc import Callable

import pytest
from flask import Flask
from visitors import Visitor

from appliance.settings import Settings
from appliance.web import create_app

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
PATHS = [
    "/",
    "/login",
    "/comments",
    "/report",
    "/report/2026",
    "/report/2026.json",
    "/live?page=overview",
    "/live?page=nothing",
    "/health",
    "/nowhere",
    "/static/page.css",
    "/static/nowhere.css",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("is_in", [True, False])
def test_on(visit: Callable[..., Visitor], path: str, is_in: bool) -> None:
    visitor = visit()
    if is_in:
        visitor.log_in()
    with visitor.client.get(path) as response:
        headers = response.headers
    policy = dict(directive.split(" ", 1) for directive in headers["Content-Security-Policy"].split("; "))
    assert policy == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == ("no-cache" if path.startswith("/static/") else "no-store")
    assert "Strict-Transport-Security" not in headers


def test_on_refused_and_broken_requests(app: Flask, anna: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("a made-up fault")

    app.testing = False
    monkeypatch.setattr("appliance.web.overview.asked_period", fail)
    for response, status in (
        (anna.client.post("/logout"), 400),
        (anna.client.delete("/"), 405),
        (anna.client.get("/"), 500),
    ):
        assert response.status_code == status
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert response.headers["Cache-Control"] == "no-store"
        assert "made-up" not in response.text


def test_the_session_s_cookie_is_for_this_page_alone(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.log_in()
    cookie = visitor.last.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Secure" not in cookie


def test_behind_tls_browsers_are_told_to_stay_with_it(settings: Settings) -> None:
    tls = settings.model_copy(update={"web": settings.web.model_copy(update={"tls": True})})
    client = create_app(tls).test_client()
    response = client.get("/login", base_url="https://localhost")
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Secure" in response.headers["Set-Cookie"]

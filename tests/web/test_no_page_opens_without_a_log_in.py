from collections.abc import Callable

import pytest
from flask import Flask
from routes import routes
from visitors import Visitor

from appliance.web.guard import OPEN

ALLOWED = {"static", "login.form", "login.submit", "alive.health", "api.openapi", "api.ended_contacts"}


def test_the_open_list_is_short_and_known() -> None:
    assert OPEN == ALLOWED


def test_every_route_but_the_open_ones_asks_for_a_log_in(app: Flask, visit: Callable[..., Visitor]) -> None:
    token = visit().token()
    closed = [(method, path) for endpoint, method, path in routes(app) if endpoint not in ALLOWED]
    assert len(closed) >= 8
    for method, path in closed:
        visitor = visit()
        token = visitor.token()
        response = visitor.client.open(path, method=method, data={"csrf_token": token} if method == "POST" else None)
        assert response.status_code in {302, 401}, f"{method} {path}"
        if response.status_code == 302:
            assert response.location.startswith("/login"), f"{method} {path}"


@pytest.mark.parametrize("path", ["/", "/comments", "/report/2026", "/live?page=overview", "/nowhere"])
def test_nothing_of_the_data_is_in_what_a_stranger_gets(visit: Callable[..., Visitor], path: str) -> None:
    response = visit().client.get(path)
    assert response.status_code != 200
    assert len(response.data) < 400


def test_the_open_routes_open(visit: Callable[..., Visitor]) -> None:
    client = visit().client
    assert client.get("/login").status_code == 200
    with client.get("/static/page.css") as response:
        assert response.status_code == 200
    assert client.get("/health").json == {"status": "ok"}


def test_an_address_that_is_none_does_not_say_so_to_strangers(visit: Callable[..., Visitor], anna: Visitor) -> None:
    assert visit().client.get("/nowhere").status_code == 302
    assert anna.client.get("/nowhere").status_code == 404


def test_whoever_logs_in_comes_where_they_were_going(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    location = visitor.client.get("/comments?area=overall&period=all").location
    to = location.partition("to=")[2].replace("%3F", "?").replace("%26", "&").replace("%3D", "=").replace("%2F", "/")
    visitor.log_in(to=to)
    assert visitor.last.location == "/comments?area=overall&period=all"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.com",
        "//example.com",
        "/\\example.com",
        "/\t/example.com",
        "javascript:alert(1)",
        "",
        "comments",
    ],
)
def test_nobody_is_sent_to_another_site(visit: Callable[..., Visitor], elsewhere: str) -> None:
    visitor = visit()
    assert visitor.log_in(to=elsewhere) == 302
    assert visitor.last.location == "/"

from collections.abc import Callable

import pytest
from flask import Flask
from routes import routes
from visitors import NAME, PASSWORD, Visitor

CROSS_SITE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://example.com"},
    {"Origin": "http://localhost:9999"},
]
MACHINES = ("POST", "/api/v1/ended-contacts")
"""It wants a token of its own, and looks at no cookie."""


def changing(app: Flask) -> list[tuple[str, str]]:
    return [(method, path) for _, method, path in routes(app) if method != "GET"]


def test_there_are_changing_routes_and_they_are_plain(app: Flask) -> None:
    assert {("POST", "/login"), ("POST", "/logout"), MACHINES} <= set(changing(app))
    assert {method for method, _ in changing(app)} == {"POST"}


def test_every_changing_route_wants_the_form_s_token(app: Flask, anna: Visitor) -> None:
    for method, path in set(changing(app)) - {MACHINES}:
        for data in ({}, {"csrf_token": "made-up"}):
            response = anna.client.open(path, method=method, data={"name": NAME, "password": PASSWORD, **data})
            assert response.status_code == 400, f"{method} {path}"
            assert "Formuläret var för gammalt" in response.text
    assert anna.is_in()


@pytest.mark.parametrize("headers", CROSS_SITE, ids=str)
def test_no_changing_route_takes_another_site_s_form_even_with_the_token(
    app: Flask, anna: Visitor, headers: dict[str, str]
) -> None:
    token = anna.token("/")
    for method, path in changing(app):
        response = anna.client.open(path, method=method, headers=headers, data={"csrf_token": token})
        assert response.status_code == 403, f"{method} {path}"
    assert anna.is_in()


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {"Origin": "null"}],
    ids=str,
)
def test_our_own_form_is_taken(anna: Visitor, headers: dict[str, str]) -> None:
    """A browser sends `Origin: null` with our own forms under our Referrer-Policy, where it sends no Sec-Fetch-Site."""
    response = anna.client.post("/logout", headers=headers, data={"csrf_token": anna.token("/")})
    assert response.status_code == 302
    assert not anna.is_in()


def test_logging_out_is_not_a_link(anna: Visitor) -> None:
    assert anna.client.get("/logout").status_code == 405
    assert anna.is_in()


def test_one_person_s_token_is_none_of_another_s(visit: Callable[..., Visitor], anna: Visitor) -> None:
    other = visit()
    other.log_in()
    assert anna.client.post("/logout", data={"csrf_token": other.token("/")}).status_code == 400

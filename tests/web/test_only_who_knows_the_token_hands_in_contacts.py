import logging
from pathlib import Path

import pytest
from flask import Flask
from inbox import TOKEN, body, open_inbox, send
from made_up import MadeUp
from visitors import Clock, Visitor

from appliance.settings import Settings
from appliance.web import create_app

WRONG = "f" * 64


@pytest.fixture
def app(settings: Settings, clock: Clock, tmp_path: Path) -> Flask:
    return create_app(open_inbox(settings, tmp_path), clock)


def test_it_is_closed_where_no_token_is_set(settings: Settings, clock: Clock) -> None:
    response = send(create_app(settings, clock), body())
    assert (response.status_code, response.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", f"Bearer {WRONG}", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x"]
)
def test_without_the_token_nothing_is_taken(app: Flask, made: MadeUp, authorization: str) -> None:
    response = send(app, body(), token=None, headers={"Authorization": authorization})
    assert (response.status_code, response.content_type) == (401, "application/problem+json")
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert made.db.execute("SELECT count(*) FROM contacts").fetchone() == (0,)


def test_a_log_in_opens_nothing_here(app: Flask) -> None:
    visitor = Visitor(app.test_client())
    assert visitor.log_in() == 302
    assert visitor.client.post("/api/v1/ended-contacts", json=body()).status_code == 401


def test_guessing_is_slow_and_by_address(app: Flask, clock: Clock) -> None:
    for _ in range(20):
        assert send(app, body(), WRONG, address="192.0.2.1").status_code == 401
    held = send(app, body(), WRONG, address="192.0.2.1")
    assert (held.status_code, held.headers["Retry-After"]) == (429, "3600")
    assert send(app, body(), WRONG, address="192.0.2.2").status_code == 401
    clock.wait(hours=1, seconds=1)
    assert send(app, body(), WRONG, address="192.0.2.1").status_code == 401


@pytest.mark.parametrize(
    ("begin", "is_one"),
    [("2001:db8::", True), ("fe80::1%eth", True), ("::ffff:192.0.2.", False), ("2001:db8:0:", False)],
)
def test_a_machine_with_a_network_of_its_own_guesses_no_faster(app: Flask, begin: str, is_one: bool) -> None:
    end = "::1" if begin.endswith("0:") else ""
    answers = [send(app, body(), WRONG, address=f"{begin}{each}{end}").status_code for each in range(21)]
    assert answers == [401] * 20 + [429 if is_one else 401]


def test_who_knows_the_token_is_not_held_up_by_who_guesses_at_the_same_address(app: Flask) -> None:
    for _ in range(25):
        send(app, body(), WRONG)
    assert send(app, body()).status_code == 202
    assert send(app, body(), WRONG).status_code == 429


def test_a_forgotten_token_is_no_guess(app: Flask) -> None:
    for _ in range(30):
        assert send(app, body(), token=None).status_code == 401
    assert send(app, body()).status_code == 202


def test_people_log_in_all_the_same(app: Flask) -> None:
    for _ in range(25):
        send(app, body(), WRONG)
    assert Visitor(app.test_client()).log_in() == 302


def test_a_new_token_counts_at_once(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(WRONG)
    assert send(app, body(), TOKEN).status_code == 401
    assert send(app, body(), WRONG).status_code == 202


@pytest.mark.parametrize("token", ["", "short", "å" * 40])
def test_a_token_that_is_no_good_opens_nothing(app: Flask, tmp_path: Path, token: str) -> None:
    (tmp_path / "token").write_text(token, encoding="utf-8")
    assert send(app, body(), token.encode().decode("latin-1") or "x").status_code == 503


def test_the_token_is_in_no_log_and_no_answer(
    app: Flask, caplog: pytest.LogCaptureFixture, tmp_path: Path, made: MadeUp
) -> None:
    caplog.set_level(logging.DEBUG)
    for token in (TOKEN, WRONG):
        assert token not in send(app, body(), token).text
    (tmp_path / "token").unlink()
    assert send(app, body()).status_code == 503
    assert "No such file" in caplog.text
    for token in (TOKEN, WRONG):
        assert token not in caplog.text
        assert token.encode() not in b"".join(path.read_bytes() for path in made.directory.glob("efterklang.db*"))

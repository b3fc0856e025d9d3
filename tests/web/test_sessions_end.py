from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from made_up import NOW, MadeUp
from visitors import NAME, Clock, Visitor

from appliance.store import users

COOKIE = "efterklang"


def test_after_15_idle_minutes(anna: Visitor, clock: Clock) -> None:
    clock.wait(minutes=14, seconds=59)
    assert anna.is_in()
    clock.wait(minutes=14, seconds=59)
    assert anna.is_in()
    clock.wait(minutes=15, seconds=1)
    assert not anna.is_in()


def test_after_12_hours_whatever_happens(anna: Visitor, clock: Clock) -> None:
    for _ in range(12 * 6 - 1):
        clock.wait(minutes=10)
        assert anna.is_in()
    clock.wait(minutes=10, seconds=1)
    assert not anna.is_in()


@pytest.mark.parametrize("path", ["/live?page=overview", "/live/session"])
def test_though_the_page_keeps_asking_by_itself(anna: Visitor, clock: Clock, path: str) -> None:
    for _ in range(15):
        clock.wait(minutes=1)
        status = anna.client.get(path).status_code
    assert status == 401
    assert not anna.is_in()


@pytest.mark.parametrize("path", ["/live?page=overview", "/live/session"])
def test_later_while_somebody_is_there(anna: Visitor, clock: Clock, path: str) -> None:
    for _ in range(30):
        clock.wait(minutes=1)
        assert anna.client.get(path, headers={"X-Active": "1"}).status_code == 200
    assert anna.is_in()


@pytest.mark.parametrize(
    ("path", "comes_back_to"),
    [("/opt-outs/block", "/opt-outs/block"), ("/questionnaires/new", "/questionnaires/new"), ("/calling/pause", None)],
)
def test_what_is_sent_afterwards_is_said_to_be_lost(
    anna: Visitor, clock: Clock, path: str, comes_back_to: str | None
) -> None:
    token = anna.token("/opt-outs")
    clock.wait(minutes=16)
    response = anna.client.post(path, data={"csrf_token": token, "number": "070-174 06 05"})
    assert response.status_code == 302
    asked = parse_qs(urlsplit(response.location).query)
    assert asked.get("to") == ([comes_back_to] if comes_back_to else None)
    assert "Du blev utloggad. Inget sparades." in anna.client.get(response.location).text
    assert (
        "You were logged out. Nothing was saved."
        in anna.client.get(f"{response.location}&lang=en", follow_redirects=True).text
    )


def test_nothing_is_lost_by_reading_or_logging_out(anna: Visitor, clock: Clock) -> None:
    token = anna.token("/opt-outs")
    clock.wait(minutes=16)
    assert "lost" not in anna.client.get("/opt-outs").location
    assert "lost" not in anna.client.post("/logout", data={"csrf_token": token}).location


def test_the_page_knows_how_long_is_left(anna: Visitor, clock: Clock) -> None:
    clock.wait(minutes=14)
    for path in ("/live?page=overview", "/live/session"):
        assert anna.client.get(path).json["seconds_left"] == 60


@pytest.mark.parametrize("path", ["/selection", "/calling", "/opt-outs", "/questionnaires", "/questionnaires/new"])
def test_every_page_with_a_form_warns_before_it(page: Callable[[str], str], path: str) -> None:
    text = page(path)
    assert 'id="session-warning"' in text
    assert "session.js" in text or "live.js" in text


def test_when_the_password_changes(anna: Visitor, made: MadeUp, password_hash: str) -> None:
    users.set_password(made.db, NAME, password_hash)
    assert not anna.is_in()


def test_when_the_account_is_closed(anna: Visitor, made: MadeUp) -> None:
    users.disable(made.db, NAME, NOW)
    assert not anna.is_in()


def test_at_log_out_for_a_copied_cookie_too(visit: Callable[..., Visitor], anna: Visitor) -> None:
    copy = visit()
    copied = anna.client.get_cookie(COOKIE)
    assert copied
    copy.client.set_cookie(COOKIE, copied.value)
    assert copy.is_in()
    anna.client.post("/logout", data={"csrf_token": anna.token("/")})
    assert not copy.is_in()


def test_logging_in_begins_a_new_one(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.token()
    before = visitor.client.get_cookie(COOKIE)
    assert before
    with visitor.client.session_transaction() as session:
        session["planted"] = "by somebody else"
    visitor.log_in()
    with visitor.client.session_transaction() as session:
        assert "planted" not in session
        assert session["user"]


def test_with_a_forged_cookie_it_never_began(visit: Callable[..., Visitor], anna: Visitor) -> None:
    cookie = anna.client.get_cookie(COOKIE)
    assert cookie
    forger = visit()
    forger.client.set_cookie(COOKIE, cookie.value[:-3] + ("abc" if not cookie.value.endswith("abc") else "xyz"))
    assert not forger.is_in()

from collections.abc import Callable

import pytest
from made_up import NOW, MadeUp
from visitors import NAME, PASSWORD, Clock, Visitor

from appliance.store import users
from appliance.web import passwords

WRONG = "x" * 300
"""Too long to be hashed, so that a test may fail often."""


def fail(visitor: Visitor, name: str, times: int) -> list[int]:
    return [visitor.log_in(name, WRONG) for _ in range(times)]


def test_a_wrong_password_is_told_in_swedish_and_keeps_the_name(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    assert visitor.log_in(password="fel") == 403
    assert "Fel användarnamn eller lösenord." in visitor.last.text
    assert f'value="{NAME}"' in visitor.last.text
    assert not visitor.is_in()


def test_an_unknown_name_gets_the_same_answer(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    assert visitor.log_in("ingen", "fel") == 403
    assert "Fel användarnamn eller lösenord." in visitor.last.text


def test_five_failures_hold_one_name_for_a_minute(visit: Callable[..., Visitor], clock: Clock) -> None:
    visitor = visit()
    assert fail(visitor, NAME, 5) == [403] * 5
    assert visitor.log_in() == 429, "even the right password waits"
    assert "Vänta en minut" in visitor.last.text
    assert visitor.last.headers["Retry-After"] == "60"
    clock.wait(seconds=61)
    assert visitor.log_in() == 302


def test_one_name_s_hold_does_not_hold_others(visit: Callable[..., Visitor], made: MadeUp, password_hash: str) -> None:
    users.add(made.db, "bo", password_hash, NOW)
    fail(visit(), NAME, 6)
    assert visit().log_in("bo") == 302


def test_a_name_in_other_letters_is_the_same_name(visit: Callable[..., Visitor]) -> None:
    fail(visit(), "ANNA", 5)
    assert visit().log_in() == 429


def test_twenty_failures_hold_an_address_for_an_hour(visit: Callable[..., Visitor], clock: Clock) -> None:
    guesser = visit("192.0.2.7")
    for number in range(20):
        assert guesser.log_in(f"name{number}", WRONG) == 403
    assert guesser.log_in() == 429
    assert "Vänta en timme" in guesser.last.text
    assert visit("192.0.2.8").log_in() == 302, "another address is free"
    clock.wait(minutes=61)
    assert guesser.log_in() == 302


def test_what_is_too_long_is_never_hashed(visit: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch) -> None:
    class Untouched:
        def verify(self, *_: str) -> bool:
            raise AssertionError("hashed")

    monkeypatch.setattr(passwords, "_hasher", Untouched())
    assert visit().log_in(password="å" * 200) == 403


def test_an_unknown_name_costs_a_hash_too(visit: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Counting:
        def verify(self, password_hash: str, _: str) -> bool:
            asked.append(password_hash)
            return True

    monkeypatch.setattr(passwords, "_hasher", Counting())
    assert visit().log_in("ingen") == 403
    (password_hash,) = asked
    assert password_hash.startswith("$argon2id$v=19$m=65536,t=4,p=2$")


def test_a_closed_account_does_not_open(visit: Callable[..., Visitor], made: MadeUp) -> None:
    users.disable(made.db, NAME, NOW)
    assert visit().log_in() == 403


def test_passwords_are_hashed_as_promised() -> None:
    assert passwords.hash_password(PASSWORD).startswith("$argon2id$v=19$m=65536,t=4,p=2$")


def test_only_one_log_in_is_tried_at_a_time(visit: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_WAIT_SECONDS", 0.01)
    with passwords.turn():
        visitor = visit()
        assert visitor.log_in() == 503
        assert "too many people log in at once" in visitor.last.text
    assert visitor.log_in() == 302

from datetime import timedelta

import pytest
from made_up import MadeUp
from pydantic import ValidationError
from records import NOW, NUMBERS, contact, register_of, settings_with

from appliance.intake.policy import BY_FILE, change, changes_of, current, in_force, of_version
from appliance.settings import Settings
from appliance.store import policies
from appliance.types import DrawReason

SETTINGS = settings_with(dialer={"share": 0.5})


def told(box: MadeUp) -> list[tuple[str, float]]:
    """Who made each version, oldest first, and the share it gives."""
    versions = reversed(policies.newest(box.db, 100))
    return [(one.changed_by, (of_version(box.db, one.id) or SETTINGS.selection()).share) for one in versions]


def test_nothing_is_a_version_until_something_is_decided(box: MadeUp) -> None:
    assert current(box.db, SETTINGS).share == 0.5
    assert policies.latest(box.db) is None
    register_of(box.db, box.directory, SETTINGS).admit(contact(), NOW)
    assert told(box) == [(BY_FILE, 0.5)]


def test_what_stays_the_same_makes_no_version(box: MadeUp) -> None:
    register = register_of(box.db, box.directory, SETTINGS)
    for number in range(3):
        register.admit(contact(str(number), NUMBERS[number]), NOW)
    assert told(box) == [(BY_FILE, 0.5)]


def test_a_change_on_the_page_decides_from_the_next_contact(box: MadeUp) -> None:
    register = register_of(box.db, box.directory, SETTINGS)
    change(box.db, SETTINGS, {"share": 0.0}, "anna", NOW)
    assert told(box) == [(BY_FILE, 0.5), ("anna", 0.0)]
    assert register.admit(contact(), NOW).reason is DrawReason.NOT_DRAWN
    assert box.db.execute("SELECT policy_id, share FROM contacts").fetchall() == [(2, 0.0)]


def test_a_change_outlives_a_change_of_the_file_elsewhere(box: MadeUp) -> None:
    change(box.db, SETTINGS, {"share": 0.1}, "anna", NOW)
    edited = settings_with(dialer={"share": 0.9}, funnel={"min_talk_seconds": 40})
    _, policy = in_force(box.db, edited, NOW + timedelta(hours=1))
    assert (policy.share, policy.min_talk_seconds) == (0.1, 40)
    assert told(box)[-1] == (BY_FILE, 0.1)


def test_without_changes_the_file_stands_again(box: MadeUp) -> None:
    change(box.db, SETTINGS, {"share": 0.1}, "anna", NOW)
    change(box.db, SETTINGS, {}, "berit", NOW)
    assert current(box.db, SETTINGS) == SETTINGS.selection()
    assert changes_of(box.db) == {}
    assert told(box)[-1] == ("berit", 0.5)


@pytest.mark.parametrize("wrong", [{"share": 1.1}, {"daily_cap": -1}, {"spread_over": "17-8"}, {"unknown": 1}], ids=str)
def test_what_is_impossible_is_no_version(box: MadeUp, wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        change(box.db, SETTINGS, wrong, "anna", NOW)
    assert policies.latest(box.db) is None


@pytest.mark.parametrize("words", [[""], ["  "]])
def test_an_empty_word_that_would_deny_every_queue_is_refused(words: list[str]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({"funnel": {"denied_queues": words}})


def test_the_seed_is_there_the_day_before(box: MadeUp) -> None:
    from appliance.store import draws

    register = register_of(box.db, box.directory, SETTINGS)
    register.prepare(NOW)
    tomorrow = NOW + timedelta(days=1)
    seed_hash = [day.seed_hash for date in draws.all_days(box.db) if (day := draws.day_of(box.db, date))][1]
    assert register.prepare(tomorrow).seed_hash == seed_hash
    day = draws.day_of(box.db, tomorrow.date())
    assert day is not None
    assert day.made_at == NOW

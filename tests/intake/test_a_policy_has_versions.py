from dataclasses import replace
from datetime import timedelta

import pytest
from made_up import MadeUp
from pydantic import ValidationError
from records import NOW, NUMBERS, contact, reasons, register_of, settings_with

from appliance.intake.draw_record import audit_day
from appliance.intake.policy import BY_FILE, change, changes_of, current, in_force, of_file, of_version
from appliance.intake.register import Register
from appliance.settings import Settings
from appliance.store import draws, interviews, policies, withdrawals
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
    _, policy = in_force(box.db, edited, NOW + timedelta(hours=1), adopts=True)
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
    register = register_of(box.db, box.directory, SETTINGS)
    register.prepare(NOW)
    tomorrow = NOW + timedelta(days=1)
    seed_hash = [day.seed_hash for date in draws.all_days(box.db) if (day := draws.day_of(box.db, date))][1]
    assert register.prepare(tomorrow).seed_hash == seed_hash
    day = draws.day_of(box.db, tomorrow.date())
    assert day is not None
    assert day.made_at == NOW


def test_a_queue_that_is_denied_from_now_on_lets_nobody_wait(box: MadeUp) -> None:
    """Whether by the queue itself or one that a later part of the call was in; a live call is not tried again."""
    settings = settings_with()
    queues = ("Växel", "Familjerätt", "Växel", "Familjerätt")
    calls = [contact(str(n), NUMBERS[n], queue=queue) for n, queue in enumerate(queues)]
    part = contact("part", NUMBERS[2], queue="Familjerätten")
    linked = [replace(one, linked_id="A") for one in (calls[2], part)]
    register = register_of(box.db, box.directory, settings)
    register.admit_all([*calls[:2], *linked, calls[3]], NOW)
    live = interviews.all_ids(box.db)[-1]
    interviews.lease_due(box.db, "line-1", NOW + timedelta(hours=1), NOW + timedelta(hours=2), only=live)
    assert reasons(box.db) == ["queued", "queued", "queued", "doubled_leg", "queued"]
    denied = [*settings.selection().denied_queues, "familjerätt"]
    change(box.db, settings, {"denied_queues": denied}, "anna", NOW)
    assert reasons(box.db) == ["queued", "denied_queue", "denied_queue", "doubled_leg", "queued"]
    assert interviews.count_by_state(box.db) == {"queued": 1, "expired": 2, "live": 1}
    assert withdrawals.is_withdrawn(box.db, live)
    assert audit_day(box.db, NOW.date())[1].findings == ()


def test_the_file_denies_just_so(box: MadeUp) -> None:
    register_of(box.db, box.directory, settings_with()).admit(contact("1", queue="Familjerätt"), NOW)
    edited = settings_with(funnel={"denied_queues": ["familj"]})
    register_of(box.db, box.directory, edited).admit(contact("2", NUMBERS[1]), NOW)
    assert reasons(box.db) == ["denied_queue", "queued"]


def test_whom_an_older_version_queued_is_withdrawn_too(box: MadeUp) -> None:
    box.queued(NOW, "Familjerätt")
    change(box.db, settings_with(), {"denied_queues": ["familj"]}, "anna", NOW)
    assert reasons(box.db) == ["denied_queue"]
    audit = audit_day(box.db, NOW.date())[1]
    assert (audit.revisions, audit.findings) == (1, ())


def test_two_processes_that_read_different_files_make_no_version_a_contact(box: MadeUp) -> None:
    """The web process read the file before it was changed, the intake afterwards."""
    newer = settings_with(dialer={"share": 1.0, "quiet_days": 0}, funnel={"denied_queues": ["familj"]})
    intake = register_of(box.db, box.directory, newer)
    web = Register(box.db, box.keys, SETTINGS, adopts_file=False)
    for number in range(10):
        for register in (intake, web):
            register.admit(contact(f"{number}-{register is web}", NUMBERS[number]), NOW)
    assert told(box) == [(BY_FILE, 1.0)]
    assert web.admit(contact("familj", queue="Familjerätt"), NOW).reason is DrawReason.DENIED_QUEUE
    assert current(box.db, SETTINGS) == of_file(box.db, SETTINGS) == newer.selection()
    change(box.db, SETTINGS, {"min_talk_seconds": 3}, "anna", NOW)
    change(box.db, SETTINGS, {}, "berit", NOW)
    intake.admit(contact("last", NUMBERS[20]), NOW)
    assert told(box) == [(BY_FILE, 1.0), ("anna", 1.0), ("berit", 1.0)]
    assert current(box.db, SETTINGS).denies("Familjerätt")


def test_the_file_comes_into_force_when_the_intake_starts(box: MadeUp) -> None:
    change(box.db, SETTINGS, {"min_talk_seconds": 3}, "anna", NOW)
    edited = settings_with(dialer={"share": 0.9})
    register_of(box.db, box.directory, edited).prepare(NOW)
    assert told(box)[-1] == (BY_FILE, 0.9)
    assert current(box.db, SETTINGS).min_talk_seconds == 3


def test_a_change_of_the_file_that_staff_s_overrides_is_there_when_theirs_goes(box: MadeUp) -> None:
    change(box.db, SETTINGS, {"share": 0.1}, "anna", NOW)
    register_of(box.db, box.directory, settings_with(dialer={"share": 0.9})).prepare(NOW)
    assert current(box.db, SETTINGS).share == 0.1
    change(box.db, SETTINGS, {}, "anna", NOW)
    assert current(box.db, SETTINGS).share == 0.9

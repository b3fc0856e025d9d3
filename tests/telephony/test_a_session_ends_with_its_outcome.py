from zoneinfo import ZoneInfo

import pytest
from telephony.conversation import SILENCE, SPEECH, Conversation

from appliance.dialer.later import moment
from appliance.store import interviews, opt_outs, promises
from appliance.types import LaterTime, Outcome


def outcome(conversation: Conversation) -> Outcome | None:
    return interviews.outcome_of(conversation.desk.db, conversation.lease.interview_id)[1]


def test_hanging_up_after_an_answer_is_partial(conversation: Conversation) -> None:
    conversation.pick_up()
    conversation.press("1", "5")
    conversation.hang_up()
    assert outcome(conversation) is Outcome.PARTIAL
    assert conversation.session.is_over


def test_hanging_up_before_key_1_is_no_start(conversation: Conversation) -> None:
    conversation.pick_up()
    conversation.say(SILENCE, 2)
    conversation.hang_up()
    assert outcome(conversation) is Outcome.NO_START


def test_someone_who_talks_through_the_greeting_and_presses_nothing_was_a_voicemail(conversation: Conversation) -> None:
    conversation.pick_up()
    for _ in range(24):
        conversation.say(SPEECH, 0.5)
        conversation.say(SILENCE, 0.1)
    for _ in range(2):
        conversation.hear_out()
        conversation.say(SILENCE, 8.1)
    conversation.hear_out()
    conversation.hang_up()
    assert outcome(conversation) is Outcome.VOICEMAIL


def test_someone_who_talks_and_then_hangs_up_was_a_human(conversation: Conversation) -> None:
    conversation.pick_up()
    conversation.say(SPEECH, 6)
    conversation.hang_up()
    assert outcome(conversation) is Outcome.NO_START


def test_a_wrong_key_proves_a_human_too(conversation: Conversation) -> None:
    conversation.pick_up()
    conversation.say(SPEECH, 6)
    conversation.press("5")
    for _ in range(3):
        conversation.hear_out()
        conversation.pass_time(8.1)
    conversation.hear_out()
    conversation.hang_up()
    assert outcome(conversation) is Outcome.NO_START


def test_someone_who_talks_and_then_presses_1_is_no_voicemail(conversation: Conversation) -> None:
    conversation.pick_up()
    conversation.say(SPEECH, 6)
    conversation.press("1", "4")
    conversation.hang_up()
    assert outcome(conversation) is Outcome.PARTIAL


def test_9_opts_the_number_out_for_good(conversation: Conversation) -> None:
    conversation.pick_up()
    conversation.press("9")
    conversation.hear_out()
    assert ("hang_up", conversation.session.call) in conversation.phone.told
    conversation.hang_up()
    assert outcome(conversation) is Outcome.OPTED_OUT
    assert opt_outs.contains(conversation.desk.db, conversation.lease.number_hash)


@pytest.mark.parametrize(("status", "wanted"), [(486, Outcome.BUSY), (603, Outcome.REFUSED)])
def test_a_call_that_is_never_answered_is_named_by_its_status(
    conversation: Conversation, status: int, wanted: Outcome
) -> None:
    conversation.hang_up(status)
    assert outcome(conversation) is wanted
    assert interviews.rings_of(conversation.desk.db, conversation.lease.interview_id) == 1


@pytest.mark.parametrize("status", [503, 404])
def test_a_trunk_fault_or_the_first_refusal_is_rung_again_and_does_not_count(
    conversation: Conversation, status: int
) -> None:
    conversation.hang_up(status)
    state, _ = interviews.outcome_of(conversation.desk.db, conversation.lease.interview_id)
    assert state == "queued"
    assert interviews.rings_of(conversation.desk.db, conversation.lease.interview_id) == 0


def test_a_phone_that_nobody_answers_is_let_go_after_the_ring_time(conversation: Conversation) -> None:
    conversation.pass_time(conversation.desk.settings.dialer.ring_seconds - 1)
    assert ("hang_up", conversation.session.call) not in conversation.phone.told
    for _ in range(5):
        conversation.pass_time(2)
    assert conversation.phone.told.count(("hang_up", conversation.session.call)) == 1


def test_time_without_a_key_asks_again(conversation: Conversation) -> None:
    conversation.pick_up()
    conversation.press("1")
    first = conversation.last_played()
    conversation.hear_out()
    conversation.pass_time(8.1)
    assert conversation.last_played() == ["no_key", *first]


@pytest.mark.parametrize(("pressed", "when"), [("2", None), ("24", LaterTime.TOMORROW_AFTERNOON)])
def test_ring_me_later_puts_the_interview_back_into_the_queue(
    conversation: Conversation, pressed: str, when: LaterTime | None
) -> None:
    db, lease = conversation.desk.db, conversation.lease
    conversation.pick_up()
    conversation.press(*pressed)
    conversation.hang_up()
    assert interviews.outcome_of(db, lease.interview_id)[0] == "queued"
    begun_at, dialer = interviews.begun_at(db, lease.attempt_id), conversation.desk.settings.dialer
    assert promises.given_in(db, lease.attempt_id) == moment(when, begun_at, dialer, ZoneInfo("Europe/Stockholm"))

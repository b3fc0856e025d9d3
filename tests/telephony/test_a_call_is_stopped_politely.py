"""What a session does when staff stop all calls; the clock is in the test's hand."""

import pytest
from telephony.callers import Callers
from telephony.conversation import CALL, SPEECH, Conversation

from appliance.store import comments, interviews, trunk
from appliance.telephony._api import Connected, Incoming, Ringing
from appliance.types import CommentState, Outcome


def is_hung_up(conversation: Conversation) -> bool:
    return ("hang_up", CALL) in conversation.phone.told


def ended(conversation: Conversation) -> tuple[str, Outcome | None]:
    return interviews.outcome_of(conversation.desk.db, conversation.lease.interview_id)


def test_who_listens_hears_it_and_is_hung_up_then(conversation: Conversation) -> None:
    conversation.pick_up()
    conversation.press("1", "3")
    conversation.session.stop(conversation.now)
    assert conversation.last_played() == ["stopped_kept"]
    assert not is_hung_up(conversation)
    conversation.hear_out()
    assert is_hung_up(conversation)
    conversation.hang_up()
    assert ended(conversation) == ("over", Outcome.PARTIAL)


def test_it_is_said_once_however_often_it_is_told(conversation: Conversation) -> None:
    conversation.pick_up()
    for _ in range(5):
        conversation.session.stop(conversation.now)
    assert sum(told == "play" for told, _ in conversation.phone.told) == 2, "the greeting, and that it ends"


def test_who_has_put_us_on_hold_is_not_waited_for(conversation: Conversation) -> None:
    conversation.pick_up()
    conversation.session.stop(conversation.now)
    conversation.pass_time(11)
    assert not is_hung_up(conversation)
    conversation.pass_time(2)
    assert is_hung_up(conversation)


def test_a_comment_is_kept_as_far_as_it_got(conversation: Conversation) -> None:
    conversation.pick_up()
    conversation.press(*"1444144")
    conversation.hear_out()
    conversation.hear_out()
    conversation.say(SPEECH, 2)
    conversation.session.stop(conversation.now)
    assert conversation.last_played() == ["stopped_kept"]
    kept = comments.of_interview(conversation.desk.db, conversation.lease.interview_id)
    assert kept is not None
    assert kept.state is CommentState.RECORDED
    assert 1.5 < kept.seconds < 3
    assert list(conversation.desk.folder.iterdir()) == []
    conversation.hear_out()
    conversation.hang_up()
    assert ended(conversation) == ("over", Outcome.COMPLETED)


def test_while_the_tone_still_sounds_there_is_nothing_to_keep(conversation: Conversation) -> None:
    conversation.pick_up()
    conversation.press(*"1444144")
    conversation.hear_out()
    conversation.session.stop(conversation.now)
    assert conversation.last_played() == ["stopped_kept"]
    assert comments.of_interview(conversation.desk.db, conversation.lease.interview_id) is None


def test_a_phone_that_rings_has_rung(conversation: Conversation) -> None:
    """It counts: the limit of rings is the citizen's, and this was one. It is rung again as after no answer."""
    conversation.session.handle(Ringing(CALL), 0.0)
    conversation.session.stop(1.0)
    assert is_hung_up(conversation)
    conversation.hang_up(487)
    assert conversation.session.is_over
    assert interviews.rings_of(conversation.desk.db, conversation.lease.interview_id) == 1
    assert trunk.fault(conversation.desk.db) is None


def test_a_call_that_has_not_rung_yet_is_as_if_it_had_not_been_begun(conversation: Conversation) -> None:
    conversation.session.stop(1.0)
    assert is_hung_up(conversation)
    conversation.hang_up(487)
    assert conversation.session.is_over
    assert ended(conversation) == ("queued", None)
    assert interviews.rings_of(conversation.desk.db, conversation.lease.interview_id) == 0
    assert trunk.fault(conversation.desk.db) is None


@pytest.mark.parametrize(("status", "outcome"), [(486, Outcome.BUSY), (603, Outcome.REFUSED)])
def test_an_answer_that_crosses_the_stop_counts(conversation: Conversation, status: int, outcome: Outcome) -> None:
    conversation.session.stop(1.0)
    conversation.hang_up(status)
    db, interview_id = conversation.desk.db, conversation.lease.interview_id
    assert interviews.rings_of(db, interview_id) == 1
    (row,) = db.execute("SELECT outcome, sip_status FROM attempts WHERE interview_id = ?", (interview_id,)).fetchall()
    assert row == (outcome, status)


def test_a_stranger_is_taken_leave_of_too(callers: Callers) -> None:
    conversation = callers.talk("0701740699")
    conversation.session.stop(conversation.now)
    assert conversation.last_played() == ["stopped"]
    conversation.hear_out()
    assert is_hung_up(conversation)


@pytest.mark.parametrize("takes_calls", [True, False])
def test_who_calls_is_turned_away_until_it_is_opened_again(callers: Callers, takes_calls: bool) -> None:
    callers.reception._takes_calls = takes_calls
    callers.reception.handle(Incoming(CALL, "efterklang", ("0701740699",)), 0.0)
    callers.reception.close()
    assert ("reject", 480) in callers.phone.told
    callers.phone.told.clear()
    callers.reception.handle(Incoming(CALL, "efterklang", ("0701740699",)), 1.0)
    assert callers.phone.told == [("reject", 480)]
    callers.reception.open()
    callers.phone.told.clear()
    callers.reception.handle(Incoming(CALL, "efterklang", ("0701740699",)), 2.0)
    assert callers.phone.told == ([("ring", CALL)] if takes_calls else [("reject", 480)])


def test_who_is_answered_in_the_very_moment_of_the_stop_is_not_left_in_silence(callers: Callers) -> None:
    assert callers.ring("0701740699")
    callers.reception.close()
    assert callers.phone.told[-1] == ("hang_up", CALL), "an answered call cannot be rejected"
    callers.phone.told.clear()
    assert callers.reception.handle(Connected(CALL), 1.0) is None
    assert callers.phone.told == [("hang_up", CALL)], "its ACK has crossed our BYE"

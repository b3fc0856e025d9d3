"""Between the INVITE and the row that says it rang lies a moment in which a line can die."""

from datetime import timedelta

from telephony.conversation import CALL, Conversation

from appliance.store import interviews, trunk
from appliance.survey.questionnaire import Questionnaire
from appliance.telephony._api import Ringing
from appliance.telephony.recovery import recover
from appliance.types import Outcome


def test_nobody_is_rung_again_for_a_crash_of_ours(conversation: Conversation, questionnaire: Questionnaire) -> None:
    desk, interview = conversation.desk, conversation.lease.interview_id
    assert interviews.rings_of(desk.db, interview) == 0
    assert recover(desk, questionnaire, starting=True) == 1
    assert interviews.rings_of(desk.db, interview) == 1
    assert interviews.outcome_of(desk.db, interview) == ("over", Outcome.NO_ANSWER)


def test_but_it_proves_nothing_of_the_trunk(conversation: Conversation, questionnaire: Questionnaire) -> None:
    desk, attempt = conversation.desk, conversation.lease.attempt_id
    trunk.note_fault(desk.db, attempt, 503, desk.now(), lambda _: timedelta(seconds=1))
    recover(desk, questionnaire, starting=True)
    trunk.note_success(desk.db, attempt)
    assert trunk.fault(desk.db)


def test_a_ring_that_was_seen_does(conversation: Conversation, questionnaire: Questionnaire) -> None:
    desk, attempt = conversation.desk, conversation.lease.attempt_id
    trunk.note_fault(desk.db, attempt, 503, desk.now(), lambda _: timedelta(seconds=1))
    conversation.session.handle(Ringing(CALL), 1.0)
    assert trunk.fault(desk.db) is None

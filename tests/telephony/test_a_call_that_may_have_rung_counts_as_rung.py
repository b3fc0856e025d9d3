"""Between the INVITE and the row that says it rang lies a moment in which a line can die."""

from telephony.conversation import Conversation

from appliance.store import interviews
from appliance.survey.questionnaire import Questionnaire
from appliance.telephony.recovery import recover
from appliance.types import Outcome


def test_nobody_is_rung_again_for_a_crash_of_ours(conversation: Conversation, questionnaire: Questionnaire) -> None:
    desk, interview = conversation.desk, conversation.lease.interview_id
    assert interviews.rings_of(desk.db, interview) == 0
    assert recover(desk, questionnaire, starting=True) == 1
    assert interviews.rings_of(desk.db, interview) == 1
    assert interviews.outcome_of(desk.db, interview) == ("over", Outcome.NO_ANSWER)

from dataclasses import replace
from datetime import timedelta

from telephony.conversation import Conversation

from appliance.dialer.dialer import LEASE, Dialer
from appliance.store import interviews
from appliance.survey.questionnaire import Questionnaire
from appliance.telephony.recovery import recover
from appliance.types import Outcome


def test_after_the_lease_has_run_out_the_call_gets_its_outcome(
    conversation: Conversation, questionnaire: Questionnaire
) -> None:
    conversation.pick_up()
    conversation.press("1", "5")
    desk = conversation.desk
    other = Dialer(desk.db, desk.settings, "line-2")
    soon, late = (replace(desk, dialer=other, now=lambda s=s: desk.now() + s) for s in (timedelta(0), LEASE * 2))
    assert recover(soon, questionnaire, starting=False) == 0
    assert recover(late, questionnaire, starting=False) == 1
    assert interviews.outcome_of(desk.db, conversation.lease.interview_id) == ("over", Outcome.PARTIAL)


def test_a_line_leaves_its_own_live_calls_alone(conversation: Conversation, questionnaire: Questionnaire) -> None:
    conversation.pick_up()
    assert recover(conversation.desk, questionnaire, starting=False) == 0

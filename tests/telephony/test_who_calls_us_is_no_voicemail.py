"""A television behind a caller sounds like a greeting; nobody who has called us is rung for it."""

import pytest
from made_up import MadeUp
from telephony.callers import EXTENSION, Callers
from telephony.conversation import SILENCE, SPEECH

from appliance.store import interviews
from appliance.types import Outcome


@pytest.mark.parametrize("asked", ["efterklang", EXTENSION])
def test_long_talk_without_a_key_is_a_person_and_the_end(made: MadeUp, callers: Callers, asked: str) -> None:
    made.queued(made.now)
    conversation = callers.talk("+46701740605", asked=asked)
    for _ in range(24):
        conversation.say(SPEECH, 0.5)
        conversation.say(SILENCE, 0.1)
    while not any(told == "hang_up" for told, _ in conversation.phone.told):
        conversation.hear_out()
        conversation.say(SILENCE, 8.1)
    conversation.hang_up()
    (interview_id,) = interviews.all_ids(made.db)
    assert interviews.outcome_of(made.db, interview_id) == ("over", Outcome.NO_START)

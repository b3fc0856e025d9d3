from datetime import timedelta

from made_up import NOW, MadeUp

from appliance.store import answers
from appliance.store.answers import Answer
from appliance.types import AnswerKind

LATER = NOW + timedelta(seconds=1)


def test_a_second_key_changes_nothing(box: MadeUp) -> None:
    interview_id = box.live().interview_id
    first = Answer("treatment", AnswerKind.VALUE, 4)
    answers.add(box.db, interview_id, first, NOW)
    answers.add(box.db, interview_id, Answer("treatment", AnswerKind.SKIPPED, None), LATER)
    assert answers.of_interview(box.db, interview_id) == {"treatment": first}


def test_each_interview_has_its_own(box: MadeUp) -> None:
    one, other = box.live().interview_id, box.live().interview_id
    answers.add(box.db, one, Answer("treatment", AnswerKind.NO_OPINION, None), NOW)
    assert answers.of_interview(box.db, other) == {}

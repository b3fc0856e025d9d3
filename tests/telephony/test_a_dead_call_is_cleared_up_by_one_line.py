"""All lines see that one has died, at the same moment."""

from dataclasses import replace
from pathlib import Path

import pytest
from made_up import MadeUp
from telephony.callers import Callers
from telephony.conversation import SPEECH, Conversation

from appliance.dialer.dialer import LEASE, Dialer
from appliance.store import Database, comments, interviews, left_behind
from appliance.store.left_behind import Abandoned
from appliance.survey.questionnaire import Questionnaire
from appliance.telephony import recovery
from appliance.telephony.desk import Desk
from appliance.telephony.recording import recording_path
from appliance.telephony.recovery import recover


def left_open(conversation: Conversation) -> Path:
    """The line of this call has died while somebody spoke."""
    conversation.pick_up()
    conversation.press("1", "4", "4", "4", "1", "4", "4")
    path = recording_path(conversation.desk.folder, conversation.lease.interview_id)
    path.write_bytes(SPEECH * 100)
    conversation.session.is_over = True
    return path


def much_later(desk: Desk, line: str) -> Desk:
    at = desk.now() + 2 * LEASE
    return replace(desk, dialer=Dialer(desk.db, desk.settings, line), now=lambda: at)


class OnLookingIn:
    """A line that has just seen what was left behind when another clears it up, or is about to."""

    def __init__(self, other: Desk, questionnaire: Questionnaire) -> None:
        self._other = other
        self._questionnaire = questionnaire
        self.recovered = 0

    def __call__(self, db: Database, *args: object) -> list[Abandoned]:
        seen = _ABANDONED(db, *args)  # type: ignore[arg-type]  # passed on
        if not self.recovered:
            self.recovered = len(seen)
            assert recover(self._other, self._questionnaire, starting=False) == len(seen)
        return seen


_ABANDONED = left_behind.abandoned


def test_two_that_saw_it_together_keep_one_comment_and_both_go_on(
    conversation: Conversation, questionnaire: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, desk = left_open(conversation), conversation.desk
    looking_in = OnLookingIn(much_later(desk, "line-3"), questionnaire)
    monkeypatch.setattr(left_behind, "abandoned", looking_in)
    assert recover(much_later(desk, "line-2"), questionnaire, starting=False) == 0
    assert looking_in.recovered == 1
    assert comments.of_interview(desk.db, conversation.lease.interview_id)
    assert not path.exists()


def test_the_second_waits_while_the_first_is_at_it(
    conversation: Conversation, questionnaire: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_open(conversation)
    desk, second = conversation.desk, []
    repair = recovery.repair

    def repair_meanwhile(path: Path) -> object:
        second.append(recover(much_later(desk, "line-3"), questionnaire, starting=False))
        return repair(path)

    monkeypatch.setattr(recovery, "repair", repair_meanwhile)
    assert recover(much_later(desk, "line-2"), questionnaire, starting=False) == 1
    assert second == [0]


def test_one_bad_recording_holds_up_neither_the_others_nor_the_line(
    made: MadeUp, callers: Callers, questionnaire: Questionnaire
) -> None:
    bad, good = made.live(), made.live()
    recording_path(callers.desk.folder, bad.interview_id).mkdir()
    assert recover(callers.desk, questionnaire, starting=True) == 1
    assert interviews.live_ids(made.db) == {bad.interview_id}, f"and not {good.interview_id}"
    recording_path(callers.desk.folder, bad.interview_id).rmdir()
    assert recover(callers.desk, questionnaire, starting=False) == 0, "it is ours for a while"
    assert recover(much_later(callers.desk, "line-2"), questionnaire, starting=False) == 1
    assert not interviews.live_ids(made.db)

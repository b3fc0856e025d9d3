"""Real small disks that fill in mid-call: the storage's, and the memory's that live recordings lie in."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from full_disk import fill, small_disk
from telephony.conversation import CALL, SPEECH, Conversation
from telephony.dummy_phone import DummyPhone

from appliance.health import Context, Severity
from appliance.health.checks import lost_comments, storage
from appliance.settings import Settings, StorageSettings, practice_settings, practice_trunk
from appliance.store import comments, interviews, processes, space
from appliance.store.integrity import faults
from appliance.survey.questionnaire import Questionnaire
from appliance.telephony._api import Incoming, PhoneEvent
from appliance.telephony.desk import Desk
from appliance.telephony.line import Line
from appliance.telephony.reception import Reception
from appliance.telephony.repertoire import Repertoire
from appliance.types import CommentState, Outcome

KIB = 1 << 10


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    with small_disk(tmp_path / "disk", 160) as disk, small_disk(tmp_path / "memory", 1) as memory:
        yield practice_settings(Settings(storage=StorageSettings(directory=disk, memory_directory=memory)))


def answer_all(conversation: Conversation) -> None:
    conversation.pick_up()
    conversation.press("1", "4", "4", "4", "1", "4", "4")


def begin_to_speak(conversation: Conversation) -> None:
    answer_all(conversation)
    conversation.hear_out()
    conversation.hear_out()
    conversation.say(SPEECH, 2)


def the_comment_is_lost(conversation: Conversation) -> bool:
    """And everybody is told; the answers are there, and the call ended as it should."""
    desk, interview_id = conversation.desk, conversation.lease.interview_id
    conversation.hang_up()
    assert len(desk.answered_before(conversation.lease)) == 6
    assert interviews.outcome_of(desk.db, interview_id) == ("over", Outcome.COMPLETED)
    assert faults(desk.db) == []
    assert not list(desk.folder.iterdir())
    issues = list(lost_comments.run(Context(desk.settings, desk.now(), None, desk.db)))
    assert [issue.severity for issue in issues] == [Severity.ERROR]
    stored = comments.of_interview(desk.db, interview_id)
    return stored is not None and stored.state is CommentState.LOST


def test_the_memory_fills_while_somebody_speaks(conversation: Conversation, caplog: pytest.LogCaptureFixture) -> None:
    begin_to_speak(conversation)
    fill(conversation.desk.settings.storage.memory_directory, leave_bytes=32 * KIB)
    conversation.say(SPEECH, 4)
    assert conversation.last_played() == ["thanks"]
    assert "comment lost" in caplog.text
    assert the_comment_is_lost(conversation)


def test_the_memory_is_full_before_anybody_speaks(conversation: Conversation) -> None:
    fill(conversation.desk.settings.storage.memory_directory)
    begin_to_speak(conversation)
    assert conversation.last_played() == ["thanks"]
    assert the_comment_is_lost(conversation)


def test_the_memory_is_not_even_there(conversation: Conversation) -> None:
    folder = conversation.desk.folder
    folder.rmdir()
    begin_to_speak(conversation)
    folder.mkdir()
    assert conversation.last_played() == ["thanks"]
    assert the_comment_is_lost(conversation)


def test_the_storage_fills_while_somebody_speaks(conversation: Conversation) -> None:
    space.hold_reserve(conversation.desk.settings.storage.directory)
    begin_to_speak(conversation)
    disk = conversation.desk.settings.storage.directory
    space.release_reserve(disk)  # somebody else's writes have used it up, all but a little
    fill(disk, leave_bytes=1024 * KIB)
    conversation.say(SPEECH, 2)
    conversation.press("#", "1")
    assert the_comment_is_lost(conversation)


def test_the_storage_fills_while_questions_are_asked(conversation: Conversation) -> None:
    disk = conversation.desk.settings.storage.directory
    assert space.hold_reserve(disk)
    conversation.pick_up()
    conversation.press("1", "4")
    fill(disk)
    conversation.press("4", "4", "1", "4", "4")
    conversation.hang_up()
    assert len(conversation.desk.answered_before(conversation.lease)) == 6
    assert interviews.outcome_of(conversation.desk.db, conversation.lease.interview_id)[1] is Outcome.COMPLETED


class Caller(DummyPhone):
    """Somebody rings as well."""

    def __init__(self) -> None:
        super().__init__()
        self.arrivals: list[PhoneEvent] = []

    def poll(self, timeout_ms: int) -> list[PhoneEvent]:
        return [self.arrivals.pop()] if self.arrivals else []


@pytest.fixture
def phone() -> Caller:
    return Caller()


@pytest.fixture
def line(conversation: Conversation, questionnaire: Questionnaire, phone: Caller) -> Line:
    """With one interview that waits."""
    desk: Desk = conversation.desk
    conversation.hang_up(503)
    interviews.requeue(desk.db, conversation.lease.interview_id, desk.now())
    repertoire = Repertoire(questionnaire, conversation.atlas)
    reception = Reception("line-1", practice_trunk(5060, 4), phone, repertoire, desk, 0.0)
    processes.begin(desk.db, "line-1", 1, desk.now())
    return Line("line-1", phone, repertoire, desk, reception)


def test_no_call_begins_on_a_disk_that_is_nearly_full_and_calls_go_on_by_themselves(
    conversation: Conversation, line: Line, phone: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    desk = conversation.desk
    filler = fill(desk.settings.storage.directory, leave_bytes=63 << 20)
    phone.arrivals = [Incoming(CALL, "efterklang", ("0701740605",))]
    line.turn()
    time.sleep(0.3)
    line.turn()
    assert phone.told == [("reject", 480)]
    assert caplog.text.count("no new calls: the disk is nearly full") == 1
    assert "no new calls" in processes.all_beats(desk.db)[0].note
    assert [issue.severity for issue in storage.run(Context(desk.settings, desk.now(), None, desk.db))] == [
        Severity.ERROR
    ]
    filler.unlink()
    end = time.monotonic() + 10
    while ("dial", "+46701740605") not in phone.told and time.monotonic() < end:
        line.turn()
    assert ("dial", "+46701740605") in phone.told
    assert not space.is_short(desk.settings.storage)


def test_a_line_lives_on_where_it_cannot_even_write_its_beat(
    conversation: Conversation, line: Line, phone: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    disk = conversation.desk.settings.storage.directory
    fill(disk)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("appliance.telephony.line._BEAT_EVERY_SECONDS", 0)
        for _ in range(1000):
            line.turn()
            if "cannot write to the database" in caplog.text:
                break
    assert "cannot write to the database" in caplog.text
    assert phone.told == []

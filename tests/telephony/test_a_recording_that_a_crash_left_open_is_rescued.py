"""A process is killed in mid-recording: what the kernel has is found again by the next one that starts."""

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from telephony.conversation import SILENCE, SPEECH, Conversation

from appliance.custody.recordings import decrypt_recording
from appliance.dialer.dialer import Dialer
from appliance.settings import Settings
from appliance.signals import child_environment
from appliance.store import comments
from appliance.survey.questionnaire import Questionnaire
from appliance.telephony.recording import Recording, recording_path, recordings_directory, repair
from appliance.telephony.recovery import recover
from appliance.types import CommentState, InterviewId

FRAME = len(SPEECH)
MAX_LOSS_SECONDS = 0.5
RECORDER = """
import sys, time
from pathlib import Path
from appliance.telephony.recording import Recording
speech = bytes.fromhex(sys.argv[2])
recording = Recording(Path(sys.argv[1]), 120, 4)
while True:
    recording.hear(speech)
    print("heard", flush=True)
    time.sleep(0.005)
"""


@pytest.mark.parametrize("frames", [30, 77, 150, 260])
def test_a_kill_costs_less_than_half_a_second(tmp_path: Path, frames: int) -> None:
    path = tmp_path / "interview-1.pcm"
    command = [sys.executable, "-c", RECORDER, str(path), SPEECH.hex()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=child_environment(), text=True) as child:
        assert child.stdout
        for _ in range(frames):
            assert child.stdout.readline() == "heard\n"
        child.send_signal(signal.SIGKILL)
    rescued = repair(path)
    assert rescued
    assert len(rescued.pcm) / 16_000 >= frames / 50 - MAX_LOSS_SECONDS
    assert {rescued.pcm[at : at + FRAME] for at in range(0, len(rescued.pcm) - FRAME + 1, FRAME)} == {SPEECH}


def left_open(conversation: Conversation, pcm: bytes) -> Path:
    """The line of this call has died while somebody spoke."""
    conversation.pick_up()
    conversation.press("1", "4", "4", "4", "1", "4", "4")
    path = recording_path(conversation.desk.folder, conversation.lease.interview_id)
    path.write_bytes(pcm)
    conversation.session.is_over = True
    return path


@pytest.mark.parametrize("odd", [b"", b"\1", b"\1\2\3", bytes(319)])
def test_its_words_are_kept_sealed_and_the_plain_ones_are_gone(
    conversation: Conversation, questionnaire: Questionnaire, odd: bytes
) -> None:
    path = left_open(conversation, SPEECH * 100 + SILENCE * 100 + odd)
    desk = conversation.desk
    assert recover(desk, questionnaire, starting=True) == 1
    stored = comments.of_interview(desk.db, conversation.lease.interview_id)
    assert stored
    assert stored.state is CommentState.RECORDED
    assert stored.recording
    pcm = decrypt_recording(desk.keys, desk.settings.storage.directory, stored.recording)
    assert pcm.startswith(SPEECH * 100)
    assert len(pcm) <= FRAME * 130
    assert not path.exists()


@pytest.mark.parametrize("pcm", [b"", b"\1", bytes(100), SILENCE * 200, SPEECH * 5])
def test_where_nothing_was_said_there_is_no_comment(
    conversation: Conversation, questionnaire: Questionnaire, pcm: bytes
) -> None:
    path = left_open(conversation, pcm)
    assert recover(conversation.desk, questionnaire, starting=True) == 1
    assert comments.of_interview(conversation.desk.db, conversation.lease.interview_id) is None
    assert not path.exists()


def test_a_comment_that_was_kept_before_the_crash_stands(
    conversation: Conversation, questionnaire: Questionnaire
) -> None:
    path = left_open(conversation, SPEECH * 100)
    desk, interview_id = conversation.desk, conversation.lease.interview_id
    spoken = repair(path)
    assert spoken
    desk.keep_comment(interview_id, spoken)
    first = comments.of_interview(desk.db, interview_id)
    assert recover(desk, questionnaire, starting=True) == 1
    assert comments.of_interview(desk.db, interview_id) == first
    assert not path.exists()


def test_files_of_no_live_interview_are_cleared_at_a_start_and_live_ones_are_not(
    conversation: Conversation, questionnaire: Questionnaire
) -> None:
    folder = conversation.desk.folder
    live = Recording(recording_path(folder, conversation.lease.interview_id), 120, 4)
    orphan = recording_path(folder, InterviewId(4711))
    orphan.write_bytes(SPEECH * 100)
    stranger = folder / "interview-notes.pcm"
    stranger.write_bytes(b"not ours")
    recover(conversation.desk, questionnaire, starting=False)
    assert orphan.exists(), "only at a start"
    conversation.desk.dialer.keep_leases([conversation.lease.interview_id], conversation.desk.now())
    desk = conversation.desk
    recover(replace(desk, dialer=Dialer(desk.db, desk.settings, "line-2")), questionnaire, starting=True)
    assert not orphan.exists()
    assert stranger.exists()
    assert recording_path(folder, conversation.lease.interview_id).exists(), "another line's citizen speaks"
    live.forget()


def test_two_boxes_on_one_machine_leave_each_other_alone(settings: Settings, tmp_path: Path) -> None:
    other = settings.model_copy(update={"storage": settings.storage.model_copy(update={"directory": tmp_path / "b"})})
    assert recordings_directory(settings) != recordings_directory(other)
    assert recordings_directory(settings).stat().st_mode & 0o777 == 0o700

from pathlib import Path

import pytest
from telephony.conversation import SILENCE, SPEECH, Conversation

from appliance.custody.recordings import decrypt_recording
from appliance.store import comments
from appliance.telephony.recording import Recording, recording_path, repair
from appliance.types import CommentState, InterviewId


def up_to_the_tone(conversation: Conversation) -> None:
    conversation.pick_up()
    conversation.press("1", "4", "4", "4", "1", "4", "4")
    assert conversation.last_played() == ["comment_invite"]
    conversation.hear_out()
    assert conversation.last_played() == ["tone"]
    conversation.hear_out()


def stored(conversation: Conversation) -> comments.StoredComment | None:
    return comments.of_interview(conversation.desk.db, conversation.lease.interview_id)


def test_what_is_said_after_the_tone_is_kept_and_decrypts_to_the_same(conversation: Conversation) -> None:
    up_to_the_tone(conversation)
    conversation.say(SPEECH, 3)
    conversation.press("#", "1")
    comment = stored(conversation)
    assert comment
    assert comment.recording
    desk = conversation.desk
    pcm = decrypt_recording(desk.keys, desk.settings.storage.directory, comment.recording)
    assert pcm == SPEECH * 150
    assert comment.state is CommentState.RECORDED


def test_no_plain_sound_is_left_anywhere(conversation: Conversation) -> None:
    up_to_the_tone(conversation)
    conversation.say(SPEECH, 3)
    conversation.press("#", "1")
    storage = conversation.desk.settings.storage
    files = [*storage.directory.rglob("*"), *storage.memory_directory.rglob("*")]
    assert not [path for path in files if path.is_file() and SPEECH in path.read_bytes()]


def test_four_seconds_of_silence_end_the_comment_and_are_not_kept(conversation: Conversation) -> None:
    up_to_the_tone(conversation)
    conversation.say(SPEECH, 2)
    conversation.say(SILENCE, 3.9)
    assert conversation.last_played() == ["tone"]
    conversation.say(SILENCE, 0.3)
    assert conversation.last_played() == ["review"]
    conversation.press("1")
    comment = stored(conversation)
    assert comment
    assert comment.seconds == pytest.approx(2.5, abs=0.1)


def test_a_comment_has_a_greatest_length(conversation: Conversation) -> None:
    up_to_the_tone(conversation)
    conversation.say(SPEECH, conversation.desk.settings.survey.max_recording_seconds + 0.1)
    assert conversation.last_played() == ["review"]


def test_silence_alone_is_no_comment(conversation: Conversation) -> None:
    up_to_the_tone(conversation)
    conversation.say(SILENCE, 4.2)
    assert conversation.last_played() == ["thanks"]
    conversation.hang_up()
    assert stored(conversation) is None


def test_7_erases_the_comment(conversation: Conversation) -> None:
    up_to_the_tone(conversation)
    conversation.say(SPEECH, 2)
    conversation.press("#", "7")
    conversation.hang_up()
    assert stored(conversation) is None
    assert not list(conversation.desk.folder.iterdir())


def test_hanging_up_while_speaking_keeps_what_was_said(conversation: Conversation) -> None:
    up_to_the_tone(conversation)
    conversation.say(SPEECH, 2)
    conversation.hang_up()
    comment = stored(conversation)
    assert comment
    assert comment.seconds == pytest.approx(2, abs=0.05)
    assert not list(conversation.desk.folder.iterdir())


def test_a_full_disk_loses_the_comment_but_no_answer_and_says_so(
    conversation: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    up_to_the_tone(conversation)
    conversation.say(SPEECH, 2)
    (conversation.desk.settings.storage.directory / "comments").write_text("a file where the folder should be")
    conversation.press("#", "1")
    comment = stored(conversation)
    assert comment
    assert comment.state is CommentState.LOST
    assert "comment lost" in caplog.text
    assert len(conversation.desk.answered_before(conversation.lease)) == 6


def test_a_recording_cut_off_by_a_crash_is_repaired_to_its_speech(tmp_path: Path) -> None:
    path = recording_path(tmp_path, InterviewId(7))
    recording = Recording(path, 120, 4)
    for pcm in [SPEECH] * 100 + [SILENCE] * 100:
        recording.hear(pcm)
    recording._file.close()  # what the kernel does for a dead process
    with path.open("ab") as file:
        file.write(b"\1")
    rescued = repair(path)
    assert rescued
    assert rescued.pcm.startswith(SPEECH * 100 + SILENCE * 25)
    assert len(rescued.pcm) <= len(SILENCE) * 130


def test_a_cut_off_recording_without_speech_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "silence.pcm"
    path.write_bytes(SILENCE * 200)
    assert repair(path) is None

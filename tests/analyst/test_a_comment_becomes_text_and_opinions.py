from pathlib import Path

from made_up import MadeUp
from spoken import Speak

from appliance.analyst.hearing import Bench, work_once
from appliance.custody.recordings import unseal_text
from appliance.store import comments
from appliance.store.comments import StoredComment
from appliance.types import Area, CommentId, CommentState, Tonality

SECOND_OF_SILENCE = bytes(16_000)


def stored(box: MadeUp, comment_id: CommentId) -> StoredComment:
    comment = comments.of_interview(box.db, box.interview_of(comment_id))
    assert comment is not None
    return comment


def text_of(box: MadeUp, comment: StoredComment) -> str:
    assert comment.recording
    assert comment.transcript
    assert comment.transcript.text_sealed
    return unseal_text(box.keys, comment.recording, comment.transcript.text_sealed)


def holds(directory: Path, words: list[str]) -> list[str]:
    """Files in which any of the words can be read, in the encodings that a database might use."""
    wanted = [word.encode(encoding) for word in words for encoding in ("utf-8", "utf-16-le")]
    files = [path for path in directory.rglob("*") if path.is_file()]
    return [path.name for path in files if any(word in path.read_bytes() for word in wanted)]


def test_what_was_said_is_kept_sealed_with_what_it_means(box: MadeUp, hearing_bench: Bench, speak: Speak) -> None:
    comment_id = speak("01-trevlig.wav")
    assert work_once(hearing_bench)
    comment = stored(box, comment_id)
    text = text_of(box, comment)
    assert comment.state is CommentState.DONE
    assert "trevlig" in text.lower()
    assert (Area.TREATMENT, Tonality.POSITIVE) in {(opinion.area, opinion.tonality) for opinion in comment.opinions}
    assert comment.transcript
    assert comment.transcript.confidence
    assert 0 < comment.transcript.confidence <= 1
    assert holds(box.directory, [word for word in text.split() if len(word) > 4]) == []
    assert not work_once(hearing_bench), "nothing is left to do"


def test_where_nobody_spoke_there_is_no_opinion(box: MadeUp, bench: Bench, speak: Speak) -> None:
    comment_id = speak(SECOND_OF_SILENCE)
    assert work_once(bench)
    comment = stored(box, comment_id)
    assert (comment.state, comment.opinions) == (CommentState.NO_SPEECH, ())
    assert comment.transcript
    assert not comment.transcript.is_uncertain
    assert text_of(box, comment) == ""


def test_the_oldest_comment_comes_first(box: MadeUp, bench: Bench, speak: Speak) -> None:
    first, second = speak(SECOND_OF_SILENCE), speak(SECOND_OF_SILENCE)
    bench.stride.sound_seconds = 1.0
    box.db.execute("UPDATE comments SET recorded_at = '2020' WHERE id = ?", (second,))
    assert work_once(bench)
    assert (stored(box, first).state, stored(box, second).state) == (CommentState.RECORDED, CommentState.NO_SPEECH)

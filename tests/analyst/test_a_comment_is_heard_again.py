from dataclasses import replace

from made_up import NOW, MadeUp
from spoken import Speak

from appliance.analyst.hearing import Bench, work_once
from appliance.custody.recordings import unseal_text
from appliance.speech.engine import Engine
from appliance.store import comments, heard_again
from appliance.store.comments import StoredComment
from appliance.store.heard_again import Wanted
from appliance.types import CommentId, CommentState


def stored(box: MadeUp, comment_id: CommentId) -> StoredComment:
    comment = comments.of_interview(box.db, box.interview_of(comment_id))
    assert comment is not None
    return comment


def history(box: MadeUp, comment_id: CommentId) -> list[tuple[str, str]]:
    rows = box.db.execute(
        "SELECT speech_model, speech_model_digest FROM transcripts WHERE comment_id = ? ORDER BY id", (comment_id,)
    )
    return rows.fetchall()


def with_another_model(bench: Bench) -> Bench:
    """The same ears under another name."""
    return replace(bench, engine=Engine("another", "f" * 64, ("sv",), bench.engine._recogniser))


def test_text_model_and_opinions_are_the_new_ones_and_the_old_text_stays_in_the_history(
    box: MadeUp, hearing_bench: Bench, speak: Speak
) -> None:
    comment_id = speak("01-trevlig.wav")
    assert work_once(hearing_bench)
    first = stored(box, comment_id)
    box.db.execute("UPDATE opinions SET tonality = 'negative', score = 0.1")
    heard_again.ask(box.db, Wanted(made_by="whisper-base"), NOW)
    assert stored(box, comment_id) == replace(first, opinions=stored(box, comment_id).opinions), "it shows the old one"
    assert work_once(with_another_model(hearing_bench))
    again = stored(box, comment_id)
    assert again.state is CommentState.DONE
    assert again.opinions == first.opinions
    assert again.transcript
    assert again.transcript.text_sealed
    assert again.recording
    assert "trevlig" in unseal_text(box.keys, again.recording, again.transcript.text_sealed).lower()
    assert history(box, comment_id) == [("whisper-base", hearing_bench.engine.digest), ("another", "f" * 64)]
    assert not work_once(hearing_bench), "once asked, once heard"


def test_another_model_alone_has_nothing_heard_again(box: MadeUp, bench: Bench) -> None:
    box.comment()
    assert not work_once(with_another_model(bench))


def test_one_erased_while_it_was_heard_gets_no_text(box: MadeUp, bench: Bench, speak: Speak) -> None:
    comment_id = speak(bytes(16_000))

    def erase(_: object) -> None:
        box.db.execute("UPDATE comments SET file = NULL, key_wrapped = NULL")

    assert work_once(bench, erase)
    assert box.texts_of(comment_id) == 0
    assert not work_once(bench), "and there is no end of trying"
    assert comments.count_by_state(box.db) == {CommentState.PARKED: 1}

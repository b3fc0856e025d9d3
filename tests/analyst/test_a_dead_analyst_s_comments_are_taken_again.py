from datetime import UTC, datetime

from made_up import MadeUp
from spoken import Speak

from appliance.analyst.hearing import Bench, work_once
from appliance.analyst.worker import run
from appliance.settings import Settings, SpeechSettings
from appliance.store import comment_queue, comments
from appliance.store.comment_queue import DIED
from appliance.types import CommentState


def died_at_it(box: MadeUp, tries: int = 1) -> None:
    """An analyst took the comment and was never heard of again."""
    for number in range(tries):
        comment_queue.take_over(box.db)
        assert comment_queue.lease_some(box.db, f"analyst-{number}", datetime.now(UTC), 1.0)


def start(box: MadeUp, settings: Settings) -> None:
    """As far as it gets without a model: it clears up before it looks for work."""
    without = settings.model_copy(update={"speech": SpeechSettings(model="none-at-all")})
    run(box.db, box.keys, without, lambda: True)


def test_while_its_lease_holds_nobody_else_takes_it(box: MadeUp, bench: Bench, speak: Speak) -> None:
    speak(bytes(16_000))
    died_at_it(box)
    assert not work_once(bench)


def test_when_its_lease_has_run_out_it_is_taken_again(box: MadeUp, bench: Bench, speak: Speak) -> None:
    speak(bytes(16_000))
    died_at_it(box)
    box.db.execute("UPDATE comments SET leased_until = '2020'")
    assert work_once(bench)
    assert comments.count_by_state(box.db) == {CommentState.NO_SPEECH: 1}


def test_an_analyst_that_starts_takes_it_at_once(box: MadeUp, bench: Bench, settings: Settings, speak: Speak) -> None:
    speak(bytes(16_000))
    died_at_it(box)
    start(box, settings)
    assert work_once(bench)
    assert comments.count_by_state(box.db) == {CommentState.NO_SPEECH: 1}


def test_one_that_has_killed_three_analysts_is_parked(
    box: MadeUp, bench: Bench, settings: Settings, speak: Speak
) -> None:
    speak(bytes(16_000))
    died_at_it(box, tries=3)
    start(box, settings)
    assert not work_once(bench)
    assert comments.count_by_state(box.db) == {CommentState.PARKED: 1}
    assert comment_queue.queue(box.db).faults == {DIED: 1}

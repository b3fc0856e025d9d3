from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from made_up import MadeUp
from spoken import Speak

from appliance.analyst import tuning as tuning_module
from appliance.analyst.hearing import Bench
from appliance.analyst.tuning import Tuning
from appliance.catalog import calibrations_path, read_calibration
from appliance.speech import calibration
from appliance.speech.engine import Engine
from appliance.speech.pace import Pace
from appliance.speech.transcript import Heard, Piece
from appliance.store import interviews
from appliance.types import Outcome


class Quick:
    """Hears nothing, at once; whoever looks at it is told."""

    longest_seconds = 28.0
    is_modest = True

    def __init__(self) -> None:
        self.pace = Pace(2)
        self.turns = 0
        self.meanwhile: Callable[[], object] = lambda: None

    def recognise(self, pieces: list[Piece], language: str, *, is_careful: bool = False) -> list[Heard]:
        self.turns += 1
        if len(pieces) > 1:
            self.meanwhile()
        return [Heard((), language, -0.1) for _ in pieces]


@pytest.fixture
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Quick:
    monkeypatch.setenv("EFTERKLANG_MODELS", str(tmp_path / "models"))
    monkeypatch.setattr(calibration, "_PASS_SECONDS", 0.0)
    monkeypatch.setattr(calibration, "_QUIET_SHARE", 0.0)
    return Quick()


@pytest.fixture
def tuning(bench: Bench, quick: Quick) -> Tuning:
    bench = replace(bench, engine=Engine("quick", "abc", ("sv",), quick))
    return Tuning(bench, quiet_seconds=0.0)


def never() -> bool:
    return False


def test_a_quiet_box_measures_its_model_once(tuning: Tuning, quick: Quick) -> None:
    assert tuning.is_due()
    tuning.run(never)
    assert read_calibration(tuning.bench.settings, "abc")
    assert not tuning.is_due()
    assert not Tuning(tuning.bench, quiet_seconds=0.0).is_due()
    assert quick.is_modest is False


def test_it_waits_for_a_quiet_minute(tuning: Tuning, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1000.0
    monkeypatch.setattr(tuning_module.time, "monotonic", lambda: moment)
    patient = Tuning(tuning.bench, _busy_at=moment)
    moment += 59
    assert not patient.is_due()
    patient.put_off()
    moment += 59
    assert not patient.is_due()
    moment += 1
    assert patient.is_due()


def test_it_does_not_begin_while_a_comment_waits(tuning: Tuning, speak: Speak) -> None:
    speak(bytes(16_000))
    assert not tuning.is_due()


def test_it_does_not_begin_while_a_call_is_live(tuning: Tuning, box: MadeUp) -> None:
    live = box.live(datetime.now(UTC))
    assert not tuning.is_due()
    interviews.close(box.db, live.interview_id, Outcome.PARTIAL, datetime.now(UTC))
    assert tuning.is_due()


def test_a_comment_that_comes_meanwhile_comes_first(tuning: Tuning, quick: Quick, speak: Speak) -> None:
    quick.meanwhile = lambda: speak(bytes(16_000))
    tuning.run(never)
    assert quick.turns == 3  # two to warm up, and one pass
    assert read_calibration(tuning.bench.settings, "abc") is None
    assert quick.pace == Pace(2)
    assert not tuning.is_due()


def test_a_call_that_comes_meanwhile_comes_first(tuning: Tuning, quick: Quick, box: MadeUp) -> None:
    quick.meanwhile = lambda: box.live(datetime.now(UTC))
    tuning.run(never)
    assert quick.turns == 3
    assert quick.pace == Pace(2)


def test_whoever_is_told_to_stop_stops(tuning: Tuning, quick: Quick) -> None:
    tuning.run(lambda: True)
    assert quick.turns == 2
    assert tuning.is_due()


def test_where_nothing_can_be_kept_it_is_said_once(
    tuning: Tuning, quick: Quick, caplog: pytest.LogCaptureFixture
) -> None:
    path = calibrations_path(tuning.bench.settings)
    path.parent.mkdir(parents=True)
    path.mkdir()
    tuning.run(never)
    assert "the model's pace cannot be kept" in caplog.text
    assert quick.pace == Pace(2)
    assert not tuning.is_due()

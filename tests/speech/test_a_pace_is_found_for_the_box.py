import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from appliance import machine
from appliance.catalog import Calibration, calibrations_path, keep_calibration, read_calibration
from appliance.settings import Settings, SpeechSettings, StorageSettings
from appliance.speech import calibration
from appliance.speech.calibration import _Spoken, calibrate, calibrate_engine, is_due
from appliance.speech.engine import Engine
from appliance.speech.pace import Pace, pace_for
from appliance.speech.transcript import Heard, Piece, Word

COMMENTS = [
    _Spoken(Piece(np.full(16_000, number, np.float32), 1.0), 7.0, f"den {number} kommentaren på svenska")
    for number in range(48)
]
CORES = 4


@dataclass
class Box:
    """A recogniser whose time and mistakes are made up; the clock stands still but for it."""

    seconds_of_work: Callable[[Pace], float] = lambda _: 0.5
    """Of one worker, for one comment."""
    wrong: Callable[[Pace], int] = lambda _: 0
    """How many of the comments' last words are wrong."""
    megabytes: int = 0
    """That each piece at work takes for good."""
    pace: Pace = field(default_factory=lambda: Pace(CORES))
    is_modest: bool = False
    longest_seconds: float = 28.0
    clock: float = 0.0
    share: float = 1.0
    """Of the processor that others leave to it."""
    used_bytes: int = 0
    tried: list[Pace] = field(default_factory=list)

    def recognise(self, pieces: list[Piece], language: str, *, is_careful: bool = False) -> list[Heard]:
        self.clock += self.seconds_of_work(self.pace) * len(pieces) / self.pace.workers
        self.used_bytes = max(self.used_bytes, self.pace.workers * self.pace.batch * self.megabytes << 20)
        if len(pieces) > 1:
            self.tried.append(self.pace)
        texts = [COMMENTS[int(piece.samples[0])].text for piece in pieces]
        texts[: self.wrong(self.pace)] = [text.replace("svenska", "") for text in texts[: self.wrong(self.pace)]]
        return [Heard(tuple(Word(word, 1.0) for word in text.split()), "sv", -0.1) for text in texts]


@pytest.fixture(autouse=True)
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Box]:
    made = Box()
    monkeypatch.setattr(calibration, "_spoken_comments", lambda _: COMMENTS)
    monkeypatch.setattr(
        calibration,
        "time",
        SimpleNamespace(monotonic=lambda: made.clock, process_time=lambda: made.clock * made.pace.workers * made.share),
    )
    monkeypatch.setattr(machine, "cores", lambda: CORES)
    monkeypatch.setattr(machine, "used_memory_bytes", lambda: (1 << 30) + made.used_bytes)
    monkeypatch.setattr(machine, "memory_bytes", lambda: 8 << 30)
    return made


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("EFTERKLANG_MODELS", str(tmp_path / "models"))
    return Settings(storage=StorageSettings(directory=tmp_path))


def engine_of(box: Box, digest: str = "abc") -> Engine:
    return Engine("our-speech", digest, ("sv",), box)


def found_by(box: Box) -> Calibration:
    found = calibrate(box, CORES, lambda _: None)
    assert found
    return found


@pytest.mark.parametrize("batch", [1, 2, 4, 8])
def test_the_quickest_batch_is_chosen(box: Box, batch: int) -> None:
    box.seconds_of_work = lambda pace: 0.3 if pace.batch == batch else 0.5
    found = found_by(box)
    assert (found.workers, found.beam, found.batch) == (CORES, 5, batch)
    assert found.times_real_time == pytest.approx(7 * CORES / 0.3, 0.01)
    assert box.pace == Pace(CORES, 5, batch)


def test_a_batch_that_costs_words_is_not_chosen(box: Box) -> None:
    box.seconds_of_work = lambda pace: 0.5 / pace.batch
    box.wrong = lambda pace: 20 if pace.batch == 8 else 0
    assert found_by(box).batch == 4


def test_a_larger_batch_has_to_be_worth_its_memory(box: Box) -> None:
    box.seconds_of_work = lambda pace: 0.5 - 0.001 * pace.batch
    assert found_by(box).batch == 1


def test_cores_that_only_wait_for_each_other_are_left_to_calls(box: Box) -> None:
    box.seconds_of_work = lambda pace: 0.125 * pace.workers
    assert found_by(box).workers == CORES // 2


def test_the_beam_stays_where_the_box_keeps_up(box: Box) -> None:
    box.seconds_of_work = lambda pace: 2.6 * pace.beam
    assert found_by(box).beam == 5
    assert {pace.beam for pace in box.tried} == {5}


@pytest.mark.parametrize(("each_seconds", "beam"), [(3.0, 3), (9.0, 1)])
def test_a_box_that_does_not_keep_up_gets_a_smaller_beam_and_is_told(box: Box, each_seconds: float, beam: int) -> None:
    box.seconds_of_work = lambda pace: each_seconds * pace.beam
    found = found_by(box)
    assert found.beam == beam
    assert found.note == f"with beam 5 it would be {7 * CORES / each_seconds / 5:.1f} times real time"


def test_a_slow_box_with_a_large_model_is_done_in_minutes(box: Box) -> None:
    box.seconds_of_work = lambda pace: 12.0 * pace.beam
    found_by(box)
    assert box.clock < 300
    assert len(box.tried) >= 3


def test_a_pace_that_would_not_fit_the_memory_is_not_tried(box: Box) -> None:
    box.megabytes = 400
    found_by(box)
    assert max(pace.workers * pace.batch for pace in box.tried) == 8  # 1 GiB and eight times 400 MiB of 8 GiB


@pytest.mark.parametrize(("share", "note"), [(0.9, ""), (0.5, "the processor had other work")])
def test_others_who_use_the_processor_are_told(box: Box, share: float, note: str) -> None:
    box.share = share
    assert found_by(box).note.partition(";")[0] == note


def test_whoever_is_patient_waits_for_a_quiet_box(box: Box) -> None:
    box.share = 0.5
    assert calibrate(box, CORES, lambda _: None, is_patient=True) is None
    assert len(box.tried) == 1
    box.share = 0.9
    assert calibrate(box, CORES, lambda _: None, is_patient=True)


def test_whoever_is_interrupted_leaves_everything_as_it_was(box: Box, settings: Settings) -> None:
    engine, asked = engine_of(box), iter([True, True, False])
    assert calibrate_engine(engine, settings, lambda: next(asked)) is None
    assert len(box.tried) == 2
    assert box.pace == Pace(CORES)
    assert read_calibration(settings, "abc") is None
    assert is_due(engine, settings)


def test_whoever_is_killed_keeps_what_it_found_and_tries_once_more(box: Box, settings: Settings) -> None:
    def die(pace: Pace) -> float:
        if pace.batch == 8:
            raise MemoryError
        return 0.5 / pace.batch

    box.seconds_of_work = die
    for times in (1, 2):
        assert is_due(engine_of(box), settings)
        with pytest.raises(MemoryError):
            calibrate_engine(engine_of(box), settings)
        kept = read_calibration(settings, "abc")
        assert kept
        assert (kept.batch, kept.is_final, kept.tries) == (4, False, times)
    assert not is_due(engine_of(box), settings)


def test_whoever_is_killed_in_its_first_pass_tries_once_more_and_never_again(box: Box, settings: Settings) -> None:
    def die(_: Pace) -> float:
        raise MemoryError

    box.seconds_of_work = die
    for _ in range(2):
        assert is_due(engine_of(box), settings)
        with pytest.raises(MemoryError):
            calibrate_engine(engine_of(box), settings)
        assert read_calibration(settings, "abc") is None
    assert not is_due(engine_of(box), settings)
    box.seconds_of_work = lambda _: 0.5  # whoever asks for it gets it all the same
    assert calibrate_engine(engine_of(box), settings) == read_calibration(settings, "abc")


def test_an_interruption_is_no_try(box: Box, settings: Settings) -> None:
    for _ in range(3):
        assert calibrate_engine(engine_of(box), settings, lambda: False) is None
    assert is_due(engine_of(box), settings)


def test_what_was_found_before_is_no_limit(box: Box, settings: Settings) -> None:
    box.pace = Pace(1, 5, 1)
    found = calibrate_engine(engine_of(box), settings)
    assert found
    assert found.workers == CORES


def test_what_was_found_is_kept_and_used_by_the_next_start(box: Box, settings: Settings) -> None:
    box.seconds_of_work = lambda pace: 0.5 / pace.batch
    assert is_due(engine_of(box), settings)
    found = calibrate_engine(engine_of(box), settings)
    assert not is_due(engine_of(box), settings)
    assert read_calibration(settings, "abc") == found
    assert pace_for(settings.speech, read_calibration(settings, "abc")) == Pace(CORES, 5, 8)


def test_each_model_and_machine_is_measured_for_itself(
    box: Box, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    calibrate_engine(engine_of(box), settings)
    assert is_due(engine_of(box, "def"), settings)
    calibrate_engine(engine_of(box, "def"), settings)
    assert read_calibration(settings, "abc")
    monkeypatch.setattr(machine, "cores", lambda: 64)
    assert is_due(engine_of(box), settings)


def test_the_configuration_has_the_last_word(box: Box, settings: Settings) -> None:
    kept = Calibration.model_validate(
        {"workers": 3, "beam": 3, "batch": 2, "times_real_time": 9, "error_rate": 0.1, "sound_seconds": 99}
        | {"made_at": "2026-11-22T17:00:00Z"}
    )
    keep_calibration(settings, "abc", kept)
    assert pace_for(SpeechSettings(), kept) == Pace(3, 3, 2)
    assert pace_for(SpeechSettings(threads=1, beam=7), kept) == Pace(1, 7, 2)
    assert pace_for(SpeechSettings(threads=1, beam=7, batch=4), None) == Pace(1, 7, 4)
    assert pace_for(SpeechSettings(), None) == Pace(machine.cores(), 5, 4)
    set_by_hand = settings.model_copy(update={"speech": SpeechSettings(threads=1, beam=7, batch=4)})
    assert not is_due(engine_of(box, "def"), set_by_hand)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\xff", '{"abc": 1}', "[" * 200_000])
def test_a_damaged_file_is_made_anew(box: Box, settings: Settings, text: str) -> None:
    calibrate_engine(engine_of(box), settings)
    path = calibrations_path(settings)
    path.write_bytes(text.encode("latin-1"))
    assert is_due(engine_of(box), settings)
    calibrate_engine(engine_of(box), settings)
    assert not is_due(engine_of(box), settings)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("wrong", [{"workers": "all"}, {"times_real_time": float("inf")}, {"error_rate": float("nan")}])
def test_one_damaged_row_is_no_row(box: Box, settings: Settings, wrong: dict[str, object]) -> None:
    calibrate_engine(engine_of(box), settings)
    path = calibrations_path(settings)
    rows = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({key: row | wrong for key, row in rows.items()}), "utf-8")
    assert read_calibration(settings, "abc") is None
    assert is_due(engine_of(box), settings)


def test_no_calibration_gives_more_workers_than_there_are_cores(settings: Settings) -> None:
    row = {"workers": 256, "beam": 5, "batch": 4, "times_real_time": 9, "error_rate": 0.1, "sound_seconds": 99}
    kept = Calibration.model_validate(row | {"made_at": "2026-11-22T17:00:00Z"})
    assert pace_for(settings.speech, kept).workers == CORES


def test_a_recogniser_with_one_way_only_needs_no_calibration(settings: Settings) -> None:
    recogniser = SimpleNamespace(longest_seconds=600.0, is_modest=True, recognise=lambda *_: [])
    assert not is_due(Engine("vosk-ko", "abc", ("sv",), recogniser), settings)  # type: ignore[arg-type]

"""How a model is best used on this box: tried on comments whose words are known, within about a minute."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

import jiwer

import appliance
from appliance import machine
from appliance.catalog import Begun, Calibration, keep_calibration, read_begun
from appliance.settings import Settings
from appliance.sound import read_wav
from appliance.speech.engine import Engine
from appliance.speech.pace import Pace, pace_for
from appliance.speech.transcript import Heard, Piece
from appliance.speech.voice import find_speech, pieces
from appliance.types import Language

_COMMENTS: Final = Path(appliance.__file__).parent / "practice" / "comments"
"""Rendered comments and their texts, delivered with the package."""
_LIMIT_SECONDS: Final = 60.0
"""No further batch or number of workers is tried that would end later."""
_PASS_SECONDS: Final = 4.0
_LONGEST_PASS_SECONDS: Final = 20.0
"""A slow box needs some whole batches all the same."""
_FEWEST: Final = 8
_BATCHES: Final = (4, 8, 2)
_WORTH: Final = 1.03
"""What takes more of the machine has to be so much faster, and what takes less may be so much slower."""
_WORSE: Final = 0.01
"""Of the words: what batches may cost. Those of unlike length are padded, which changes a few."""
_ENOUGH: Final = 2.0
"""Seconds of sound a second: eight lines that ring without a pause record about one."""
_SMALLER_BEAMS: Final = (3, 1)
_MOST_TRIES: Final = 2
_QUIET_SHARE: Final = 0.7
"""Of its cores' time that a pass on a quiet box gets, at the least; single comments leave no core without work."""
_NOT_QUIET: Final = "the processor had other work; measure again when the box is quiet"
_MEMORY_SHARE: Final = 0.8
"""Of what this process may use."""


@runtime_checkable
class Paced(Protocol):
    """A recogniser whose pace can be chosen."""

    pace: Pace

    @property
    def longest_seconds(self) -> float: ...

    def recognise(self, pieces: list[Piece], language: str) -> list[Heard]: ...


@dataclass(frozen=True, slots=True)
class Tried:
    """One pace, measured."""

    pace: Pace
    sound_seconds: float
    times_real_time: float
    error_rate: float
    share: float
    """Of its cores' time that it got."""

    def __str__(self) -> str:
        used = f"{self.pace.workers} at once, batches of {self.pace.batch}, beam {self.pace.beam}"
        return f"{used}: {self.times_real_time:.1f} times real time, {self.error_rate:.1%} of the words wrong"

    def kept(self, note: str = "") -> Calibration:
        return Calibration(
            workers=self.pace.workers,
            beam=self.pace.beam,
            batch=self.pace.batch,
            times_real_time=round(self.times_real_time, 2),
            error_rate=round(self.error_rate, 4),
            sound_seconds=round(self.sound_seconds, 1),
            made_at=datetime.now(UTC),
            note=note,
        )


class _InterruptedError(Exception):
    """There is something better to do."""


def calibrate(
    recogniser: Paced,
    most_workers: int,
    keep: Callable[[Calibration], object],
    may_go_on: Callable[[], bool] = lambda: True,
    say: Callable[[str], object] = lambda _: None,
    *,
    is_patient: bool = False,
) -> Calibration | None:
    """The pace for a loaded model, which goes on with it; None, and nothing changed, where `may_go_on` says no.

    A patient one gives up, too, where others use the processor: there will be a better time.

    `keep` is given the best so far each time: what a process killed for its memory has found is not lost.
    """
    before = recogniser.pace
    found = None
    try:
        found = _search(_Trials(recogniser, most_workers, may_go_on, say), most_workers, keep, is_patient=is_patient)
    except _InterruptedError:
        say("there is something better to do")
    finally:
        recogniser.pace = Pace(found.workers, found.beam, found.batch) if found else before
    return found


def is_due(engine: Engine, settings: Settings) -> bool:
    """Whether nobody has yet measured this model on this machine, and whether it would matter."""
    chosen = settings.speech
    if not isinstance(engine.recogniser, Paced) or not engine.speaks(Language.SWEDISH):
        return False
    found = read_begun(settings, engine.digest)
    is_known = found is not None and (isinstance(found, Calibration) if found.is_final else found.tries >= _MOST_TRIES)
    return not is_known and not (chosen.threads and chosen.beam and chosen.batch)


def calibrate_engine(
    engine: Engine,
    settings: Settings,
    may_go_on: Callable[[], bool] = lambda: True,
    say: Callable[[str], object] = lambda _: None,
    *,
    is_patient: bool = False,
) -> Calibration | None:
    """Measure an engine, keep what was found beside the models, and go on at that pace; None where it was interrupted.

    OSError where it cannot be kept.
    """
    recogniser, before = engine.recogniser, read_begun(settings, engine.digest)
    if not isinstance(recogniser, Paced):
        return None
    tries = before.tries + 1 if before and not before.is_final else 1

    def keep_so_far(best: Begun) -> None:
        keep_calibration(settings, engine.digest, best.model_copy(update={"is_final": False, "tries": tries}))

    keep_so_far(before or Begun(tries=tries))  # the first pass may be the one that it is killed in
    most_workers = settings.speech.threads or machine.cores()
    found = calibrate(recogniser, most_workers, keep_so_far, may_go_on, say, is_patient=is_patient)
    keep_calibration(settings, engine.digest, found or before)
    if found:
        recogniser.pace = pace_for(settings.speech, found)
    return found


def _search(trials: "_Trials", cores: int, keep: Callable[[Calibration], object], *, is_patient: bool) -> Calibration:
    reference = best = trials.run(Pace(cores, batch=1))
    is_quiet = reference.share >= _QUIET_SHARE
    if is_patient and not is_quiet:
        raise _InterruptedError
    for change in [*({"batch": batch} for batch in _BATCHES), {"workers": max(1, cores // 2)}]:
        keep(best.kept())
        pace = replace(best.pace, **change)
        if pace == best.pace or not trials.has_room_for(pace):
            continue
        tried = trials.run(pace)
        if tried.error_rate <= reference.error_rate + _WORSE and _is_better(tried, best):
            best = tried
    widest = best
    for beam in _SMALLER_BEAMS:
        if best.times_real_time < _ENOUGH:
            best = max(best, trials.run(replace(best.pace, beam=beam)), key=lambda tried: tried.times_real_time)
    widest_beam = f"with beam {widest.pace.beam} it would be {widest.times_real_time:.1f} times real time"
    notes = ([] if is_quiet else [_NOT_QUIET]) + ([widest_beam] if best.pace.beam < widest.pace.beam else [])
    return best.kept("; ".join(notes))


def _is_better(tried: Tried, best: Tried) -> bool:
    takes_more = tried.pace.workers * tried.pace.batch > best.pace.workers * best.pace.batch
    return tried.times_real_time > best.times_real_time * (_WORTH if takes_more else 1 / _WORTH)


class _Trials:
    """The same comments again and again, at one pace after another."""

    def __init__(
        self, recogniser: Paced, workers: int, may_go_on: Callable[[], bool], say: Callable[[str], object]
    ) -> None:
        self._recogniser = recogniser
        self._may_go_on = may_go_on
        self._say = say
        self._end_at = time.monotonic() + _LIMIT_SECONDS
        self._pass_seconds = 0.0
        self._loaded_bytes = machine.used_memory_bytes()
        self._bytes_per_piece = 0.0
        self._spoken = self._enough(_spoken_comments(recogniser.longest_seconds), workers)

    def run(self, pace: Pace) -> Tried:
        """One pass; _InterruptedError where it must not be."""
        if not self._may_go_on():
            raise _InterruptedError
        self._recogniser.pace = pace
        begun, used = time.monotonic(), time.process_time()
        heard = self._recogniser.recognise([each.piece for each in self._spoken], Language.SWEDISH)
        self._pass_seconds = time.monotonic() - begun
        # Memory that was taken once is kept: what a first pass has added belongs to its pieces.
        grown = machine.used_memory_bytes() - self._loaded_bytes
        self._bytes_per_piece = max(self._bytes_per_piece, grown / (pace.workers * pace.batch))
        wrong = jiwer.wer([each.text for each in self._spoken], [_plain(each.text) for each in heard])
        sound_seconds = sum(each.seconds for each in self._spoken)
        share = (time.process_time() - used) / self._pass_seconds / pace.workers
        tried = Tried(pace, sound_seconds, sound_seconds / self._pass_seconds, float(wrong), share)
        self._say(f"{tried}")
        return tried

    def has_room_for(self, pace: Pace) -> bool:
        """Whether there are time, memory and comments for it."""
        at_once = pace.workers * pace.batch
        memory = machine.memory_bytes() * _MEMORY_SHARE
        return (
            at_once <= len(self._spoken)
            and time.monotonic() + self._pass_seconds < self._end_at
            and self._loaded_bytes + self._bytes_per_piece * at_once < memory
        )

    def _enough(self, comments: list["_Spoken"], workers: int) -> list["_Spoken"]:
        """As many as a pass has time for: one of them tells, once the model is warm."""
        self._recogniser.pace = Pace(workers, batch=1)
        self._recogniser.recognise([comments[0].piece], Language.SWEDISH)
        begun = time.monotonic()
        self._recogniser.recognise([comments[0].piece], Language.SWEDISH)
        each_seconds = (time.monotonic() - begun) / workers
        fewest = min(_FEWEST, _LONGEST_PASS_SECONDS / each_seconds)
        most = max(len(comments), workers * max(_BATCHES))
        count = max(2, int(min(most, max(fewest, _PASS_SECONDS / each_seconds))))
        return list(islice(cycle(comments), count))


@dataclass(frozen=True, slots=True)
class _Spoken:
    piece: Piece
    seconds: float
    text: str
    """In plain words."""


def _spoken_comments(longest_seconds: float) -> list[_Spoken]:
    rows = map(json.loads, (_COMMENTS / "comments.jsonl").read_text(encoding="utf-8").splitlines())
    found = []
    for row in rows:
        sound = read_wav(_COMMENTS / row["file"])
        speech = find_speech(sound, is_speech=True)
        cut = pieces(speech, longest_seconds) if speech else []
        if len(cut) == 1:  # one cut in two would need its words told apart
            found.append(_Spoken(cut[0], sound.seconds, _plain(row["text"])))
    return found


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))

"""Vosk, the small engine: one language a model, always from a path, so that nothing is ever downloaded."""

import json
import logging
import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import vosk

from appliance import machine
from appliance.errors import ModelError
from appliance.sound import Samples
from appliance.speech.features import RATE_HZ
from appliance.speech.transcript import Heard, Piece, Word

_log = logging.getLogger(__name__)

_ASSERTIONS_ONLY: Final = -3
"""Of Kaldi's log: what is wrong with a model is said by ModelError, in one line."""
_LEAST_SECONDS: Final = 0.1
"""In one frame of nothing it hears a word."""
_FEATURES: Final = "mfcc.conf"
_UNKNOWN: Final = ("[unk]", "<unk>", "<UNK>")
"""How models write what is no word of theirs."""


class VoskModel:
    """A Kaldi model, resident; for several threads at once."""

    def __init__(self, path: Path) -> None:
        """Load the model's folder; ModelError where it is none.

        A model whose checksums are right is loaded in any case. One that was packed wrong may end the process:
        Vosk asserts what it does not expect (an empty disambig_tid.int or splice.conf).
        """
        self._path = path
        vosk.SetLogLevel(_ASSERTIONS_ONLY)
        try:
            with TemporaryDirectory(prefix="vosk-") as folder:
                _mirror(path, Path(folder))
                self._model = vosk.Model(folder)
            self.recogniser()
        except Exception as error:  # vosk raises bare Exception
            raise ModelError(f"{path}: not a Vosk model: {error}") from error

    def knows(self, word: str) -> bool:
        """Whether it has the word; a word that it does not have is never heard."""
        return bool(self._model.vosk_model_find_word(word) >= 0)

    @property
    def unknown(self) -> str | None:
        """The word that stands for all that it has no word for."""
        return next(filter(self.knows, _UNKNOWN), None)

    def recogniser(self, phrases: Sequence[str] = ()) -> vosk.KaldiRecognizer:
        """For one sound at 16 kHz; with phrases it hears these alone, where the model's graph is made at run time."""
        # Vosk reads no \u escapes: a word with an å would be one that it does not know, and left out.
        grammar = (json.dumps(phrases, ensure_ascii=False),) if phrases else ()
        recogniser = vosk.KaldiRecognizer(self._model, RATE_HZ, *grammar)
        recogniser.SetWords(True)
        return recogniser

    def words(self, samples: Samples, phrases: Sequence[str] = ()) -> list[Mapping[str, Any]]:
        """What Vosk hears: word, conf, start and end in seconds. The same samples give the same words."""
        if len(samples) < _LEAST_SECONDS * RATE_HZ:
            return []
        recogniser = self.recogniser(phrases)
        # The noise of one step that Kaldi would add itself, but another every time.
        grain = np.random.default_rng(0).standard_normal(len(samples), np.float32)
        # Resampling may overshoot full scale.
        pcm = (samples * 32767 + grain).clip(-32768, 32767).astype("<i2")
        try:
            recogniser.AcceptWaveform(pcm.tobytes())
        except Exception as error:  # vosk raises bare Exception
            raise ModelError(f"{self._path}: Vosk cannot listen with this model: {error}") from error
        found: list[Mapping[str, Any]] = json.loads(recogniser.FinalResult()).get("result", [])
        return found


def _mirror(path: Path, folder: Path) -> None:
    """The model's files by link, its features without Kaldi's random noise: it makes every try another text."""
    for file in path.rglob("*"):
        target = folder / file.relative_to(path)
        if file.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        elif file.name == _FEATURES:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes() + b"\n--dither=0\n")
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(file.absolute())


class VoskRecogniser:
    """A Vosk model as one of the engines; for several threads at once.

    A word's confidence is Vosk's own, the share of the likeliest readings that have it: high where the model knows few
    other words, so that it does not say how often such words are right, as Whisper's does.
    """

    longest_seconds: Final = 60.0
    """Vosk reads sound as a stream, but holds 0.8 MB a second of it."""

    def __init__(self, path: Path, threads: int = 0, names: Sequence[str] = ()) -> None:
        """Load the model's folder; ModelError where it is none. 0 threads are as many as there are cores.

        It cannot be told what names to expect.
        """
        self.is_modest = False
        self._model = VoskModel(path)
        self._pool = ThreadPoolExecutor(threads or machine.cores(), "vosk")
        if names:
            _log.warning("speech.words: a Vosk model hears only words of its own; it is not told to expect any")

    def recognise(self, pieces: Sequence[Piece], language: str, *, is_careful: bool = False) -> list[Heard]:  # noqa: ARG002 -- there is one way only
        """Each piece in words, a thread each; a model has one language, and a second try would be the first again."""
        run = map if self.is_modest else self._pool.map
        return list(run(lambda piece: self._recognise(piece, language), pieces))

    def stop(self) -> None:
        """Hear what is being heard now, and nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _recognise(self, piece: Piece, language: str) -> Heard:
        found = [word for word in self._model.words(piece.samples) if word["word"] not in _UNKNOWN]
        likely = float(np.mean([word["conf"] for word in found])) if found else 0.0
        words = tuple(Word(word["word"], min(word["conf"], 1.0)) for word in found)
        return Heard(words, language, log_probability=math.log(max(likely, 1e-9)))

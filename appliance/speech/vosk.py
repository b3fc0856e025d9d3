"""Vosk, the small engine: one language a model, always from a path, so that nothing is ever downloaded."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import vosk

from appliance.errors import ModelError
from appliance.speech.features import RATE_HZ
from appliance.speech.transcript import Heard, Piece, Word


class VoskRecogniser:
    """A Kaldi model, resident."""

    longest_seconds: Final = 600.0
    """Vosk reads sound as a stream."""

    def __init__(self, path: Path) -> None:
        """Load the model's folder; ModelError where it is none."""
        self.is_modest = True  # as ever: it uses one core
        vosk.SetLogLevel(-1)
        try:
            self._model = vosk.Model(str(path))
        except Exception as error:  # vosk raises bare Exception
            raise ModelError(f"{path}: not a Vosk model: {error}") from error

    def recognise(self, pieces: Sequence[Piece], language: str, *, is_careful: bool = False) -> list[Heard]:  # noqa: ARG002 -- there is one way only
        """Each piece in words, each with Vosk's own confidence; a model has one language."""
        return [self._recognise(piece, language) for piece in pieces]

    def _recognise(self, piece: Piece, language: str) -> Heard:
        recogniser = vosk.KaldiRecognizer(self._model, RATE_HZ)
        recogniser.SetWords(True)
        # Resampling may overshoot full scale.
        recogniser.AcceptWaveform((piece.samples.clip(-1, 1) * 32767).astype("<i2").tobytes())
        result = json.loads(recogniser.FinalResult())
        words = tuple(Word(word["word"], word["conf"]) for word in result.get("result", ()))
        likely = float(np.mean([word.confidence for word in words])) if words else 0.0
        return Heard(words, language, log_probability=math.log(max(likely, 1e-9)))

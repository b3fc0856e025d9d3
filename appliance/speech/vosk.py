"""Vosk, the small engine: one language a model, always from a path, so that nothing is ever downloaded."""

import json
from pathlib import Path
from typing import Final

import numpy as np
import vosk

from appliance.errors import ModelError
from appliance.sound import Samples
from appliance.speech.features import RATE_HZ
from appliance.speech.transcript import Heard


class VoskRecogniser:
    """A Kaldi model, resident."""

    longest_seconds: Final = 600.0
    """Vosk reads sound as a stream."""

    def __init__(self, path: Path) -> None:
        """Load the model's folder; ModelError where it is none."""
        vosk.SetLogLevel(-1)
        try:
            self._model = vosk.Model(str(path))
        except Exception as error:  # vosk raises bare Exception
            raise ModelError(f"{path}: not a Vosk model: {error}") from error

    def recognise(self, samples: Samples, language: str) -> Heard:  # noqa: ARG002 -- a model has one language
        """The words of a piece of speech and the mean of their confidence."""
        recogniser = vosk.KaldiRecognizer(self._model, RATE_HZ)
        recogniser.SetWords(True)
        # Resampling may overshoot full scale.
        recogniser.AcceptWaveform((samples.clip(-1, 1) * 32767).astype("<i2").tobytes())
        result = json.loads(recogniser.FinalResult())
        words = [word["conf"] for word in result.get("result", ())]
        return Heard(result["text"], float(np.mean(words)) if words else 0.0)

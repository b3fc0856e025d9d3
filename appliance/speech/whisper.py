"""Whisper on CTranslate2, int8, with an encoder window as long as the speech instead of 30 seconds."""

import math
import zlib
from collections import Counter
from pathlib import Path
from typing import Final

import ctranslate2
from tokenizers import Tokenizer

from appliance.errors import ModelError
from appliance.sound import Samples
from appliance.speech.features import FRAMES_PER_SECOND, RATE_HZ, log_mel
from appliance.speech.transcript import Heard

_LONGEST_FRAMES: Final = 3000
_MARGIN_SECONDS: Final = 3.0
_LEAST_SECONDS: Final = 8
"""The window is the speech and this margin, and no shorter than this: chosen by word error rate, models/README.md."""
_BEAM: Final = 5
_TOKENS_PER_SECOND: Final = 12
"""Twice what a fast Swedish speaker needs; what is longer is a loop."""
_MOST_TOKENS: Final = 448
_MOST_COMPRESSION: Final = 2.4
"""OpenAI's threshold for a text that repeats itself: openai/whisper, transcribe.py."""


class WhisperRecogniser:
    """A CTranslate2 Whisper model, resident."""

    longest_seconds: Final = _LONGEST_FRAMES / FRAMES_PER_SECOND - _MARGIN_SECONDS

    def __init__(self, path: Path, threads: int) -> None:
        """Load the model's folder; ModelError where it is none."""
        try:
            self._model = ctranslate2.models.Whisper(str(path), compute_type="int8", intra_threads=threads)
            self._tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
        except Exception as error:  # tokenizers raises bare Exception
            raise ModelError(f"{path}: not a Whisper model for CTranslate2: {error}") from error

    def recognise(self, samples: Samples, language: str) -> Heard:
        """The words of up to 27 s of trimmed speech; decoded again without repeats where the first try loops."""
        seconds = len(samples) / RATE_HZ
        # Whole seconds: for each length of its own CTranslate2's kernels keep memory.
        window_seconds = max(math.ceil(seconds + _MARGIN_SECONDS), _LEAST_SECONDS)
        frames = min(window_seconds * FRAMES_PER_SECOND, _LONGEST_FRAMES)
        features = log_mel(samples, self._model.n_mels, frames)
        encoded = self._model.encode(ctranslate2.StorageView.from_array(features[None]))
        heard = self._decode(encoded, language, seconds)
        return heard if heard.confidence else self._decode(encoded, language, seconds, no_repeat_ngram_size=3)

    def _decode(
        self, encoded: ctranslate2.StorageView, language: str, seconds: float, no_repeat_ngram_size: int = 0
    ) -> Heard:
        prompt = ["<|startoftranscript|>", f"<|{language}|>", "<|transcribe|>", "<|notimestamps|>"]
        most_tokens = min(10 + int(seconds * _TOKENS_PER_SECOND), _MOST_TOKENS - len(prompt))
        result = self._model.generate(
            encoded,
            [prompt],
            beam_size=_BEAM,
            max_length=len(prompt) + most_tokens,
            no_repeat_ngram_size=no_repeat_ngram_size,
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        tokens = result.sequences_ids[0]
        text = self._tokenizer.decode(tokens).strip()
        looks_invented = len(tokens) >= most_tokens or _repeats_itself(text)
        # The score is the mean over the tokens; the end of the text counts as one more.
        log_probability = result.scores[0] * len(tokens) / (len(tokens) + 1)
        return Heard(text, 0.0 if looks_invented else math.exp(log_probability), result.no_speech_prob)


def _repeats_itself(text: str) -> bool:
    """Whether one phrase comes over and over: the same three words three times, or a text that compresses well."""
    words = text.lower().split()
    phrases = Counter(zip(words, words[1:], words[2:], strict=False))
    data = text.encode()
    return max(phrases.values(), default=0) >= 3 or len(data) > _MOST_COMPRESSION * len(zlib.compress(data))

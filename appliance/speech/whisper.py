"""Whisper on CTranslate2, int8: windows as long as the speech instead of 30 s, those of like length together."""

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import ctranslate2
import numpy as np
from tokenizers import Tokenizer

from appliance import machine
from appliance.errors import ModelError
from appliance.speech.features import FRAMES_PER_SECOND, RATE_HZ, log_mel
from appliance.speech.pace import Pace
from appliance.speech.transcript import Heard, Piece
from appliance.speech.words import words

_LONGEST_SECONDS: Final = 30
_MARGIN_SECONDS: Final = 2
_LEAST_SECONDS: Final = 8
"""The window is the longest piece and this margin, no shorter than this: chosen by error rate, models/README.md."""
_TOKENS_PER_SECOND: Final = 12
"""Twice what a fast Swedish speaker needs; what is longer is a loop."""
_MOST_TOKENS: Final = 448
_POSITIONS_PER_SECOND: Final = 50
"""Of the encoder's output."""


class WhisperRecogniser:
    """A CTranslate2 Whisper model, resident."""

    longest_seconds: Final[float] = _LONGEST_SECONDS - _MARGIN_SECONDS

    def __init__(self, path: Path, pace: Pace) -> None:
        """Load the model's folder; ModelError where it is none."""
        self.is_modest = False
        try:
            self._model = ctranslate2.models.Whisper(
                str(path), compute_type="int8", inter_threads=max(pace.workers, machine.cores()), intra_threads=1
            )
            self._tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
        except Exception as error:  # tokenizers raises bare Exception
            raise ModelError(f"{path}: not a Whisper model for CTranslate2: {error}") from error
        self.pace = pace

    @property
    def pace(self) -> Pace:
        """To be set between two recognitions; no more workers than the machine has cores."""
        return self._pace

    @pace.setter
    def pace(self, wanted: Pace) -> None:
        self._pace = wanted
        self._pool = ThreadPoolExecutor(wanted.workers, "whisper")

    def recognise(self, pieces: Sequence[Piece], language: str, *, is_careful: bool = False) -> list[Heard]:
        """Each piece in words; `is_careful` sees a whole window of 30 s and says nothing twice."""
        order = sorted(range(len(pieces)), key=lambda at: -len(pieces[at].samples))
        workers = 1 if self.is_modest else self._pace.workers
        size = 1 if is_careful else min(self._pace.batch, max(1, math.ceil(len(pieces) / workers)))  # a share for each
        batches = [order[start : start + size] for start in range(0, len(order), size)]
        heard: dict[int, Heard] = {}
        # The longest first: no core is left alone with a long one at the end.
        run = map if self.is_modest else self._pool.map
        several = run(lambda batch: self._batch([pieces[at] for at in batch], language, is_careful), batches)
        for batch, found in zip(batches, several, strict=True):
            heard.update(zip(batch, found, strict=True))
        return [heard[at] for at in range(len(pieces))]

    def _batch(self, pieces: Sequence[Piece], language: str, is_careful: bool) -> list[Heard]:
        seconds = [len(piece.samples) / RATE_HZ for piece in pieces]
        # Whole seconds: for each length of its own CTranslate2's kernels keep memory.
        window = max(math.ceil(max(seconds) + _MARGIN_SECONDS), _LEAST_SECONDS)
        frames = (_LONGEST_SECONDS if is_careful else min(window, _LONGEST_SECONDS)) * FRAMES_PER_SECOND
        features = np.stack([log_mel(piece.samples, self._model.n_mels, frames) for piece in pieces])
        encoded = self._model.encode(ctranslate2.StorageView.from_array(features))
        prompt = ["<|startoftranscript|>", f"<|{language}|>", "<|transcribe|>", "<|notimestamps|>"]
        results = self._model.generate(
            encoded,
            [prompt] * len(pieces),
            beam_size=self._pace.beam,
            max_length=min(len(prompt) + _most_tokens(max(seconds)), _MOST_TOKENS),
            no_repeat_ngram_size=3 if is_careful else 0,
            return_scores=True,
            return_no_speech_prob=True,
        )
        ids = [result.sequences_ids[0] for result in results]
        start = [self._tokenizer.token_to_id(token) for token in prompt[:3]]
        aligned = self._model.align(encoded, start, ids, [int(each * _POSITIONS_PER_SECOND) for each in seconds])
        rows = zip(results, ids, aligned, seconds, strict=True)
        return [self._heard(*row, language) for row in rows]

    def _heard(self, result: Any, ids: list[int], aligned: Any, seconds: float, language: str) -> Heard:
        return Heard(
            words(self._tokenizer, ids, aligned.text_token_probs),
            language,
            log_probability=result.scores[0],
            no_speech=result.no_speech_prob,
            is_cut_off=len(ids) >= _most_tokens(seconds),
        )


def _most_tokens(seconds: float) -> int:
    return 10 + int(seconds * _TOKENS_PER_SECOND)

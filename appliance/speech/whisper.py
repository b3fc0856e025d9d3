"""Whisper on CTranslate2, int8: windows as long as the speech instead of 30 s, those of like length together."""

import logging
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import ctranslate2
import numpy as np
from tokenizers import Tokenizer

from appliance import machine
from appliance.errors import ModelError
from appliance.speech.features import FRAMES_PER_SECOND, RATE_HZ, Floats, log_mel
from appliance.speech.languages import likelier, suspected
from appliance.speech.pace import Pace
from appliance.speech.prompt import echoes, fitting, prompt
from appliance.speech.transcript import Heard, Piece
from appliance.speech.words import words

_log = logging.getLogger(__name__)

_LONGEST_SECONDS: Final = 30
_MARGIN_SECONDS: Final = 2
_LEAST_SECONDS: Final = 8
"""The window is the longest piece and this margin, no shorter than this: chosen by error rate, models/README.md."""
_TOKENS_PER_SECOND: Final = 12
"""Twice what people were heard to need; what is longer is a loop."""
_MOST_TOKENS: Final = 224
"""Half of what the decoder holds, as in openai/whisper: the other half is the prompt's."""
_POSITIONS_PER_SECOND: Final = 50
"""Of the encoder's output."""
_NOTHING: Final = Piece(np.zeros(RATE_HZ, np.float32), 0.0)
"""A second for trying whether a model works at all."""


class WhisperRecogniser:
    """A CTranslate2 Whisper model, resident; for several threads at once."""

    longest_seconds: Final[float] = _LONGEST_SECONDS - _MARGIN_SECONDS

    def __init__(self, path: Path, pace: Pace, names: Sequence[str] = ()) -> None:
        """Load the model's folder, to expect these names; ModelError where it is none, or one that cannot work."""
        self.is_modest = False
        self.pace = pace
        try:
            self._model = ctranslate2.models.Whisper(
                str(path), compute_type="int8", inter_threads=max(pace.workers, machine.cores()), intra_threads=1
            )
            self._tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
            self._names = fitting(names, lambda text: len(self._tokens(text)))
            self._decode(self._encode([_NOTHING], 1), [_NOTHING], "en", is_careful=False)
        except Exception as error:  # tokenizers raises bare Exception
            raise ModelError(f"{path}: not a Whisper model for CTranslate2: {error}") from error
        if unheard := len(set(names)) - len(self._names):
            told = len(self._names)
            _log.warning(
                "speech.words: the model is told the first %d; it cannot attend to the other %d", told, unheard
            )

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

    def stop(self) -> None:
        """Hear what is being heard now, and nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _batch(self, pieces: Sequence[Piece], language: str, is_careful: bool) -> list[Heard]:
        # Whole seconds: for each length of its own CTranslate2's kernels keep memory.
        window = max(math.ceil(_longest(pieces) + _MARGIN_SECONDS), _LEAST_SECONDS)
        seconds = _LONGEST_SECONDS if is_careful else min(window, _LONGEST_SECONDS)
        states = self._encode(pieces, seconds)
        heard = self._decode(states, pieces, language, is_careful=is_careful)
        for at, each in enumerate(heard):
            if self._names and echoes(each.text, language):
                only = slice(at, at + 1)
                (heard[at],) = self._decode(states[only], pieces[only], language, is_careful=is_careful, is_told=False)
        if not self._model.is_multilingual:
            return heard
        for at, likely in enumerate(self._model.detect_language(_view(states))):
            spoken = {token[2:-2]: probability for token, probability in likely}
            if other := suspected(spoken, language, pieces[at].spoken_seconds):
                only = slice(at, at + 1)
                heard[at] = likelier(heard[at], *self._decode(states[only], pieces[only], other, is_careful=is_careful))
        return heard

    def _encode(self, pieces: Sequence[Piece], seconds: int) -> Floats:
        """(pieces, positions, states); one by one is quicker than together, and takes a quarter of the memory."""
        frames = seconds * FRAMES_PER_SECOND
        features = (log_mel(piece.samples, self._model.n_mels, frames)[None] for piece in pieces)
        return np.concatenate([np.array(self._model.encode(_view(each))) for each in features])

    def _decode(
        self, states: Floats, pieces: Sequence[Piece], language: str, *, is_careful: bool, is_told: bool = True
    ) -> list[Heard]:
        """Each piece in words; `is_told`: what names and what kind of text to expect."""
        encoded = _view(states)
        before, start = self._before(language) if is_told else [], self._start(language)
        most = _most_tokens(_longest(pieces))
        results = self._model.generate(
            encoded,
            [[*before, *start, self._mark("<|notimestamps|>")]] * len(pieces),
            beam_size=self._pace.beam,
            # CTranslate2 takes half of it for the text, or what the prompt leaves if that is less.
            max_length=max(2 * most, most + len(before) + len(start) + 1),
            no_repeat_ngram_size=3 if is_careful else 0,
            return_scores=True,
            return_no_speech_prob=True,
        )
        ids = [self._text(result.sequences_ids[0]) for result in results]
        positions = [max(1, int(_seconds(piece) * _POSITIONS_PER_SECOND)) for piece in pieces]
        aligned = self._model.align(encoded, [*before, *start], ids, positions)
        return [
            Heard(
                words(self._tokenizer, said, sure.text_token_probs, language),
                language,
                log_probability=result.scores[0],
                no_speech=result.no_speech_prob,
                is_cut_off=len(said) >= _most_tokens(_seconds(piece)),
            )
            for piece, result, said, sure in zip(pieces, results, ids, aligned, strict=True)
        ]

    def _before(self, language: str) -> list[int]:
        told = self._tokens(prompt(self._names, language))
        return [self._mark("<|startofprev|>"), *told] if told else []

    def _start(self, language: str) -> list[int]:
        """A model of one language has no marks to name it by."""
        named = (f"<|{language}|>", "<|transcribe|>") if self._model.is_multilingual else ()
        return [self._mark(mark) for mark in ("<|startoftranscript|>", *named)]

    def _mark(self, mark: str) -> int:
        id_: int | None = self._tokenizer.token_to_id(mark)
        if id_ is None:
            raise ModelError(f"its tokenizer.json has no {mark}")
        return id_

    def _tokens(self, text: str) -> list[int]:
        return self._text(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def _text(self, ids: Sequence[int]) -> list[int]:
        """Without what is no text: times, and other marks that a model may slip in."""
        first_mark = self._mark("<|endoftext|>")
        return [id_ for id_ in ids if id_ < first_mark]


def _view(values: Floats) -> ctranslate2.StorageView:
    return ctranslate2.StorageView.from_array(values)


def _seconds(piece: Piece) -> float:
    return len(piece.samples) / RATE_HZ


def _longest(pieces: Sequence[Piece]) -> float:
    return max(_seconds(piece) for piece in pieces)


def _most_tokens(seconds: float) -> int:
    return min(10 + int(seconds * _TOKENS_PER_SECOND), _MOST_TOKENS)

"""Whisper's tokens as words, each with how sure it is."""

from collections.abc import Sequence
from itertools import pairwise
from math import prod
from typing import Final

from tokenizers import Tokenizer

from appliance.speech.languages import UNSPACED
from appliance.speech.transcript import Word

_SPACE: Final = "\u0120"
"""How its byte-level tokens write the space that begins a word."""


def words(
    tokenizer: Tokenizer, ids: Sequence[int], probabilities: Sequence[float], language: str = "sv"
) -> tuple[Word, ...]:
    """The words of a text, together the tokenizer's own text but for double spaces.

    A word is as likely as all its tokens together, and that is how often it is right; where words are not told
    apart, a whole clause is as sure as its tokens are in the mean.
    """
    starts = [at for at, id_ in enumerate(ids) if at == 0 or (tokenizer.id_to_token(id_) or "").startswith(_SPACE)]
    found: list[Word] = []
    for start, end in pairwise([*starts, len(ids)]):
        likely = prod(probabilities[start:end])
        confidence = likely ** (1 / (end - start)) if language in UNSPACED else likely
        # More than one where a line's end or another space than the plain one is inside.
        found += [Word(text, confidence) for text in tokenizer.decode(ids[start:end]).split()]
    return tuple(found)

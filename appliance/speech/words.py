"""Whisper's tokens as words, each with how sure it is."""

from collections.abc import Sequence
from math import prod

from tokenizers import Tokenizer

from appliance.speech.transcript import Word

_SPACE = "\u0120"
"""How its byte-level tokens write the space that begins a word."""


def words(tokenizer: Tokenizer, ids: Sequence[int], probabilities: Sequence[float]) -> tuple[Word, ...]:
    """The words of a text; a word is as likely as all its tokens together, and that is how often it is right."""
    starts = [at for at, id_ in enumerate(ids) if at == 0 or (tokenizer.id_to_token(id_) or "").startswith(_SPACE)]
    spans = zip(starts, [*starts[1:], len(ids)], strict=True)
    found = ((tokenizer.decode(ids[start:end]).strip(), prod(probabilities[start:end])) for start, end in spans)
    return tuple(Word(text, confidence) for text, confidence in found if text)

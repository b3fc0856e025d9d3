"""A comment as words and clauses; training and the box read text by this very code."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from appliance.opinions.lexicon import Lexicon

MAX_CHARACTERS: Final = 20_000
"""What is read of a text: ten minutes of speech are some 12 000 characters."""
_NUMBER: Final = "0"
_SHORTEST_CLAUSE_WORDS: Final = 2
_LONGEST_CLAUSE_WORDS: Final = 14
# A letter may carry its ring or dots as a mark of its own (decomposed Unicode).
_WORD: Final = re.compile(r"[\w\u0300-\u036f]+(?:[-:][\w\u0300-\u036f]+)*")
_STOP: Final = re.compile(r"[.!?;:,()\"–—\n]")


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    """Lower case, spelt as the lexicon spells it."""
    start: int
    end: int
    """Where it stands in the comment, as characters."""
    begins_clause: bool


def words_of(text: str, lexicon: Lexicon) -> list[Word]:
    """The words of a text; a number of several words is one word."""
    words: list[Word] = []
    last_end = 0
    for match in _WORD.finditer(text[:MAX_CHARACTERS]):
        spelt = lexicon.spell(unicodedata.normalize("NFC", match[0]).lower())
        stopped = _STOP.search(text, last_end, match.start()) is not None
        last_end = match.end()
        if not lexicon.is_number(spelt):
            words.append(Word(spelt, match.start(), match.end(), stopped or spelt in lexicon.joiners))
        elif words and words[-1].text == _NUMBER and not stopped:
            words[-1] = Word(_NUMBER, words[-1].start, match.end(), words[-1].begins_clause)
        else:
            words.append(Word(_NUMBER, match.start(), match.end(), stopped))
    return words


def clauses_of(words: list[Word]) -> list[list[Word]]:
    """The clauses of a comment, 2–14 words each; at least one, which may be empty."""
    clauses: list[list[Word]] = [[]]
    for number, word in enumerate(words):
        starts_afresh = word.begins_clause and len(clauses[-1]) >= _SHORTEST_CLAUSE_WORDS
        left_over = len(words) - number < _SHORTEST_CLAUSE_WORDS
        if (starts_afresh and not left_over) or len(clauses[-1]) == _LONGEST_CLAUSE_WORDS:
            clauses.append([])
        clauses[-1].append(word)
    return clauses

from math import prod
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from appliance.catalog import find_model
from appliance.errors import ModelError
from appliance.settings import Settings
from appliance.speech.words import words

_PLAIN = 50_257
"""So many of Whisper's tokens are text."""
IDS = st.lists(st.integers(0, _PLAIN - 1), max_size=40)
SURE = st.floats(0, 1)


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    try:
        folder: Path = find_model("whisper-base", Settings())
    except ModelError as error:
        pytest.skip(f"{error}")
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def joined(tokenizer: Tokenizer, ids: list[int]) -> str:
    return " ".join(word.text for word in words(tokenizer, ids, [1.0] * len(ids)))


@given(IDS)
@example([])
@example([220, 220])
def test_the_words_together_are_the_tokenizers_own_text(tokenizer: Tokenizer, ids: list[int]) -> None:
    assert joined(tokenizer, ids) == " ".join(tokenizer.decode(ids).split())


@given(st.text(max_size=60))
@example("Ängsvallen, Öja å Åkerö: blåbärssås på ö-tåget! 🙂 你好 ")
def test_whatever_is_written_comes_back(tokenizer: Tokenizer, text: str) -> None:
    ids = tokenizer.encode(text, add_special_tokens=False).ids
    ids = [id_ for id_ in ids if id_ < _PLAIN]
    assert joined(tokenizer, ids) == " ".join(tokenizer.decode(ids).split())


@pytest.mark.parametrize("letter", "åäöÅÄÖé")
def test_a_letter_split_over_two_tokens_is_one_letter(tokenizer: Tokenizer, letter: str) -> None:
    halves = [tokenizer.token_to_id(half) for half in _byte_tokens(letter)]
    assert len(halves) == 2
    assert joined(tokenizer, [*tokenizer.encode(" p", add_special_tokens=False).ids, *halves]) == f"p{letter}"


def _byte_tokens(letter: str) -> list[str]:
    """Each byte's own token, by the alphabet of byte-level tokens: those that cannot be printed begin at U+0100."""
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return [chr(byte) if byte in shown else chr(0x100 + hidden.index(byte)) for byte in letter.encode()]


@given(st.lists(st.tuples(st.sampled_from([" Hej", " på", " tele", "fon", "sup", "port", "en", ",", "."]), SURE)))
def test_a_word_is_as_likely_as_all_its_tokens_together(tokenizer: Tokenizer, said: list[tuple[str, float]]) -> None:
    parts = [(id_, sure) for text, sure in said for id_ in tokenizer.encode(text, add_special_tokens=False).ids]
    found = words(tokenizer, [id_ for id_, _ in parts], [sure for _, sure in parts])
    assert all(0 <= word.confidence <= 1 for word in found)
    assert prod(word.confidence for word in found) == pytest.approx(prod(sure for _, sure in parts), abs=1e-9)


def test_a_clause_without_spaces_is_as_sure_as_its_tokens(tokenizer: Tokenizer) -> None:
    ids = tokenizer.encode("你好你好你好", add_special_tokens=False).ids
    (clause,) = words(tokenizer, ids, [0.5] * len(ids), "zh")
    assert clause.confidence == pytest.approx(0.5)

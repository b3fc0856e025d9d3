import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.speech.captions import is_caption, without_captions
from appliance.speech.transcript import Word

_FILM = [
    "Tack för att ni tittade!",
    "Tack så mycket för att du har tittat.",
    "Tack för att ni har tittat på den här videon.",
    "Undertexter av Amara.org-gemenskapen",
    "Undertexter från Amara.org-gemenskapen",
    "Undertexter: ScandiSent",
    "Undertext",
    "Textning Stina Hedin www.btistudios.com",
    "Textning: Stina Hedin",
    "Text: Stina Hedin",
    "Svensktextning.nu",
    "www.sdimedia.com",
    "Översättning: Anna Lind",
    "Prenumerera gärna på min kanal!",
    "Thank you for watching.",
    "Subtitles by the Amara.org community",
    "Please subscribe to my channel.",
    "[Musik]",
    "♪ ♪",
]
_SAID = [
    "",
    "Tack.",
    "Tack så mycket för hjälpen.",
    "Tack för att ni finns.",
    "Tack för att ni lyssnade.",
    "Texten på hemsidan är för liten.",
    "Textningen saknas på era filmer.",
    "Jag vill översätta ett intyg till svenska.",
    "Hon som heter Amara var jättetrevlig.",
    "För mer information skulle jag gå till www.exempel.se och det hjälpte inte.",
    "Thank you for your help.",
    "Jag prenumererar på ert nyhetsbrev.",
]


def words(text: str, confidence: float) -> tuple[Word, ...]:
    return tuple(Word(word, confidence) for word in text.split())


@pytest.mark.parametrize("text", _FILM)
def test_what_stands_under_films_is_known(text: str) -> None:
    assert is_caption(text)


@pytest.mark.parametrize("text", _SAID)
def test_what_people_say_is_none(text: str) -> None:
    assert not is_caption(text)


@pytest.mark.parametrize("caption", [*_FILM, "Tack för att ni lyssnade.", "Thanks for listening!"])
@pytest.mark.parametrize("comment", ["Jag fick vänta länge.", "Är det bra? Nej!", "Mycket bra…", ""])
def test_one_that_the_model_hardly_believes_is_cut_off_the_end(caption: str, comment: str) -> None:
    said = words(comment, 0.7)
    assert without_captions(said + words(caption, 0.2)) == said


def test_one_after_the_other_they_are_all_cut_off() -> None:
    tail = words("Tack för att ni tittade. Undertexter av Amara.org-gemenskapen", 0.1)
    assert without_captions(words("Det var bra.", 0.9) + tail) == words("Det var bra.", 0.9)


@pytest.mark.parametrize("thanks", ["Tack för att ni lyssnade.", "Tack så mycket för att du lyssnade!"])
def test_thanks_that_were_surely_said_stay(thanks: str) -> None:
    said = words("Jag fick vänta länge.", 0.7) + words(thanks, 0.55)
    assert without_captions(said) == said


def test_only_the_end_is_looked_at() -> None:
    said = words("Tack för att ni lyssnade. Hej då.", 0.2)
    assert without_captions(said) == said


@given(st.lists(st.tuples(st.text(min_size=1, max_size=8), st.floats(0, 1)), max_size=30))
def test_whatever_was_heard_only_an_end_is_ever_cut_off(heard: list[tuple[str, float]]) -> None:
    said = tuple(Word(text, confidence) for text, confidence in heard)
    kept = without_captions(said)
    assert kept == said[: len(kept)]
    assert without_captions(kept) == kept

"""A comment's text was made by a machine: the page shows which words it is unsure of, and why a whole text is."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from made_up import MadeUp
from said import Said, comment_of
from visitors import Visitor

import appliance.web
from appliance.types import CommentId, Doubt

Read = Callable[[str], str]

UNSURE: Final = [("jag", 0.9), ("ringde", 0.3), ("om", 0.29), ("byggloven", 0.04), ("då", 0.8)]
LETTERS: Final = st.characters(exclude_categories=("Cc", "Cs", "Z"))
WORDS: Final = st.lists(st.tuples(st.text(LETTERS, min_size=1, max_size=20), st.floats(0, 1)), min_size=1, max_size=20)
MARKUP: Final = ["<script>alert(1)</script>", "</span></p>", "<!--", "]]>", "&amp;", "&#60;", '"', "'", "{{7*7}}", "{%"]
RIGHT_TO_LEFT: Final = ["\N{RIGHT-TO-LEFT OVERRIDE}abc", "שלום", "عليكم", "\N{LEFT-TO-RIGHT ISOLATE}"]
JOINED: Final = ["e\N{COMBINING ACUTE ACCENT}\N{COMBINING DIAERESIS}", "👩\N{ZERO WIDTH JOINER}👧", "ﷺ", "å" * 5000]
REASONS: Final = {
    Doubt.HARDLY_SPEECH: ("Kanske talar ingen i inspelningen.", "Perhaps nobody speaks in the recording."),
    Doubt.CAPTION: ("Orden liknar undertexter till film.", "The words are like a film&#39;s subtitles."),
    Doubt.REPEATS: ("Texten upprepar sig", "The text repeats itself"),
    Doubt.MISSING: ("Ord verkar saknas", "Words seem to be missing"),
    Doubt.UNLIKELY: ("Talmodellen är själv tveksam.", "The speech model itself is doubtful."),
}


def both(texts: list[str]) -> list[tuple[str, float]]:
    """Each word unsure, and then sure."""
    return [(text, confidence) for confidence in (0.1, 0.9) for text in texts]


def test_words_that_are_more_likely_wrong_are_marked(made: MadeUp, page: Read) -> None:
    made.comment(words=UNSURE)
    for address in ("/", "/comments"):
        html = page(address)
        assert Said(html).text == "jag ringde om byggloven då"
        assert Said(html).unsure == ["om", "byggloven"]
        assert 'title="ordet stämmer med 4 % sannolikhet"' in html


def test_the_mark_is_more_than_a_colour(made: MadeUp) -> None:
    style = (Path(appliance.web.__file__).parent / "static" / "page.css").read_text(encoding="utf-8")
    assert "underline dotted" in style.split(".unsure {")[1].split("}")[0]


def test_who_hears_the_page_is_told_the_unsure_words_once(made: MadeUp, page: Read) -> None:
    comment_id = made.comment(words=UNSURE)
    html = comment_of(page("/comments"), comment_id)
    assert "2 osäkra ord" in html
    assert html.count("osäkra") == 1
    assert '<span lang="sv">om, byggloven</span>' in html


def test_the_list_says_once_that_a_machine_wrote_it(made: MadeUp, page: Read) -> None:
    for _ in range(3):
        made.comment()
    for address in ("/", "/comments"):
        assert page(address).count("Maskintolkat.") == 1
        assert page(address + "?lang=en").count("Transcribed by machine.") == 1
        page(address + "?lang=sv")


def test_of_a_sure_text_nothing_is_said(made: MadeUp, page: Read) -> None:
    comment_id = made.comment("det gick bra")
    shown = comment_of(page("/comments"), comment_id)
    assert "Osäker" not in shown
    assert "osäker" not in shown
    assert "osäkra" not in shown


@pytest.mark.parametrize("doubt", Doubt)
def test_an_uncertain_text_says_why(made: MadeUp, page: Read, doubt: Doubt) -> None:
    comment_id = made.comment("tack för att ni tittade", doubts=frozenset([doubt]))
    swedish, english = REASONS[doubt]
    in_swedish, in_english = (f"{title}</b> " for title in ("Osäker tolkning.", "Uncertain text."))
    for address, told in [("/comments", in_swedish + swedish), ("/?lang=en", in_english + english)]:
        shown = comment_of(page(address), comment_id)
        assert told in shown
        assert sum(one in shown for pair in REASONS.values() for one in pair) == 1, "no other reason"


def test_a_text_of_which_half_is_likely_wrong_is_uncertain(made: MadeUp, page: Read) -> None:
    below = made.comment(words=[("ord", 0.49), ("till", 0.49)])
    at = made.comment(words=[("ord", 0.5), ("till", 0.5)])
    html = page("/comments")
    assert "Troligen är färre än hälften av orden rätt." in comment_of(html, below)
    assert "Osäker tolkning" not in comment_of(html, at)


def test_uncertain_texts_are_a_filter_in_the_address(made: MadeUp, page: Read) -> None:
    made.comment("säkert")
    made.comment("upprepat", doubts=frozenset([Doubt.REPEATS]))
    made.comment(words=[("mummel", 0.1)])
    made.comment("said in English", language="en")
    shown = {"uncertain": ["mummel", "upprepat"], "foreign": ["said in English"], "nonsense": None}
    for kind, texts in shown.items():
        html = page(f"/comments?text={kind}")
        found = [Said(article).text for article in html.split("<article")[1:]]
        assert found == texts if texts else len(found) == 4
    assert 'href="/comments?text=uncertain&amp;area=overall"' in page("/comments?text=uncertain")


def test_a_text_from_before_words_were_kept_is_shown_plain(made: MadeUp, page: Read) -> None:
    old = made.comment(words=UNSURE)
    made.db.execute("UPDATE transcripts SET words_sealed = NULL, language = NULL WHERE comment_id = ?", (old,))
    shown = comment_of(page("/comments"), old)
    assert Said(shown).text == "jag ringde om byggloven då"
    assert Said(shown).unsure == []
    assert 'lang="sv"' in shown


def test_words_that_spell_another_text_mark_nothing(made: MadeUp, page: Read) -> None:
    one = made.comment(words=UNSURE)
    text = made.transcribed(made.recording_of(one), "en annan text").text_sealed
    made.db.execute("UPDATE transcripts SET text_sealed = ? WHERE comment_id = ?", (text, one))
    assert Said(comment_of(page("/comments"), one)).text == "en annan text"
    assert Said(comment_of(page("/comments"), one)).unsure == []


@pytest.mark.parametrize("column", ["text_sealed", "words_sealed"])
def test_a_spoiled_seal_shows_no_text_that_would_look_sure(made: MadeUp, page: Read, column: str) -> None:
    spoiled = made.comment(words=UNSURE)
    made.db.execute(f"UPDATE transcripts SET {column} = ? WHERE comment_id = ?", (b"spoiled", spoiled))
    shown = comment_of(page("/comments"), spoiled)
    assert "Texten kan inte öppnas" in shown
    assert "byggloven" not in shown


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WORDS)
@example(both(MARKUP))
@example(both(RIGHT_TO_LEFT))
@example(both(JOINED))
def test_whatever_was_heard_is_shown_as_it_is(made: MadeUp, anna: Visitor, words: list[tuple[str, float]]) -> None:
    comment_id = CommentId(made.comment(words=words))
    shown = Said(comment_of(anna.client.get("/comments").text, comment_id))
    assert shown.text == " ".join(text for text, _ in words)
    assert shown.unsure == [text for text, confidence in words if confidence < 0.3]
    assert shown.elements <= {"span"}
    assert shown.attributes["dir"] == "auto"


def test_a_text_of_ten_thousand_words_is_shown_whole(made: MadeUp, page: Read) -> None:
    comment_id = made.comment(words=[("ord", 0.9), ("<b>", 0.1)] * 5000)
    html = comment_of(page("/comments"), comment_id)
    assert Said(html).text == " ".join(["ord", "<b>"] * 5000)
    assert "5 000 osäkra ord</li>" in html, "so many are not named"

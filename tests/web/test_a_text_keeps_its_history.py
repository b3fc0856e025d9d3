"""Which model made a text, and what it was taken for before; in which language it is."""

from collections.abc import Callable

import pytest
from babel import Locale
from made_up import MadeUp
from said import Said, comment_of

from appliance.store import comments
from appliance.types import CommentState, Doubt

Read = Callable[[str], str]


def test_the_model_that_made_a_text_is_told_with_the_day(made: MadeUp, page: Read) -> None:
    comment_id = made.comment(speech_model="kb-whisper-small")
    shown = comment_of(page("/comments"), comment_id)
    assert "Tolkad i dag 15:32 av kb-whisper-small <code>00000000</code>" in shown
    assert "Tidigare tolkning" not in shown


def test_a_text_made_again_keeps_the_one_before(made: MadeUp, page: Read) -> None:
    comment_id = made.comment("bygglov i krokek")
    text = made.transcribed(made.recording_of(comment_id), "bygglov i Krokvik", speech_model="kb-whisper-small")
    comments.finish(made.db, comment_id, CommentState.DONE, text, (), made.now)
    shown = comment_of(page("/comments"), comment_id)
    assert Said(shown).text == "bygglov i Krokvik"
    now, before = shown.split("Tidigare tolkning, i dag 15:32 av whisper-base")
    assert "av kb-whisper-small" in now
    assert Said(before).text == "bygglov i krokek"


def test_an_earlier_text_keeps_its_doubt(made: MadeUp, page: Read) -> None:
    comment_id = made.comment("tack för att ni tittade", doubts=frozenset([Doubt.CAPTION]))
    text = made.transcribed(made.recording_of(comment_id), "tack för att ni ringde")
    comments.finish(made.db, comment_id, CommentState.DONE, text, (), made.now)
    now, before = comment_of(page("/comments"), comment_id).split("Tidigare tolkning")
    assert "Osäker tolkning." not in now
    assert "<b>Osäker tolkning.</b> Orden liknar undertexter till film." in before


@pytest.mark.parametrize(("code", "swedish", "english"), [("en", "engelska", "English"), ("ar", "arabiska", "Arabic")])
def test_another_language_is_named_and_has_no_opinions(
    made: MadeUp, page: Read, code: str, swedish: str, english: str
) -> None:
    comment_id = made.comment("said in some language", opinions=(), language=code)
    shown = comment_of(page("/comments"), comment_id)
    assert Said(shown).attributes == {"class": "said", "lang": code, "dir": "auto"}
    assert f"kommentaren är på {swedish}; omdömen hittas bara i svenska texter" in shown
    assert "inget omdöme funnet" not in shown
    assert f"the comment is in {english}; opinions are found in Swedish texts only" in page("/?lang=en")


def test_a_language_that_has_no_name_is_just_another_one(made: MadeUp, page: Read) -> None:
    assert "qq" not in Locale("sv").languages
    comment_id = made.comment(opinions=(), language="qq")
    shown = comment_of(page("/comments"), comment_id)
    assert Said(shown).attributes["lang"] == ""
    assert "kommentaren är på ett annat språk;" in shown

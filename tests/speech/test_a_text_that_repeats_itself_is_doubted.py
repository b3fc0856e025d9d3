import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.speech.doubt import repeats_itself

_LOOPS = [
    "tack för att tack för att tack för att",
    "Ja! Ja! Ja! Ja! Ja!",
    "Det här är en av det här är en av det här är en av det här",
    "spårvagnsförarutbildningen " * 12,
]


@pytest.mark.parametrize("text", _LOOPS)
def test_loops_are_found(text: str) -> None:
    assert repeats_itself(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nej.",
        "Nej nej nej, det var bra.",
        "Det var bra, ja det var bra, tack.",
        "Jag fick vänta i telefon i över en halvtimme. Det är alldeles för länge.",
        "Personalen var trevlig men det tog lång tid och det tog lång tid att hitta på hemsidan också.",
    ],
)
def test_what_people_say_is_not(text: str) -> None:
    assert not repeats_itself(text)


@given(st.text(max_size=60), st.integers(20, 50))
def test_any_phrase_said_twenty_times_is_a_loop(phrase: str, times: int) -> None:
    text = " ".join([f"en {phrase.strip()} till"] * times)
    assert repeats_itself(text)

import numpy as np
import pytest
from sounds import comments

from appliance.speech import Engine
from appliance.speech.features import RATE_HZ
from appliance.speech.transcript import Piece
from appliance.speech.voice import find_speech
from appliance.speech.whisper import WhisperRecogniser, _most_tokens


@pytest.fixture
def recogniser(whisper: Engine) -> WhisperRecogniser:
    assert isinstance(whisper.recogniser, WhisperRecogniser)
    return whisper.recogniser


def _piece() -> Piece:
    speech = find_speech(comments(1)[0][0])
    assert speech
    return Piece(speech.samples, speech.spoken_seconds)


def test_a_piece_may_have_as_many_tokens_as_its_length_allows() -> None:
    assert [_most_tokens(seconds) for seconds in (0, 1, 10, 18, 28)] == [10, 22, 130, 224, 224]


@pytest.mark.parametrize("most", [4, 9])
def test_a_text_ends_where_it_must_and_says_so(
    recogniser: WhisperRecogniser, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    (whole,) = recogniser.recognise([_piece()], "sv")
    monkeypatch.setattr("appliance.speech.whisper._most_tokens", lambda _seconds: most)
    (cut,) = recogniser.recognise([_piece()], "sv")
    assert not whole.is_cut_off
    assert cut.is_cut_off
    tokens = len(recogniser._tokenizer.encode(f" {cut.text}", add_special_tokens=False).ids)
    assert most - 1 <= tokens <= most


@pytest.mark.parametrize("samples", [0, 1, 160, 1599])
def test_a_piece_of_next_to_nothing_harms_nobody(recogniser: WhisperRecogniser, samples: int) -> None:
    alone = recogniser.recognise([_piece()], "sv")
    tiny = Piece(np.full(samples, 0.1, np.float32), samples / RATE_HZ)
    both = recogniser.recognise([tiny, _piece()], "sv")
    assert len(both) == 2
    assert both[1].text == alone[0].text


def test_a_second_try_hears_the_same_words(recogniser: WhisperRecogniser) -> None:
    first, second = (recogniser.recognise([_piece()], "sv", is_careful=careful)[0] for careful in (False, True))
    assert set(first.text.split()) & set(second.text.split())
    assert second.language == "sv"

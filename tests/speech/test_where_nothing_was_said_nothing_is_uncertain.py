from appliance.speech.transcript import Transcript, Word
from appliance.types import Doubt


def test_no_words_are_no_uncertain_words() -> None:
    assert not Transcript((), "sv", 0.0).is_uncertain
    assert Transcript((), "sv", 0.0, frozenset({Doubt.UNLIKELY})).is_uncertain
    assert Transcript((Word("hej", 0.4),), "sv", 1.0).is_uncertain
    assert not Transcript((Word("hej", 0.6),), "sv", 1.0).is_uncertain

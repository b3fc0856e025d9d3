from collections import Counter
from collections.abc import Iterable
from itertools import islice

import pytest
from speech.nobody_speaks import MAKERS, clips
from speech.odd_sounds import ODD_MAKERS

from appliance.sound import Sound
from appliance.speech import Engine
from appliance.speech.voice import find_speech

_SEED = 72
_ODD_SEED = 71


def _texts(engine: Engine, sounds: Iterable[tuple[str, Sound]]) -> list[tuple[str, str]]:
    """Kind and text of all clips that were given any."""
    found, waiting = [], iter(sounds)
    while group := list(islice(waiting, 100)):
        heard = engine.transcribe_all([sound for _, sound in group], "sv")
        found += [(kind, text.text) for (kind, _), text in zip(group, heard, strict=True) if text.text]
    return found


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_it_is_never_surely_speech(kind: str) -> None:
    found = [find_speech(sound) for _, sound in clips({kind: (6, MAKERS[kind][1])}, seed=17)]
    assert not any(speech.is_sure for speech in found if speech)


def test_what_is_on_every_line_is_no_speech_at_all() -> None:
    makers = {kind: (10, MAKERS[kind][1]) for kind in ("silence", "noise", "keys", "clicks", "music")}
    assert Counter(kind for kind, sound in clips(makers, seed=18) if find_speech(sound)) == {}


@pytest.mark.slow
def test_of_2000_clips_one_at_most_has_a_text(whisper: Engine) -> None:
    assert sum(count for count, _ in MAKERS.values()) == 2000
    texts = _texts(whisper, clips(MAKERS, _SEED))
    assert len(texts) <= 1, texts


@pytest.mark.slow
def test_of_1000_odder_clips_five_at_most_have_a_text(whisper: Engine) -> None:
    """Two dogs of 80 were heard to say something when this was written."""
    assert sum(count for count, _ in ODD_MAKERS.values()) == 1000
    texts = _texts(whisper, clips(ODD_MAKERS, _ODD_SEED))
    assert len(texts) <= 5, texts

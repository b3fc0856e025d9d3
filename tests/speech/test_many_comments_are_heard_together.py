import re

import jiwer
from sounds import NOBODY_SPEAKS, comments

from appliance.speech import Engine


def plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text.lower()).split())


def test_each_keeps_its_own_words_although_nobody_speaks_in_those_between(whisper: Engine) -> None:
    spoken, empty = comments(5), list(NOBODY_SPEAKS.values())
    sounds = [sound for pair in zip((sound for sound, _ in spoken), empty, strict=False) for sound in pair]
    heard = whisper.transcribe_all(sounds, "sv")
    assert len(heard) == len(sounds)
    assert all(each.text == "" for each in heard[1::2])
    # models/README.md: this small model gets 17 % of the words wrong; another comment's words are nearly all wrong.
    for each, (_, text) in zip(heard[::2], spoken, strict=True):
        assert jiwer.wer(plain(text), plain(each.text)) < 0.6
        assert 0 < each.confidence <= 1
        assert not each.doubts


def test_none_at_all_are_no_trouble(whisper: Engine) -> None:
    assert whisper.transcribe_all([], "sv") == []

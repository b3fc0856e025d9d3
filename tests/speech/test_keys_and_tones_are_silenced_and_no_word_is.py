import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sounds import RATE, breathing, comments, music, noise, tone
from speech.nobody_speaks import MAKERS, clips
from telephony.line_sound import KEYS, key_tone, silence, through

from appliance.sound import Samples
from appliance.speech.cleaning import cleaning
from appliance.tones import NO_KEY, key_tones, key_windows

_EDGE = RATE * 30 // 1000
"""So near to a key what is said may be silenced with it."""


@given(
    st.sampled_from(KEYS), st.floats(0.04, 0.6), st.floats(-36, -6), st.floats(-4, 4), st.integers(0, 400),
    st.sampled_from(["A-law", "µ-law"]),
)  # fmt: skip
@settings(deadline=None)
def test_no_sample_of_a_key_is_left(
    key: str, seconds: float, level_db: float, twist_db: float, at: int, law: str
) -> None:
    pressed = key_tone(key, seconds, level_db, twist_db)
    line = through(law, np.concatenate([silence(0.2), np.zeros(at, np.float32), pressed, silence(0.2)]))
    start = RATE // 5 + at
    silenced = cleaning(line).is_silenced
    assert silenced[start : start + len(pressed)].all()
    assert not silenced[: start - _EDGE].any()
    assert not silenced[start + len(pressed) + _EDGE :].any()


@pytest.mark.parametrize("seconds", [0.05, 0.2])
def test_a_key_between_words_takes_none_of_them(seconds: float) -> None:
    for number, (sound, _) in enumerate(comments(12)):
        pressed = key_tone(KEYS[number], seconds)
        at = _quietest(sound.samples)
        silenced = cleaning(np.concatenate([sound.samples[:at], pressed, sound.samples[at:]])).is_silenced
        assert silenced[at : at + len(pressed)].all()
        assert not silenced[: at - _EDGE].any()
        assert not silenced[at + len(pressed) + _EDGE :].any()


def _quietest(samples: Samples) -> int:
    """Where in the middle half of a comment a pause of 50 ms is best seen."""
    quarter, width = len(samples) // 4, RATE // 20
    power = np.convolve(samples**2, np.ones(width), mode="same")
    return quarter + int(power[quarter : 3 * quarter].argmin())


def test_not_a_sample_of_speech_is_silenced() -> None:
    assert [text for sound, text in comments(48) if cleaning(sound.samples).is_silenced.any()] == []


@pytest.mark.parametrize("hz", [(425.0,), (440.0, 480.0), (950.0,), (1100.0,), (2100.0,), (50.0, 150.0)])
def test_tones_of_the_line_are_silenced(hz: tuple[float, ...]) -> None:
    sound = tone(*hz, on_seconds=1, every_seconds=3)
    heard = sound.samples != 0
    assert cleaning(sound.samples).is_silenced[heard].mean() > 0.9


def test_what_stands_is_little_in_speech_and_much_in_music_noise_and_breath() -> None:
    assert max(cleaning(sound.samples).standing_share for sound, _ in comments(48)) < 0.09
    assert min(cleaning(sound.samples).standing_share for sound in (music(), noise(-30), breathing())) > 0.13


@pytest.mark.parametrize("length", [0, 1, 239, 240, 255, 256, 257])
def test_the_shortest_sounds_are_cleaned(length: int) -> None:
    clean = cleaning(np.full(length, 0.1, np.float32))
    assert len(clean.is_silenced) == length
    assert 0 <= clean.standing_share <= 1


def test_no_key_of_many_calls_is_left() -> None:
    for _, sound in clips({"keys": (240, MAKERS["keys"][1])}, seed=11):
        left = np.where(cleaning(sound.samples).is_silenced, np.float32(0), sound.samples)
        assert (key_tones(key_windows(left), -60).keys == NO_KEY).all()

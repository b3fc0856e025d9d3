import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sounds import NOBODY_SPEAKS, comments, noise, tone

from appliance.sound import Sound
from appliance.speech.voice import Speech, find_speech, pieces

_MUSIC = tone(262, 330, 392, 523, seconds=30, on_seconds=30, every_seconds=30).samples


@pytest.mark.parametrize("name", NOBODY_SPEAKS)
def test_what_nobody_speaks_in_is_never_surely_speech(name: str) -> None:
    speech = find_speech(NOBODY_SPEAKS[name])
    assert speech is None or not speech.is_sure


@pytest.mark.parametrize("name", ["silence", "faint noise", "noise", "loud noise", "ring-back", "dial tone", "a click"])
def test_silence_and_noise_are_no_speech_at_all(name: str) -> None:
    assert find_speech(NOBODY_SPEAKS[name]) is None


@pytest.mark.parametrize("rate", [4000, 8000, 44100, 192000])
@pytest.mark.parametrize("samples", [0, 1, 2, 100, 799])
def test_less_than_a_syllable_is_no_speech(samples: int, rate: int) -> None:
    assert find_speech(Sound(np.full(samples, 0.5, np.float32), rate)) is None


def test_the_silence_around_a_comment_is_cut_off() -> None:
    for sound, _ in comments(6):
        alone = find_speech(sound)
        silence = np.zeros(3 * sound.rate, np.float32)
        amid = find_speech(Sound(np.concatenate([silence, sound.samples, silence]), sound.rate))
        assert alone
        assert amid
        assert len(amid.samples) / 16000 <= sound.seconds + 0.7
        assert abs(len(amid.samples) - len(alone.samples)) / 16000 < 1
        assert 0 < amid.spoken_seconds <= sound.seconds


@given(st.lists(st.floats(-90, 0), min_size=1, max_size=400), st.integers(3, 100))
@settings(max_examples=200)
def test_pieces_are_short_enough_and_lose_nothing(levels: list[float], limit: int) -> None:
    samples = np.arange(len(levels) * 512, dtype=np.float32)
    speech = Speech(samples, np.array(levels), np.ones(len(levels), bool), is_sure=True)
    cut = pieces(speech, limit * 0.032)
    assert np.array_equal(np.concatenate([piece.samples for piece in cut]), samples)
    assert all(0 < len(piece.samples) <= limit * 512 for piece in cut)
    assert sum(piece.spoken_seconds for piece in cut) == pytest.approx(speech.spoken_seconds)


def test_a_long_comment_is_cut_in_its_pause() -> None:
    levels = np.full(1000, -20.0)
    levels[700:720] = -60
    speech = Speech(np.zeros(1000 * 512, np.float32), levels, levels > -60, is_sure=True)
    first, second = pieces(speech, 28)
    assert 700 <= len(first.samples) // 512 < 720
    assert len(first.samples) + len(second.samples) == 1000 * 512


def test_a_cut_is_made_in_a_pause_and_not_where_a_voice_sinks() -> None:
    levels = np.full(1000, -20.0)
    levels[780:800] = -50
    levels[860:863] = -80
    is_active = np.ones(1000, bool)
    is_active[780:800] = False
    first, _ = pieces(Speech(np.zeros(1000 * 512, np.float32), levels, is_active, is_sure=True), 28)
    assert 780 <= len(first.samples) // 512 < 800


def test_a_piece_in_which_nobody_speaks_is_left_out() -> None:
    is_active = np.arange(300) < 80
    cut = pieces(Speech(np.zeros(300 * 512, np.float32), np.zeros(300), is_active, is_sure=True), 3.2)
    assert sum(piece.spoken_seconds for piece in cut) == pytest.approx(80 * 0.032)
    assert all(piece.spoken_seconds > 0 for piece in cut)


def test_who_thinks_for_long_is_not_waited_for() -> None:
    (first, _), (second, _) = comments(2)
    hiss = noise(-60, 10).samples
    alone = [find_speech(sound) for sound in (first, second)]
    both = find_speech(Sound(np.concatenate([first.samples, hiss, second.samples]), first.rate))
    assert both
    assert both.spoken_seconds == pytest.approx(sum(speech.spoken_seconds for speech in alone if speech), abs=1)
    assert len(both.samples) / 16000 < first.seconds + second.seconds + 2


def test_what_stands_before_or_after_somebody_speaks_says_nothing_of_the_voice() -> None:
    voice = np.concatenate([sound.samples for sound, _ in comments(6)])
    alone = find_speech(Sound(voice, 8000))
    assert alone
    for parts in ([_MUSIC, voice], [voice, _MUSIC]):
        beside = find_speech(Sound(np.concatenate(parts), 8000))
        assert beside
        assert beside.spoken_seconds < alone.spoken_seconds + 10


@pytest.mark.parametrize("hz", [(100, 200, 300), (425,), (1000,)])
def test_a_voice_is_heard_through_a_tone_as_loud(hz: tuple[float, ...]) -> None:
    voice = np.concatenate([sound.samples for sound, _ in comments(6)])
    seconds = len(voice) / 8000
    stands = tone(*hz, seconds=seconds + 1, on_seconds=seconds + 1, every_seconds=seconds + 1).samples[: len(voice)]
    amid = voice + stands * np.sqrt(np.mean(voice**2) / np.mean(stands**2))
    assert find_speech(Sound(amid, 8000))

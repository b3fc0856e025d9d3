import numpy as np
import pytest

from appliance.sound import Samples
from appliance.survey.loudness import TARGET_DBFS, level_out, measure, trim

_PAUSE = np.zeros(8000, dtype=np.float32)


def _sine(amplitude: float) -> Samples:
    return (amplitude * np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000)).astype(np.float32)


def test_a_pause_does_not_make_it_quieter() -> None:
    words = _sine(0.1)
    spoken = np.concatenate([words, _PAUSE, _PAUSE, words])
    assert measure(spoken).rms_dbfs == pytest.approx(measure(words).rms_dbfs, abs=0.1)
    assert measure(words).rms_dbfs == pytest.approx(-23.0, abs=0.1)


def test_levelling_reaches_the_target_from_both_sides() -> None:
    for amplitude in (0.01, 0.9):
        assert measure(level_out(_sine(amplitude))).rms_dbfs == pytest.approx(TARGET_DBFS, abs=0.1)


def test_levelling_never_clips() -> None:
    click = _sine(0.01)
    click[4000] = 0.5
    level = measure(level_out(click))
    assert level.peak_dbfs < -1
    assert level.clipped_samples == 0


def test_distortion_is_counted() -> None:
    assert measure(np.clip(_sine(3.0), -1, 1)).clipped_samples > 1000


def test_silence_around_the_words_is_cut_and_between_them_kept() -> None:
    words = np.concatenate([_sine(0.1), _PAUSE, _sine(0.1)])
    cut = trim(np.concatenate([_PAUSE, words, _PAUSE]))
    assert len(cut) == pytest.approx(len(words) + 2 * 800, abs=160)


def test_of_nothing_nothing_is_left() -> None:
    assert trim(_PAUSE).size == 0
    assert trim(_PAUSE[:0]).size == 0
    assert measure(_PAUSE).rms_dbfs == -120

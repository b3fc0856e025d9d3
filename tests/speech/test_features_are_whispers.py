from pathlib import Path

import numpy as np
import pytest

from appliance.speech.features import HOP, log_mel

_T = np.arange(16000) / 16000
_CHIRP = (0.3 * np.sin(2 * np.pi * (100 * _T + 1800 * _T**2)) + 0.05 * np.sin(2 * np.pi * 5000 * _T)).astype(np.float32)
"""The second whose features faster-whisper 1.2.1 computed: every tenth frame, without padding."""


@pytest.mark.parametrize("bins", [80, 128])
def test_they_equal_those_of_faster_whisper(bins: int) -> None:
    theirs = np.load(Path(__file__).with_name(f"faster_whisper_{bins}.npy"))
    ours = log_mel(_CHIRP, bins, 100)
    assert ours.shape == (bins, 100)
    assert ours.dtype == np.float32
    assert np.abs(ours[:, ::10] - theirs).max() < 1e-5


def test_they_follow_the_formula_by_slow_sums() -> None:
    frame = 40
    samples = _CHIRP[frame * HOP - 200 : frame * HOP + 200].astype(np.float64)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400)
    turns = np.exp(-2j * np.pi * np.outer(np.arange(201), np.arange(400)) / 400)
    power = np.abs(turns @ (samples * window)) ** 2
    # One filter by hand: the triangle over 22 steps of 200/3 Hz below 1 kHz is 200/3 Hz wide on either side.
    mel = log_mel(_CHIRP, 80, 100)
    step_hz = 45.245640471924965 * 200 / 3 / 81
    centre_hz = 20 * step_hz
    triangle = np.maximum(0, 1 - np.abs(np.arange(201) * 40 - centre_hz) / step_hz) / step_hz
    expected = (np.maximum(np.log10(triangle @ power), mel.max() * 4 - 4 - 8) + 4) / 4
    assert mel[19, frame] == pytest.approx(expected, abs=1e-4)


def test_a_longer_window_only_adds_silence() -> None:
    short, long = log_mel(_CHIRP, 80, 110), log_mel(_CHIRP, 80, 3000)
    assert np.allclose(short[:, :100], long[:, :100])
    assert np.allclose(long[:, 110:], long.min())


def test_a_longer_sound_is_cut_to_the_window() -> None:
    assert np.allclose(log_mel(np.tile(_CHIRP, 3), 80, 90)[:, :80], log_mel(_CHIRP, 80, 90)[:, :80])


def test_silence_has_no_features_but_the_floor() -> None:
    assert np.allclose(log_mel(np.zeros(16000, np.float32), 80, 100), (-10 + 4) / 4)

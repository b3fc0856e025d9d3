import wave
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.sound import CALL_RATE_HZ, Sound, read_wav, write_wav


@given(st.lists(st.integers(-32768, 32767), min_size=1, max_size=400))
def test_what_is_written_is_what_is_read(values: list[int]) -> None:
    samples = np.array(values, dtype=np.float32) / np.float32(32768)
    with TemporaryDirectory() as directory:
        path = Path(directory) / "a.wav"
        write_wav(path, samples)
        back, rate_hz = read_wav(path)
        assert [entry.name for entry in Path(directory).iterdir()] == ["a.wav"]
    assert rate_hz == 8000
    assert np.array_equal(np.round(back * 32768), np.array(values, dtype=np.float32))


@pytest.mark.parametrize("width", [2, 3, 4])
def test_every_width_gives_the_same_sound(tmp_path: Path, width: int) -> None:
    path = tmp_path / "wide.wav"
    steps = [-(1 << (8 * width - 1)), 0, 1 << (8 * width - 2)]
    with wave.open(str(path), "wb") as file:
        file.setparams((1, width, 16000, 0, "NONE", ""))
        file.writeframes(b"".join(step.to_bytes(width, "little", signed=True) for step in steps))
    samples, rate_hz = read_wav(path)
    assert (samples.tolist(), rate_hz) == ([-1.0, 0.0, 0.5], 16000)


def test_both_channels_are_heard(tmp_path: Path) -> None:
    path = tmp_path / "stereo.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, 8000, 0, "NONE", ""))
        file.writeframes(np.array([16384, 0, 0, -16384], dtype="<i2").tobytes())
    assert read_wav(path)[0].tolist() == [0.25, -0.25]


def test_a_second_at_any_rate_is_a_second_of_the_call() -> None:
    for rate_hz in (8000, 16000, 44100, 48000):
        assert len(Sound(np.zeros(rate_hz, dtype=np.float32), rate_hz).at(CALL_RATE_HZ).samples) == 8000

import os
import tracemalloc
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sounds import tone, wav

from appliance.errors import AudioError
from appliance.sound import read_wav

_WHOLE = wav((tone(440, seconds=0.05).samples * 2**15).astype("<i2").tobytes())


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sound") / "comment.wav"


def refusal(file: Path, data: bytes) -> str:
    file.write_bytes(data)
    with pytest.raises(AudioError) as refused:
        read_wav(file)
    assert str(refused.value).startswith(f"{file}: ")
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not a WAV file"),
        ("Kommentar: jag väntade länge.\n".encode() * 20, "not a WAV file"),
        (b"RIFF\0\0\0\0WEBP", "not a WAV file"),
        (b"RIFX" + wav(b"\0\0")[4:], "big-endian (RIFX)"),
        (b"RF64" + wav(b"\0\0")[4:], "64-bit (RF64)"),
        (wav(b"\0\0")[:12] + b"aaaa\0\0\0\0" * 1001 + wav(b"\0\0")[12:], "no sound in it"),
        (wav(bytes(3601 * 4000), rate=4000, bits=8), "60 minutes are too much; at most 60 can be read"),
        (wav(b""), "holds no sound"),
        (wav(b"\0", bits=16), "holds no sound"),
        (wav(b"\0\0", channels=0), "0 channels"),
        (wav(b"\0\0", rate=0), "at 0 Hz"),
        (wav(b"\0\0", rate=2**30), "Hz"),
        (wav(b"\0\0", encoding=85), "encoding 85"),
        (wav(b"\0\0", bits=12), "12 bits"),
    ],
)
def test_each_kind_has_its_own_clear_line(file: Path, data: bytes, said: str) -> None:
    assert said in refusal(file, data)


@given(st.integers(0, len(_WHOLE) - 1))
def test_a_file_cut_anywhere_is_refused(file: Path, length: int) -> None:
    refusal(file, _WHOLE[:length])


@given(st.lists(st.tuples(st.integers(0, len(_WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=8))
@example([(34, 0)])
@settings(max_examples=500)
def test_a_mutated_file_is_refused_or_read_but_never_crashes(file: Path, changes: list[tuple[int, int]]) -> None:
    data = bytearray(_WHOLE)
    for at, value in changes:
        data[at] = value
    file.write_bytes(data)
    with suppress(AudioError):
        sound = read_wav(file)
        assert sound.seconds > 0
        assert np.abs(sound.samples).max() <= 1


def test_numbers_that_are_none_are_silence_and_endless_ones_full_scale(file: Path) -> None:
    values = np.array([np.nan, np.inf, -np.inf, 3.0e38, 1e-42, 0.5], "<f4")
    file.write_bytes(wav(values.tobytes(), 3, bits=32))
    assert read_wav(file).samples.tolist() == pytest.approx([0, 1, -1, 1, 0, 0.5])


@given(st.binary(max_size=64), st.sampled_from([(1, 8), (1, 16), (1, 24), (1, 32), (3, 32), (3, 64), (6, 8), (7, 8)]))
def test_whatever_bytes_are_its_samples_they_are_finite_and_within_the_scale(
    file: Path, data: bytes, encoding: tuple[int, int]
) -> None:
    code, bits = encoding
    if len(data) < bits // 8:
        return
    file.write_bytes(wav(data, code, bits=bits))
    samples = read_wav(file).samples
    assert samples.dtype == np.float32
    assert len(samples) == len(data) * 8 // bits
    assert np.abs(samples).max() <= 1


def test_a_file_beyond_all_recordings_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    with path.open("wb") as stream:
        stream.write(_WHOLE)
        stream.truncate(3 << 30)
    tracemalloc.start()
    with pytest.raises(AudioError, match="3072 MiB are too much; at most 128 MiB can be read"):
        read_wav(path)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 1 << 20


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(AudioError, match="not a file with sound in it"):
        read_wav(tmp_path / "pipe")


def test_a_file_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="Is a directory"):
        read_wav(tmp_path)

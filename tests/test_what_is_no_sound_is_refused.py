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


def test_a_file_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="Is a directory"):
        read_wav(tmp_path)

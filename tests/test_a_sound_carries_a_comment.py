import wave
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sounds import wav

from appliance.sound import read_comment, read_wav, write_wav

_CLICK = np.array([0, 0.5, -0.5], dtype=np.float32)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=600))
def test_the_comment_that_is_written_is_read(comment: str) -> None:
    with TemporaryDirectory() as directory:
        path = Path(directory) / "a.wav"
        write_wav(path, _CLICK, comment)
        assert read_comment(path) == comment
        assert path.stat().st_size % 2 == 0, "RIFF fills every chunk up"
        assert read_wav(path).samples.tolist() == [0, 0.5, -0.5]


def test_the_sound_is_the_same_for_any_other_reader(tmp_path: Path) -> None:
    write_wav(tmp_path / "with.wav", _CLICK, "En kommentar")
    write_wav(tmp_path / "without.wav", _CLICK)
    for name in ("with.wav", "without.wav"):
        with wave.open(str(tmp_path / name)) as file:
            assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
            assert np.frombuffer(file.readframes(9), "<i2").tolist() == [0, 16384, -16384]


def test_where_there_is_none_there_is_none(tmp_path: Path) -> None:
    plain = wav(b"\0\0\1\0")
    strange = [b"", b"ID3", plain, plain[:30], plain + b"LIST\4\0\0\0INFO", plain + b"LIST\xff\0\0\0INFOICMT\xff\0\0\0"]
    for data in strange:
        (tmp_path / "a.wav").write_bytes(data)
        assert not read_comment(tmp_path / "a.wav")
    assert read_comment(tmp_path / "nowhere.wav") is None

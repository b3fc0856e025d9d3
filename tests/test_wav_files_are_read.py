import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sounds import wav

from appliance.errors import AudioError
from appliance.sound import Sound, from_pcm, read_wav

Read = Callable[[bytes], Sound]
_STEPS = np.array([0, 16384, -16384, 32767, -32768], "<i2")


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(data: bytes) -> Sound:
        (tmp_path / "a.wav").write_bytes(data)
        return read_wav(tmp_path / "a.wav")

    return read


@pytest.mark.parametrize(
    ("data", "encoding", "bits"),
    [
        (bytes([128, 192, 64]), 1, 8),
        (_STEPS[:3].tobytes(), 1, 16),
        (b"\0\0\0" + b"\0\0\x40" + b"\0\0\xc0", 1, 24),
        (struct.pack("<3i", 0, 2**30, -(2**30)), 1, 32),
        (struct.pack("<3f", 0, 0.5, -0.5), 3, 32),
        (struct.pack("<3d", 0, 0.5, -0.5), 3, 64),
    ],
)
def test_every_plain_encoding_gives_the_same_sound(read: Read, data: bytes, encoding: int, bits: int) -> None:
    sound = read(wav(data, encoding, bits=bits))
    assert sound.samples.dtype == np.float32
    assert sound.samples.tolist() == [0, 0.5, -0.5]


def test_g711_follows_the_standards_tables(read: Read) -> None:
    a_law = read(wav(bytes([0xD5, 0x55, 0xAA, 0x2A, 0x80]), 6, bits=8)).samples * 2**15
    mu_law = read(wav(bytes([0xFF, 0x7F, 0x80, 0x00, 0x9D]), 7, bits=8)).samples * 2**15
    assert a_law.tolist() == [8, -8, 32256, -32256, 5504]
    assert mu_law.tolist() == [0, 0, 32124, -32124, 9340]


def test_stereo_becomes_the_mean_of_both_sides(read: Read) -> None:
    sound = read(wav(np.array([100, 300, -200, 200], "<i2").tobytes(), channels=2))
    assert (sound.samples * 2**15).tolist() == [200, 0]


def test_an_extensible_format_is_the_format_inside_it(read: Read) -> None:
    plain = wav(_STEPS.tobytes())
    inside = struct.pack("<HHIH14s", 22, 16, 4, 1, bytes(14))
    form = struct.pack("<HHIIHH", 0xFFFE, 1, 8000, 16000, 2, 16) + inside
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + plain[36:]
    assert np.array_equal(read(b"RIFF" + struct.pack("<I", len(body)) + body).samples, read(plain).samples)


def test_chunks_of_other_programs_are_passed_over(read: Read) -> None:
    plain = wav(_STEPS.tobytes())
    extra = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    assert np.array_equal(read(plain[:12] + extra + plain[12:]).samples, read(plain).samples)


def test_a_recording_written_to_a_pipe_is_all_that_follows(read: Read) -> None:
    plain = wav(_STEPS.tobytes())
    assert len(read(plain[:40] + b"\xff\xff\xff\xff" + plain[44:]).samples) == len(_STEPS)


@given(st.lists(st.integers(-(2**15), 2**15 - 1)))
def test_pcm_goes_through_unchanged(values: list[int]) -> None:
    sound = from_pcm(struct.pack(f"<{len(values)}h", *values), 8000)
    assert (sound.samples * 2**15).tolist() == values
    assert sound.seconds == len(values) / 8000


def test_half_a_sample_is_refused() -> None:
    with pytest.raises(AudioError, match="3 bytes"):
        from_pcm(b"abc", 8000)


@pytest.mark.parametrize("rate", [8000, 11025, 44100, 48000])
def test_a_tone_keeps_its_pitch_and_length_at_16_khz(rate: int) -> None:
    t = np.arange(rate) / rate
    sound = Sound(np.sin(2 * np.pi * 440 * t).astype(np.float32), rate).at(16000)
    assert abs(sound.seconds - 1) < 0.001
    assert abs(int(np.argmax(np.abs(np.fft.rfft(sound.samples)))) - 440) <= 1

"""Sound in and out: WAV files and telephone PCM as float32 mono, at any rate asked for."""

import contextlib
import os
import stat
import struct
import tempfile
from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import soxr
from numpy.typing import NDArray

from appliance.errors import AudioError

Samples = NDArray[np.float32]
"""Mono, -1 to 1."""

CALL_RATE_HZ: Final = 8000
"""Of every call, prompt and recording; there samples are 16-bit mono PCM, little-endian."""

_PCM, _FLOAT, _A_LAW, _MU_LAW, _EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
_UNKNOWN_BYTES: Final = 0xFFFFFFFF
"""The data size of a WAV that was written to a pipe: all that follows."""
_RATES_HZ: Final = range(4_000, 192_001)
_MOST_BYTES: Final = 128 << 20
_MOST_SECONDS: Final = 3600
_MOST_CHUNKS: Final = 1000
"""No recording is so large; what claims to be costs neither memory nor time."""
_RELATIVES: Final = {b"RIFX": "big-endian (RIFX)", b"RF64": "64-bit (RF64)", b"BW64": "64-bit (BW64)"}
"""Of WAV, by the first four bytes."""


class Audibility(StrEnum):
    """How well somebody at the other end of a line can be heard."""

    CLEAR = "clear"
    FAINT = "faint"
    OVERDRIVEN = "overdriven"


_FAINT_DBFS: Final = -38.0
"""Speech on a telephone is meant to be at −26 dBFS; 12 dB below, the steps of G.711 and the noise get a hearing."""
_OVERDRIVEN_SHARE: Final = 0.005
"""Of the speech's samples at the edge of the scale; good recordings have none there."""


def audibility(level_dbfs: float, clipped_share: float) -> Audibility:
    """By the level of the speech and the share of its samples that the line cut off."""
    if clipped_share > _OVERDRIVEN_SHARE:
        return Audibility.OVERDRIVEN
    return Audibility.FAINT if level_dbfs < _FAINT_DBFS else Audibility.CLEAR


class Sound(NamedTuple):
    """Mono samples and their rate in Hz."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    def at(self, rate: int) -> "Sound":
        """The same sound at another rate, through soxr's high-quality filter."""
        if rate == self.rate:
            return self
        return Sound(np.asarray(soxr.resample(self.samples, self.rate, rate), dtype=np.float32), rate)


def from_pcm(data: bytes, rate: int) -> Sound:
    """16-bit little-endian mono PCM, as the line records it."""
    if len(data) % 2:
        raise AudioError(f"16-bit sound cannot have {len(data)} bytes")
    return Sound(_decode(data, _PCM, 16), rate)


def read_wav(path: Path) -> Sound:
    """Read a WAV file: PCM of 8 to 32 bits, float, A-law or mu-law; channels are averaged. AudioError otherwise."""
    try:
        return parse_wav(_bytes(path))
    except OSError as error:
        raise AudioError(f"{path}: cannot read it: {error.strerror}") from error
    except AudioError as error:
        raise AudioError(f"{path}: {error}") from error


def _bytes(path: Path) -> bytes:
    """All of a regular file: a pipe or a device may never end."""
    # Without O_NONBLOCK a pipe that nobody writes to is waited for.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise AudioError("not a file with sound in it")
        if state.st_size > _MOST_BYTES:
            raise AudioError(f"{state.st_size >> 20} MiB are too much; at most {_MOST_BYTES >> 20} MiB can be read")
        return file.read(_MOST_BYTES)


def read_comment(path: Path) -> str | None:
    """What `write_wav` wrote into the file as its comment; None where there is none, or no WAV file."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    for name, body, _ in _chunks(data):
        if name == b"LIST" and body[:4] == b"INFO":
            for field, text, _ in _chunks(b"RIFF0000" + body):
                if field == b"ICMT":
                    return text.rstrip(b"\0").decode("utf-8", "replace")
    return None


def wav_bytes(samples: Samples, comment: str = "") -> bytes:
    """A WAV file, 8 kHz 16-bit mono."""
    whole = np.clip((samples * 32768).round(), -32768, 32767).astype("<i2")
    form = struct.pack("<HHIIHH", _PCM, 1, CALL_RATE_HZ, 2 * CALL_RATE_HZ, 2, 16)
    chunks = _chunk(b"fmt ", form) + _chunk(b"data", whole.tobytes())
    if comment:
        chunks += _chunk(b"LIST", b"INFO" + _chunk(b"ICMT", comment.encode() + b"\0"))
    return _chunk(b"RIFF", b"WAVE" + chunks)


def write_wav(path: Path, samples: Samples, comment: str = "") -> None:
    """Write 8 kHz 16-bit mono, whole or not at all: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(wav_bytes(samples, comment))
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def _chunk(name: bytes, body: bytes) -> bytes:
    """A RIFF chunk, filled up to an even length."""
    return struct.pack("<4sI", name, len(body)) + body + b"\0" * (len(body) % 2)


def wav_seconds(data: bytes) -> float:
    """How long the sound in the bytes of a WAV file lasts, by its header: nothing is decoded. AudioError as parsed."""
    form, body = _found(data)
    _, channels, rate, bits = _format(form)
    return _seconds(body, channels, rate, bits)


def parse_wav(data: bytes) -> Sound:
    """The bytes of a WAV file, as `read_wav` takes it."""
    return _sound(*_found(data))


def _found(data: bytes) -> tuple[bytes, bytes]:
    """Format and sound of a WAV file."""
    if relative := _RELATIVES.get(data[:4]):
        raise AudioError(f"a {relative} file, which is not readable; save it as plain WAV")
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise AudioError("not a WAV file")
    form: bytes | None = None
    for name, body, size in islice(_chunks(data), _MOST_CHUNKS):
        if name == b"fmt ":
            form = body
        if name == b"data":
            if form is None:
                raise AudioError("damaged WAV file: no format before the sound")
            if len(body) < size != _UNKNOWN_BYTES:
                raise AudioError(f"truncated WAV file: {len(body)} of {size} bytes of sound")
            return form, body
    raise AudioError("truncated WAV file: no sound in it")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Name, body and stated size of each RIFF chunk; a body shorter than its size is the file's end."""
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        yield name, data[at + 8 : at + 8 + size], size
        at += 8 + size + size % 2


def _format(form: bytes) -> tuple[int, int, int, int]:
    """Encoding, channels, samples a second, bits a sample."""
    if len(form) < 16:
        raise AudioError("damaged WAV file: its format is cut short")
    encoding, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", form)
    if encoding == _EXTENSIBLE and len(form) >= 26:
        (encoding,) = struct.unpack_from("<H", form, 24)
    if rate not in _RATES_HZ or not 1 <= channels <= 8:
        raise AudioError(f"damaged WAV file: {channels} channels at {rate} Hz")
    return encoding, channels, rate, bits


def _seconds(body: bytes, channels: int, rate: int, bits: int) -> float:
    return len(body) / max(1, channels * bits // 8) / rate


def _sound(form: bytes, body: bytes) -> Sound:
    encoding, channels, rate, bits = _format(form)
    if (seconds := _seconds(body, channels, rate, bits)) > _MOST_SECONDS:
        raise AudioError(f"{seconds / 60:.0f} minutes are too much; at most {_MOST_SECONDS // 60} can be read")
    samples = _decode(body, encoding, bits)
    samples = samples[: len(samples) // channels * channels].reshape(-1, channels).mean(axis=1)
    if not len(samples):
        raise AudioError("the WAV file holds no sound")
    return Sound(samples, rate)


def _decode(data: bytes, encoding: int, bits: int) -> Samples:
    """Samples of one encoding, channels still interleaved; a sample cut in half at the end is left out."""
    decoder = _DECODERS.get((encoding, bits))
    if decoder is None:
        raise AudioError(f"WAV encoding {encoding} with {bits} bits is not readable; 16-bit PCM is")
    width = bits // 8
    return decoder(data[: len(data) // width * width])


def _whole(data: bytes, kind: str, most: float) -> Samples:
    """Whole numbers up to `most`."""
    return np.frombuffer(data, kind).astype(np.float32) / np.float32(most)


def _unsigned_8(data: bytes) -> Samples:
    return _whole(data, "u1", 2**7) - np.float32(1)


def _signed_24(data: bytes) -> Samples:
    octets = np.frombuffer(data, np.uint8).reshape(-1, 3)
    return _whole(np.pad(octets, ((0, 0), (1, 0))).tobytes(), "<i4", 2**31)


def _floats(data: bytes, kind: str) -> Samples:
    """No number is silence; what is louder than full scale is cut off."""
    clean: Samples = np.nan_to_num(np.frombuffer(data, kind)).clip(-1, 1).astype(np.float32)
    return clean


def _a_law() -> Samples:
    """ITU-T G.711 A-law: the sample of each of the 256 codes."""
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    level = np.where(exponent == 0, 2 * mantissa + 1, (2 * mantissa + 33) << np.maximum(exponent - 1, 0)) * 8
    return (np.where(code & 0x80, level, -level) / 2**15).astype(np.float32)


def _mu_law() -> Samples:
    """ITU-T G.711 mu-law: the sample of each of the 256 codes."""
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    exponent, mantissa = (code >> 4) & 7, code & 15
    level = (((2 * mantissa + 33) << exponent) - 33) * 4
    return (np.where(code & 0x80, -level, level) / 2**15).astype(np.float32)


_DECODERS: Final[dict[tuple[int, int], Callable[[bytes], Samples]]] = {
    (_PCM, 8): _unsigned_8,
    (_PCM, 16): lambda data: _whole(data, "<i2", 2**15),
    (_PCM, 24): _signed_24,
    (_PCM, 32): lambda data: _whole(data, "<i4", 2**31),
    (_FLOAT, 32): lambda data: _floats(data, "<f4"),
    (_FLOAT, 64): lambda data: _floats(data, "<f8"),
    (_A_LAW, 8): lambda data: _a_law()[np.frombuffer(data, np.uint8)],
    (_MU_LAW, 8): lambda data: _mu_law()[np.frombuffer(data, np.uint8)],
}
"""By encoding and bits a sample."""

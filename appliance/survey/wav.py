"""Sound files in and out: any PCM WAV read as mono floats, telephone WAV written; 8 kHz is the call's own rate."""

import contextlib
import os
import tempfile
import wave
from pathlib import Path
from typing import Final

import numpy as np
import soxr
from numpy.typing import NDArray

from appliance.errors import AudioError

Samples = NDArray[np.float32]
"""Mono sound, one float a sample, full scale is ±1."""

CALL_RATE_HZ: Final = 8000


def read_wav(path: Path) -> tuple[Samples, int]:
    """Mono samples and their rate in Hz; AudioError where the file is no 16-, 24- or 32-bit PCM WAV."""
    try:
        with wave.open(str(path), "rb") as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            data = file.readframes(file.getnframes())
    except OSError as error:
        raise AudioError(f"{path}: {error.strerror}") from error
    except (wave.Error, EOFError) as error:
        raise AudioError(f"{path}: not a PCM WAV file: {str(error) or 'it is cut short'}") from error
    if width not in {2, 3, 4}:
        raise AudioError(f"{path}: {8 * width}-bit samples; 16, 24 or 32 can be read")
    data = data[: len(data) // (width * channels) * width * channels]
    return _floats(data, width).reshape(-1, channels).mean(axis=1, dtype=np.float32), rate


def _floats(data: bytes, width: int) -> Samples:
    """Little-endian integers of any width as floats, the bytes shifted to the top of 32 bits."""
    padded = np.zeros((len(data) // width, 4), dtype=np.uint8)
    padded[:, 4 - width :] = np.frombuffer(data, dtype=np.uint8).reshape(-1, width)
    return (padded.view("<i4")[:, 0] / 2.0**31).astype(np.float32)


def at_call_rate(samples: Samples, rate_hz: int) -> Samples:
    """The same sound at 8 kHz."""
    return resample(samples, rate_hz, CALL_RATE_HZ)


def resample(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """The same sound at another rate."""
    if from_hz == to_hz:
        return samples
    return np.asarray(soxr.resample(samples, from_hz, to_hz), dtype=np.float32)


def write_wav(path: Path, samples: Samples) -> None:
    """Write 8 kHz 16-bit mono, whole or not at all: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = np.clip((samples * 32768).round(), -32768, 32767).astype("<i2")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as raw, wave.open(raw, "wb") as file:
            file.setparams((1, 2, CALL_RATE_HZ, len(whole), "NONE", ""))
            file.writeframes(whole.tobytes())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise

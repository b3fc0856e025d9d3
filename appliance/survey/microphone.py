"""Microphone and loudspeaker of the machine where a prompt is recorded; a call never comes here."""

import threading
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

import numpy as np

from appliance.errors import PromptError
from appliance.sound import CALL_RATE_HZ, Samples, Sound

Device = int | str | None
"""PortAudio's number of a device or a part of its name; None is the machine's default."""

_BUFFER_SECONDS: Final = 1.0
"""So long a busy machine may be away without a gap in the sound; a shorter buffer lost words (measured)."""
_WAKING_SECONDS: Final = 10.0
"""A sound server may have put the microphone to sleep."""


def record(until: Callable[[], object], device: Device = None) -> Samples:
    """What is heard until `until` returns, at 8 kHz; PromptError where there is no microphone."""
    sounddevice = _portaudio()
    blocks: list[Samples] = []
    awake = threading.Event()

    def heard(block: Samples, _frames: int, _time: object, _status: object) -> None:
        blocks.append(block[:, 0].copy())
        awake.set()

    try:
        rate_hz = round(sounddevice.query_devices(device, "input")["default_samplerate"])
        stream = {"device": device, "latency": _BUFFER_SECONDS, "blocksize": rate_hz // 10}
        with sounddevice.InputStream(rate_hz, channels=1, dtype="float32", callback=heard, **stream):
            if not awake.wait(_WAKING_SECONDS):
                raise PromptError(f"the microphone was opened but gave no sound within {_WAKING_SECONDS} s")
            started = time.monotonic()
            until()
            lasted_seconds = time.monotonic() - started
    except (sounddevice.PortAudioError, ValueError) as error:
        raise _unusable("microphone", device, error) from error
    samples = np.concatenate(blocks)
    if len(samples) / rate_hz < lasted_seconds - _BUFFER_SECONDS:
        raise PromptError("sound was lost on the way from the microphone: close other programs and record again")
    return Sound(samples, rate_hz).at(CALL_RATE_HZ).samples


def play(samples: Samples, rate_hz: int, device: Device = None) -> None:
    """Play to the end; PromptError where there is no loudspeaker."""
    sounddevice = _portaudio()
    try:
        device_rate_hz = round(sounddevice.query_devices(device, "output")["default_samplerate"])
        sound = Sound(samples, rate_hz).at(device_rate_hz).samples
        sounddevice.play(sound, device_rate_hz, device=device, latency=_BUFFER_SECONDS, blocking=True)
    except (sounddevice.PortAudioError, ValueError) as error:
        raise _unusable("loudspeaker", device, error) from error


def _portaudio() -> Any:
    """The library, loaded only here: a box that records no prompts needs no PortAudio."""
    try:
        import sounddevice
    except OSError as error:
        raise PromptError("PortAudio is missing: apt-get install libportaudio2") from error
    library: ModuleType = sounddevice
    return library


def _unusable(what: str, device: Device, error: Exception) -> PromptError:
    which = "the default" if device is None else f"{device!r} as"
    reason = " ".join(str(error).split())
    return PromptError(
        f"cannot use {which} {what}: {reason}; connect one, or choose one that"
        f" `python -m sounddevice` lists with --device"
    )

"""A comment while it is spoken: in memory-backed storage only, so that a crash loses no word and no disk sees one."""

import errno
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appliance.errors import TelephonyError
from appliance.settings import Settings
from appliance.sound import CALL_RATE_HZ
from appliance.telephony.ear import FRAME_SAMPLES, Ear
from appliance.types import InterviewId

_MIN_SPEECH_SECONDS: Final = 0.3
_TAIL_SECONDS: Final = 0.5
"""Kept after the last speech; the silence that ended the recording is not."""


def recordings_directory(settings: Settings) -> Path:
    """A folder of this box's own in memory-backed storage; TelephonyError where it cannot be made."""
    box = hashlib.sha256(str(settings.storage.directory.resolve()).encode()).hexdigest()[:16]
    folder = settings.storage.memory_directory / f"efterklang-{os.getuid()}-{box}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise TelephonyError(f"{folder}: cannot make the folder for live recordings: {error.strerror}") from error
    return folder


def recording_path(folder: Path, interview_id: InterviewId) -> Path:
    return folder / f"interview-{interview_id}.pcm"


def live_recordings(folder: Path) -> list[tuple[InterviewId, Path]]:
    """Those that are under way, or were when a line died."""
    return [
        (InterviewId(int(path.stem.removeprefix("interview-"))), path)
        for path in folder.glob("interview-*.pcm")
        if path.stem.removeprefix("interview-").isdecimal()
    ]


@dataclass(frozen=True, slots=True)
class Spoken:
    """The speech of a recording, 8 kHz 16-bit mono PCM, and how it came over the line."""

    pcm: bytes
    level_dbfs: float
    clipped_share: float
    """Of the speech's samples, 0–1."""


class Recording:
    """8 kHz 16-bit mono PCM, appended frame by frame to a file that the kernel keeps if we die."""

    def __init__(self, path: Path, max_seconds: float, silence_seconds: float) -> None:
        self._path = path
        self._max_seconds = max_seconds
        self._silence_seconds = silence_seconds
        self._ear = Ear()
        self._file = path.open("wb", buffering=0)
        path.chmod(0o600)

    def hear(self, pcm: bytes) -> None:
        """Append a frame; OSError where the storage is full."""
        self._ear.hear(pcm)
        if self._file.write(pcm) != len(pcm):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    @property
    def is_over(self) -> bool:
        """Silence or the greatest length has ended it."""
        return self._ear.quiet_seconds >= self._silence_seconds or self._ear.seconds >= self._max_seconds

    @property
    def spoken(self) -> bool:
        return self._ear.speech_seconds >= _MIN_SPEECH_SECONDS

    def finish(self) -> Spoken:
        self._file.close()
        return _spoken(self._path.read_bytes(), self._ear)

    def forget(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)


def repair(path: Path) -> Spoken | None:
    """The speech in a recording that a crash left open, None where nothing was said in it."""
    pcm = path.read_bytes()
    ear = Ear()
    frame = FRAME_SAMPLES * 2
    for start in range(0, len(pcm) - frame + 1, frame):
        ear.hear(pcm[start : start + frame])
    return _spoken(pcm, ear) if ear.speech_seconds >= _MIN_SPEECH_SECONDS else None


def _spoken(pcm: bytes, ear: Ear) -> Spoken:
    """Everything up to shortly after the last speech, in whole samples."""
    samples = min(round((ear.last_speech_at + _TAIL_SECONDS) * CALL_RATE_HZ), len(pcm) // 2)
    return Spoken(pcm[: samples * 2], ear.level_dbfs, ear.clipped_share)

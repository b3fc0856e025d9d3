"""Recordings encrypted at rest, each with a key of its own: to destroy the key is to erase the recording."""

import errno
import os
import secrets
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from appliance.custody.durable import sync_folder
from appliance.custody.keys import Keys
from appliance.custody.sealing import seal, unseal
from appliance.errors import CustodyError, RecordingsAwayError
from appliance.sound import CALL_RATE_HZ
from appliance.store.comments import Recording
from appliance.store.space import ANSWERS_BYTES, free_bytes

SAMPLE_BYTES: Final = 2


def comments_directory(directory: Path) -> Path:
    return directory / "comments"


def encrypt_recording(keys: Keys, directory: Path, pcm: bytes) -> Recording:
    """Write 8 kHz 16-bit mono PCM to an encrypted file, on disk when this returns; CustodyError on a full disk."""
    folder = comments_directory(directory)
    name = f"{secrets.token_hex(16)}.sealed"
    key = AESGCM.generate_key(256)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _leave_room_for_answers(folder, len(pcm))
        _write_durably(folder / name, seal(key, pcm, b"recording:" + name.encode()))
    except OSError as error:
        raise CustodyError(f"{folder}: cannot keep a recording: {error.strerror}") from error
    wrapped = seal(keys.wrapping, key, b"key:" + name.encode())
    return Recording(name, wrapped, len(pcm) / SAMPLE_BYTES / CALL_RATE_HZ)


def decrypt_recording(keys: Keys, directory: Path, recording: Recording) -> bytes:
    """The PCM of a recording; CustodyError where file or key is gone or damaged, RecordingsAwayError else.

    Neither names the file: what is at fault with many is one fault.
    """
    folder = comments_directory(directory)
    try:
        sealed = (folder / recording.file).read_bytes()
    except OSError as error:
        if isinstance(error, FileNotFoundError) and folder.is_dir():
            raise CustodyError("a recording's file is gone") from error
        raise RecordingsAwayError(f"{folder}: cannot read a recording: {error.strerror}") from error
    return unseal(_recording_key(keys, recording), sealed, b"recording:" + recording.file.encode())


def seal_text(keys: Keys, recording: Recording, text: str, what: str = "text") -> bytes:
    """Seal something of a comment with its recording's own key; it opens as nothing but `what` it is."""
    return seal(_recording_key(keys, recording), text.encode(), f"{what}:{recording.file}".encode())


def unseal_text(keys: Keys, recording: Recording, sealed: bytes, what: str = "text") -> str:
    """What `seal_text` sealed; CustodyError where it was spoiled, or is something else."""
    return unseal(_recording_key(keys, recording), sealed, f"{what}:{recording.file}".encode()).decode()


def _recording_key(keys: Keys, recording: Recording) -> bytes:
    return unseal(keys.wrapping, recording.key_wrapped, b"key:" + recording.file.encode())


def _leave_room_for_answers(folder: Path, length: int) -> None:
    if free_bytes(folder) < length + ANSWERS_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _write_durably(path: Path, data: bytes) -> None:
    draft = path.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)

"""The box's master key, and the keys derived from it."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from appliance.custody.durable import sync_folder
from appliance.errors import CustodyError

KEY_BYTES: Final = 32
_FINGERPRINT: Final = "master-key.fingerprint"


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """Keys of 32 bytes: for sealing small data, for wrapping recording keys, for hashing numbers."""

    sealing: bytes
    wrapping: bytes
    hashing: bytes
    web: bytes
    """Signs the page's session cookies."""
    fingerprint: bytes
    """Opens nothing: by it data know which master key they belong to."""


def master_key_path(directory: Path) -> Path:
    """The key's file: a systemd credential where one is given, else in the storage directory."""
    credentials = os.environ.get("CREDENTIALS_DIRECTORY")
    if credentials and (given := Path(credentials) / "master-key").exists():
        return given
    return directory / "keys" / "master.key"


def load_keys(directory: Path) -> Keys:
    """Read the master key, making it at the very first start; CustodyError where it is unusable."""
    path = master_key_path(directory)
    try:
        if not path.exists():
            _refuse_a_second_key(directory, path)
            _create(path)
        master = path.read_bytes()
    except OSError as error:
        raise CustodyError(f"{path}: cannot read the master key: {error.strerror}") from error
    if len(master) != KEY_BYTES:
        raise CustodyError(
            f"{path}: the master key must be {KEY_BYTES} bytes but has {len(master)}; put back the backup of this file"
        )
    keys = Keys(*(_derive(master, purpose) for purpose in ("sealing", "wrapping", "hashing", "web", "fingerprint")))
    _check_fingerprint(directory, path, keys.fingerprint)
    return keys


def _refuse_a_second_key(directory: Path, path: Path) -> None:
    """A new key would know no opted-out number and open no recording."""
    if (directory / _FINGERPRINT).exists():
        raise CustodyError(f"{path}: the master key is missing, but there are data under it; put back its backup")


def _check_fingerprint(directory: Path, path: Path, fingerprint: bytes) -> None:
    """The data remember which key they belong to; the first key there is stands."""
    note = directory / _FINGERPRINT
    try:
        if not note.exists():
            note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = note.with_name(f".{note.name}.{os.getpid()}")
            draft.write_text(fingerprint.hex(), encoding="ascii")
            draft.replace(note)
        belongs = note.read_text(encoding="ascii").strip() == fingerprint.hex()
    except OSError as error:
        raise CustodyError(f"{note}: cannot keep the master key's fingerprint: {error.strerror}") from error
    if not belongs:
        raise CustodyError(
            f"{path}: this is not the master key that the data in {directory} belong to; put back its backup"
        )


def _derive(master: bytes, purpose: str) -> bytes:
    info = f"efterklang {purpose} 1".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(master)


def _create(path: Path) -> None:
    """Write a new key; where two processes try at once, the first one's stands."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)  # of a process that died here under the same number
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o400)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    sync_folder(path.parent)

"""Passwords: argon2id, one at a time, so that many log-ins at once cannot eat the box's memory."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from appliance.errors import UsageError, WebError

MIN_PASSWORD_CHARACTERS: Final = 12
MAX_PASSWORD_BYTES: Final = 256
_WAIT_SECONDS: Final = 10
_READABLE: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what looks alike: i, l, o, 0, 1."""

_hasher: Final = PasswordHasher(time_cost=4, memory_cost=64 * 1024, parallelism=2)
_turns: Final = Lock()
_NOBODY: Final = "$argon2id$v=19$m=65536,t=4,p=2$gTQlbRTMS+7AgHE/hwYlYg$N4HzYkzQwP9Mws8cm2Itzje9NdwWz/WgvqaePQ7/NSk"
"""Of a random password that nobody kept: an unknown name costs the same time as a known one."""


@contextmanager
def turn() -> Iterator[None]:
    """One log-in at a time, so that no failure goes uncounted; WebError where too many wait."""
    if not _turns.acquire(timeout=_WAIT_SECONDS):
        raise WebError("too many people log in at once; try again in a moment")
    try:
        yield
    finally:
        _turns.release()


def hash_password(password: str) -> str:
    """UsageError where the password is too short or too long."""
    if len(password) < MIN_PASSWORD_CHARACTERS:
        raise UsageError(f"the password is too short; give at least {MIN_PASSWORD_CHARACTERS} characters")
    if len(password.encode()) > MAX_PASSWORD_BYTES:
        raise UsageError(f"the password is too long; give at most {MAX_PASSWORD_BYTES} bytes")
    return _hasher.hash(password)


def fits(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; None is no account, and takes as long. What is too long is not even hashed."""
    if len(password.encode()) > MAX_PASSWORD_BYTES:
        return False
    try:
        return _hasher.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def generate_password() -> str:
    """Four groups of four readable characters, about 79 bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))

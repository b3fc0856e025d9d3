"""The ledger of opted-out numbers: a file beside the database that is only ever added to.

Its first line names the ledger and the master key that its hashes are made with; each further line is one change as
JSON. A line that a power cut has torn was never acknowledged: it is passed over.
"""

import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, datetime
from pathlib import Path
from typing import Any, Final

from appliance.custody.durable import sync_folder
from appliance.custody.keys import Keys
from appliance.errors import CustodyError
from appliance.store.clock import from_text, to_text
from appliance.store.opt_outs import Change
from appliance.types import NumberHash

_KIND: Final = "efterklang opt-outs 1"
_MAX_HEAD_BYTES: Final = 1024
_HASH_BYTES: Final = 32


def ledger_path(directory: Path) -> Path:
    return directory / "opt-outs.ledger"


@dataclass(frozen=True, slots=True)
class Ledger:
    """One ledger, known to belong to our master key."""

    path: Path
    id: str
    head_bytes: int
    """Where the changes begin."""

    @property
    def length_bytes(self) -> int:
        return self.path.stat().st_size

    def read(self, begin_bytes: int) -> Iterator[tuple[Change | None, int]]:
        """Each whole line from there on, with where it ends; None in place of a change that cannot be read."""
        end = begin_bytes
        with self.path.open("rb") as file:
            file.seek(begin_bytes)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                end += len(line)
                yield _change(line), end

    def append(self, changes: Iterable[Change]) -> None:
        """Add changes, on disk when this returns; OSError, and nothing added, where the disk does not take them."""
        _append(self.path, b"".join(map(_line, changes)))


def open_ledger(path: Path, keys: Keys) -> Ledger:
    """CustodyError where it is no ledger, or not one of this master key; OSError where it cannot be read."""
    with path.open("rb") as file:
        line = file.readline(_MAX_HEAD_BYTES)
    head = _object(line)
    if head.get("ledger") != _KIND or not isinstance(head.get("id"), str):
        raise CustodyError(f"{path}: this is no ledger of opted-out numbers; put back its backup")
    if head.get("key") != keys.fingerprint.hex():
        raise CustodyError(f"{path}: this ledger of opted-out numbers belongs to another master key")
    return Ledger(path, head["id"], len(line))


def make_ledger(path: Path, keys: Keys) -> Ledger:
    """A new and empty one; a power cut leaves it whole or not there."""
    head = {"ledger": _KIND, "id": secrets.token_hex(8), "key": keys.fingerprint.hex()}
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)  # of a process that died here under the same number
    _append(draft, json.dumps(head).encode() + b"\n")
    draft.replace(path)
    sync_folder(path.parent)
    return open_ledger(path, keys)


def _append(path: Path, text: bytes) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        before = os.fstat(descriptor).st_size
        if before and os.pread(descriptor, 1, before - 1) != b"\n":
            text = b"\n" + text  # after a torn line
        try:
            while text:
                text = text[file.write(text) :]
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, before)
            raise


def _line(change: Change) -> bytes:
    row = {
        "at": to_text(change.at),
        "number": change.number_hash.hex(),
        "is": "blocked" if change.is_blocked else "lifted",
        "source": change.source,
        "by": change.changed_by,
    }
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


def _change(line: bytes) -> Change | None:
    row = _object(line)
    try:
        number_hash, at = bytes.fromhex(row["number"]), _moment(row["at"])
        is_blocked = {"blocked": True, "lifted": False}[row["is"]]
        if len(number_hash) != _HASH_BYTES:
            return None
        source, by = (str(row[key]).encode().decode() for key in ("source", "by"))  # half a character fails here
        return Change(NumberHash(number_hash), at, is_blocked, source, by)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _moment(text: str) -> datetime:
    moment = from_text(to_text(from_text(text)))
    if moment.year == MAXYEAR:
        raise ValueError("no change could come after this one")
    return moment


def _object(line: bytes) -> dict[str, Any]:
    """The JSON object of a line; empty where it holds none."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}

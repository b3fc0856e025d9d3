"""The file drop: call records that are put into inbox/ are taken in and then removed, for they hold plain numbers.

inbox/ itself is read with the profile of the settings, inbox/NAME/ as TCP source NAME, else with profile NAME.
What is kept stands in inbox/done/ and inbox/rejected/, with the numbers masked.
"""

import logging
import os
import re
import socket
import time
from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final

from appliance.custody.durable import sync_folder
from appliance.errors import ConfigError, EfterklangError, IntakeError
from appliance.intake.adapter import Desk
from appliance.intake.dropped import has_settled, is_ours, open_plain, ready, state_of
from appliance.intake.masking import mask
from appliance.intake.profile import Profile
from appliance.intake.profile_file import profile_of_source
from appliance.intake.receipts import Receipts
from appliance.intake.records import Tally, admit, read_batches
from appliance.store import taken_files, writing

_AGAIN_SECONDS: Final = 10.0
"""What could not be put away is tried again after this."""
_TAKEN: Final = ".taken-"
"""A file that is being taken in is called this, then when it was begun, then its own name, masked."""
_NAME_CHARACTERS: Final = 60
_TURN_SECONDS: Final = 0.4
_MAX_FILE_BYTES: Final = 1 << 30
_OURS: Final = ("done", "rejected")

_log = logging.getLogger(__name__)


def inbox_directory(directory: Path) -> Path:
    return directory / "inbox"


def folders_of(inbox: Path) -> list[Path]:
    """Where files are laid: the inbox itself, and a folder for each profile."""
    inside = sorted(path for path in inbox.iterdir() if path.is_dir() and not path.name.startswith("."))
    return [inbox, *(path for path in inside if path.name not in _OURS)]


class Inbox:
    """Empties the inbox of one box, a step at a time; whoever stops between two steps loses and doubles nothing."""

    name: Final = "inbox"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._folder = inbox_directory(desk.settings.storage.directory)
        self._again_at: dict[Path, float] = {}
        self._now = self._claimed_at = datetime.fromtimestamp(0, UTC)
        self._sweep: Generator[None] | None = None

    def waits_for(self) -> tuple[socket.socket, ...]:
        return ()

    def work(self, now: datetime) -> None:
        """A turn: as many steps as fit into some tenths of a second."""
        until = time.monotonic() + _TURN_SECONDS
        while self.step(now) and time.monotonic() < until:
            pass

    def step(self, now: datetime) -> bool:
        """Decide upon some hundred lines, or put a file away; False where nothing is left to do."""
        self._now = now
        self._sweep = self._sweep or self._take_in_all()
        if next(self._sweep, self) is self:
            self._sweep = None
        return self._sweep is not None

    def close(self) -> None:
        """Leave a file that is being read where it is."""
        if self._sweep:
            self._sweep.close()
        self._sweep = None

    def _take_in_all(self) -> Generator[None]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._make_way()
        self._again_at = {path: at for path, at in self._again_at.items() if os.path.lexists(path)}
        self._forget_what_is_gone()
        for path in [path for folder in folders_of(self._folder) for path in self._files(folder)]:
            if self._again_at.get(path, 0) > time.monotonic():
                continue
            current = path
            try:
                profile = self._profile_of(path.parent)
                current = self._claim(path)
                yield from self._take_in(current, profile)
            except (OSError, IntakeError, ConfigError) as error:
                self._tell(current, error)
            except EfterklangError:
                raise  # it is not the file's fault
            except Exception as error:  # noqa: BLE001 -- one file must not hold up all that follow
                self._tell(current, error)
            else:
                self._again_at.pop(current, None)

    def _make_way(self) -> None:
        """Where our own folders stand nothing else may: it is given a name under which it is a file like any other."""
        for name in _OURS:
            path = self._folder / name
            if os.path.lexists(path) and not path.is_dir():
                path.rename(path.with_name(f"{name}-{time.time_ns()}"))

    def _forget_what_is_gone(self) -> None:
        """The power may have gone right after a file was removed."""
        for name in taken_files.names(self._desk.db):
            if not any(os.path.lexists(folder / f"{_TAKEN}{name}") for folder in folders_of(self._folder)):
                taken_files.forget(self._desk.db, name)

    def _files(self, folder: Path) -> list[Path]:
        try:
            return ready(folder)
        except OSError as error:
            self._tell(folder, error)
            return []

    def _profile_of(self, folder: Path) -> Profile:
        name = self._desk.settings.intake.profile if folder == self._folder else folder.name
        return profile_of_source(self._desk.settings, name)

    def _claim(self, path: Path) -> Path:
        """Give a file the name under which it is taken in, now and after every crash; no two ever have the same."""
        if is_ours(path):
            return path
        self._claimed_at = max(self._now, self._claimed_at + timedelta(microseconds=1))
        name = re.sub(r"[^\w.-]", "_", mask(path.name))[-_NAME_CHARACTERS:]
        claimed = path.with_name(f"{_TAKEN}{self._claimed_at:%Y%m%dT%H%M%S%f}-{name}")
        path.rename(claimed)
        sync_folder(path.parent)
        return claimed

    def _take_in(self, path: Path, profile: Profile) -> Iterator[None]:
        """Read a file to its end, put away what is kept, and only then remove it; later, where it is still written."""
        name, tally = path.name.removeprefix(_TAKEN), Tally()
        keep_done = self._desk.settings.intake.done == "masked"
        with open_plain(path) as file, Receipts(self._folder, name, keep_done=keep_done) as receipts:
            before = state_of(os.fstat(file.fileno()))
            if not has_settled(file):
                return
            try:
                for _ in self._decide(file, name, profile, receipts, tally):
                    yield
            except IntakeError as error:
                _log.warning("%s: refused as no file of %s: %s", name, profile.name, error)
                receipts.refused(file, str(error))
            if state_of(path.lstat()) != before:
                return
            receipts.put()
            if state_of(path.lstat()) != before:
                return
        path.unlink()
        sync_folder(path.parent)
        taken_files.forget(self._desk.db, name)
        _log.info("%s: %d records, %d rejected", name, tally.records, tally.rejected)

    def _decide(self, file: BinaryIO, name: str, profile: Profile, receipts: Receipts, tally: Tally) -> Iterator[None]:
        if os.fstat(file.fileno()).st_size > _MAX_FILE_BYTES:
            raise IntakeError(f"it is larger than {_MAX_FILE_BYTES >> 20} MiB; hand it in in parts")
        reader = profile.reader(profile.name, self._desk.zone, self._desk.register.fingerprint)
        for batch in read_batches(file, profile, reader, self._now):
            with writing(self._desk.db):
                already = taken_files.counted(self._desk.db, name)
                verdicts = admit(self._desk.db, self._desk.register, profile.name, batch, self._now, already=already)
                taken_files.has_counted(self._desk.db, name, max(already, batch.last_line))
            for (line, contact), verdict in zip(batch.contacts, verdicts, strict=True):
                receipts.decided(line, contact, verdict.reason)
            for line, rejected in batch.rejected:
                receipts.rejected(line, rejected.reason)
            tally.add(batch, verdicts)
            yield

    def _tell(self, path: Path, error: Exception) -> None:
        """One line, once; the others go on."""
        if path not in self._again_at:
            where = mask(path.relative_to(self._folder.parent).as_posix())
            reason = error.strerror if isinstance(error, OSError) else type(error).__name__
            if isinstance(error, EfterklangError):
                reason = str(error)
            hint = "; the inbox must belong to our own user" if isinstance(error, PermissionError) else ""
            _log.error("%s: cannot be taken in: %s%s", where, reason, hint)
        self._again_at[path] = time.monotonic() + _AGAIN_SECONDS

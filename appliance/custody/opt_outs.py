"""Who is never rung again: on the ledger first, then in the database; no crash and no old backup forgets it.

A database that lacks what its ledger knows (it was put back from a backup, or a process died between the two) takes it
in when the next process starts.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from appliance.custody.keys import Keys, load_keys
from appliance.custody.ledger import Ledger, ledger_path, make_ledger, open_ledger
from appliance.errors import CustodyError
from appliance.store import Database, directory_of, open_store, opt_outs, writing
from appliance.store.clock import from_text, to_text
from appliance.store.database import surely
from appliance.store.opt_outs import Change, Merged
from appliance.types import NumberHash

_TICK: Final = timedelta(milliseconds=1)

_log = logging.getLogger(__name__)


def open_box(directory: Path, now: datetime) -> tuple[Database, Keys]:
    """The store and its keys as every process opens them: whoever has ever opted out is known."""
    db, keys = open_store(directory), load_keys(directory)
    catch_up(db, keys, now)
    return db, keys


def add(db: Database, keys: Keys, number_hash: NumberHash, source: str, now: datetime, by: str = "") -> bool:
    """Never ring a number again, on disk when this returns; False where it was blocked before."""
    return add_all(db, keys, [number_hash], source, now, by) == 1


def add_all(db: Database, keys: Keys, numbers: Sequence[NumberHash], source: str, now: datetime, by: str = "") -> int:
    """Never ring these numbers again, all on disk when this returns; returns how many were not blocked before."""
    return _change_all(db, keys, numbers, True, source, now, by)


def lift(db: Database, keys: Keys, number_hash: NumberHash, source: str, now: datetime, by: str) -> bool:
    """Let a number be rung again, at its citizen's own wish; False where it was not blocked."""
    return _change_all(db, keys, [number_hash], False, source, now, by) == 1


def catch_up(db: Database, keys: Keys, now: datetime) -> None:
    """Take in what the ledger knows and the database lacks; a ledger that is new gets what the database knows.

    CustodyError where the ledger cannot be read, or is another master key's: then nobody knows who may be rung.
    """
    path = ledger_path(directory_of(db))
    try:
        if path.exists():
            ledger = open_ledger(path, keys)
            if opt_outs.merged(db) == Merged(ledger.id, ledger.length_bytes):
                return
        with writing(db):
            ledger = open_ledger(path, keys) if path.exists() else make_ledger(path, keys)
            _take_in(db, ledger, now)
    except OSError as error:
        raise CustodyError(f"{path}: cannot use the ledger of opted-out numbers: {error.strerror}") from error


def merge(db: Database, keys: Keys, other: Path, now: datetime) -> int:
    """Take in another ledger of the same master key; returns of how many numbers it knew more. CustodyError alike."""
    try:
        ledger = open_ledger(other, keys)
        known = _last_of(change for change, _ in ledger.read(ledger.head_bytes) if change)
    except OSError as error:
        raise CustodyError(f"{other}: cannot read the ledger: {error.strerror}") from error
    with writing(db):
        catch_up(db, keys, now)
        news = [change for number, change in known.items() if _is_news(change, opt_outs.last(db, number))]
        _keep(db, keys, news, now)
    return len(news)


@surely
def _change_all(
    db: Database, keys: Keys, numbers: Sequence[NumberHash], is_blocked: bool, source: str, now: datetime, by: str
) -> int:
    with writing(db):
        try:
            catch_up(db, keys, now)
        except CustodyError as error:
            _log.error("%s", error)
        changes = []
        for number in dict.fromkeys(numbers):
            known = opt_outs.last(db, number)
            if is_blocked != (known is not None and known.is_blocked):
                # Never before what it changes, whatever the clock says.
                at = max(from_text(to_text(now)), known.at + _TICK) if known else from_text(to_text(now))
                changes.append(Change(number, at, is_blocked, source, by))
        _keep(db, keys, changes, now)
        return len(changes)


def _keep(db: Database, keys: Keys, changes: list[Change], now: datetime) -> None:
    """On the ledger, then in the database; where the ledger takes nothing the database does, and adds it later."""
    if not changes:
        return
    try:
        open_ledger(ledger_path(directory_of(db)), keys).append(changes)
        catch_up(db, keys, now)
    except (OSError, CustodyError) as error:
        _log.error("%d opted-out numbers are in the database only: %s", len(changes), error)
        opt_outs.put(db, changes, now)
        opt_outs.set_merged(db, None)


def _take_in(db: Database, ledger: Ledger, now: datetime) -> None:
    mark = opt_outs.merged(db)
    goes_on = mark is not None and mark.ledger == ledger.id and mark.length_bytes <= ledger.length_bytes
    end = mark.length_bytes if mark is not None and goes_on else ledger.head_bytes
    changes = []
    for change, line_end in ledger.read(end):
        end = line_end
        if change is None:
            _log.warning("%s: a damaged line is passed over", ledger.path)
        else:
            changes.append(change)
    opt_outs.put(db, changes, now)
    if not goes_on:
        on_ledger = _last_of(changes)
        lacking = [change for change in opt_outs.every(db) if _is_news(change, on_ledger.get(change.number_hash))]
        if not _append(ledger, lacking):
            opt_outs.set_merged(db, None)
            return
        end = ledger.length_bytes
    opt_outs.set_merged(db, Merged(ledger.id, end))


def _append(ledger: Ledger, changes: list[Change]) -> bool:
    """False where the ledger takes nothing now: the next who catches up tries again, and nobody is rung wrongly."""
    try:
        ledger.append(changes)
    except OSError as error:
        _log.error("%s: %d opted-out numbers cannot be added: %s", ledger.path, len(changes), error)
        return False
    return True


def _last_of(changes: Iterable[Change]) -> Mapping[NumberHash, Change]:
    """The change of each number that stands."""
    last: dict[NumberHash, Change] = {}
    for change in changes:
        if _is_news(change, last.get(change.number_hash)):
            last[change.number_hash] = change
    return last


def _is_news(change: Change, known: Change | None) -> bool:
    return known is None or change.rank > known.rank

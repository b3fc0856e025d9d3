"""The ledger of opted-out numbers can be read, is this box's, and the database knows all of it."""

from collections.abc import Iterator
from typing import Final

from appliance.custody.keys import load_keys, master_key_path
from appliance.custody.ledger import ledger_path, open_ledger
from appliance.errors import CustodyError
from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.store import opt_outs
from appliance.store.opt_outs import Merged

TITLE: Final = "opted-out numbers are known, and kept twice"


def run(context: Context) -> Iterator[Issue | str]:
    directory = context.settings.storage.directory
    path = ledger_path(directory)
    if context.db is None or not master_key_path(directory).exists():
        return
    if not path.exists():
        if opt_outs.count(context.db):
            todo = "put it back, or restart the service: it is made again from the database"
            yield Issue("opt_outs", Severity.ERROR, "the ledger of opted-out numbers is gone", f"{path}", todo)
        return
    try:
        ledger = open_ledger(path, load_keys(directory))
        torn = sum(change is None for change, _ in ledger.read(ledger.head_bytes))
    except (CustodyError, OSError) as error:
        yield Issue("opt_outs", Severity.ERROR, f"nobody is rung: {error}", f"{path}", "put back this box's own ledger")
        return
    if opt_outs.merged(context.db) != Merged(ledger.id, ledger.length_bytes):
        todo = "restart the service, and see that the disk has room and its user may write the file"
        yield Issue("opt_outs", Severity.WARNING, "ledger and database do not know the same", f"{path}", todo)
    if torn:
        what = f"{torn} lines cannot be read: after a power cut one is no harm"
        todo = "where there are more, run: efterklang opt-outs merge with the ledger of a backup"
        yield Issue("opt_outs", Severity.WARNING, what, f"{path}", todo)
    yield f"{opt_outs.count(context.db)} blocked"

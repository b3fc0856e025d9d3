"""The one database opens and is whole."""

from collections.abc import Iterator
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.store import database_path
from appliance.store.integrity import faults

TITLE: Final = "the database is whole"
_REMEDY: Final = "stop everything (systemctl stop efterklang.target) and run: efterklang restore"


def run(context: Context) -> Iterator[Issue]:
    where = f"{database_path(context.settings.storage.directory)}"
    if context.store_fault is not None:
        yield Issue("database", Severity.ERROR, context.store_fault, where, _REMEDY)
    if context.db is not None:
        for fault in faults(context.db):
            yield Issue("database", Severity.ERROR, fault, where, _REMEDY)

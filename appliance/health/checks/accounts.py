"""Somebody can log in to the page."""

from collections.abc import Iterator
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.store import users

TITLE: Final = "somebody can log in"


def run(context: Context) -> Iterator[Issue]:
    without = users.count(context.db) == 0 if context.db is not None else context.is_installed
    if without:
        yield Issue("accounts", Severity.WARNING, "there is no account", "web", "run: efterklang user add NAME")

"""The HTTP inbox, where it is open: its token is there, long enough, and known to nobody else on this machine."""

from collections.abc import Iterator
from typing import Final

from appliance.errors import ConfigError
from appliance.health.context import Context
from appliance.health.issue import Issue, Severity

TITLE: Final = "the HTTP inbox has a token"


def run(context: Context) -> Iterator[Issue]:
    intake = context.settings.intake
    path = intake.http_token_file
    if path is None:
        return
    where = f"intake.http_token_file {path}"
    try:
        intake.http_token()
    except ConfigError as error:
        todo = "run as root: (umask 027; openssl rand -hex 32 > FILE), then: chgrp efterklang FILE"
        yield Issue("http_inbox", Severity.ERROR, f"no contact is taken in: {error}", where, todo)
        return
    if path.stat().st_mode & 0o007:
        what = "every user of this machine can read it"
        yield Issue("http_inbox", Severity.ERROR, what, where, f"run: chmod 640 {path}")

"""Which build of PJSIP this is: asked in a process of its own, for only a line may load it."""

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity

TITLE: Final = "the telephony library fits the trunk"
_CHECK: Final = "telephony_wheel"
_LIBRARY: Final = "appliance.telephony.library"
_MAX_SECONDS: Final = 20
_OLDEST_OPENSSL: Final = 3
"""Of the versions that still get security fixes."""
_REMEDY: Final = "run scripts/build_pjsua2 and install that wheel"


@dataclass(frozen=True, slots=True)
class Library:
    """What the library says of itself."""

    pjsip: str
    tls: str
    """Empty where it has none."""
    max_calls: int

    @property
    def tls_is_kept_up(self) -> bool:
        number = re.match(r"OpenSSL (\d+)", self.tls)
        return number is not None and int(number[1]) >= _OLDEST_OPENSSL


def run(context: Context) -> Iterator[Issue | str]:
    if importlib.util.find_spec("pjsua2") is None:
        todo = f"run scripts/setup or scripts/install.sh again, or {_REMEDY}"
        yield Issue(_CHECK, Severity.ERROR, "pjsua2 is not installed", "Python packages", todo)
        return
    library = _ask()
    if isinstance(library, Issue):
        yield library
        return
    yield f"PJSIP {library.pjsip}, {library.tls or 'no TLS'}, {library.max_calls} calls a process"
    sip = context.settings.sip
    if sip is None:
        return
    if (sip.transport == "tls" or sip.srtp != "off") and not library.tls_is_kept_up:
        what = f"it uses {library.tls or 'no TLS library'}, which gets no security fixes any more"
        yield Issue(_CHECK, Severity.WARNING, what, f"PJSIP {library.pjsip}", _REMEDY)
    if sip.calls_per_process > library.max_calls:
        what = f"sip.calls_per_process is {sip.calls_per_process}, but a process holds {library.max_calls} calls"
        todo = f"set it to {library.max_calls} and raise sip.processes, or {_REMEDY}"
        yield Issue(_CHECK, Severity.ERROR, what, f"PJSIP {library.pjsip}", todo)


def _ask() -> Library | Issue:
    command = [sys.executable, "-W", "ignore", "-m", _LIBRARY]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_MAX_SECONDS, check=True)
        return Library(**json.loads(done.stdout))
    except subprocess.CalledProcessError as error:
        last = error.stderr.strip().rpartition("\n")[2]
        reason = last or f"it ended with code {error.returncode}"
    except subprocess.TimeoutExpired:
        reason = f"it gave no answer in {_MAX_SECONDS} s"
    todo = f"run scripts/setup or scripts/install.sh again, or {_REMEDY}"
    return Issue(_CHECK, Severity.ERROR, f"pjsua2 does not start: {reason}", "Python packages", todo)

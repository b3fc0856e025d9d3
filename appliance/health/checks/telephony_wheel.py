"""Which build of PJSIP this is, looked up without loading it: only a line may do that."""

import importlib.metadata
import importlib.util
from collections.abc import Iterator
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity

TITLE: Final = "the telephony library fits the trunk"
_QUICK_START_WHEEL: Final = "pjsua2-python"
_QUICK_START_CALLS: Final = 4
"""Compiled into the wheel as PJSUA_MAX_CALLS."""
_REMEDY: Final = "build pjsua2 from pjproject 2.17 or newer and install that wheel"


def run(context: Context) -> Iterator[Issue]:
    if importlib.util.find_spec("pjsua2") is None:
        todo = f"run scripts/setup or scripts/install.sh again; {_REMEDY}"
        yield Issue("telephony_wheel", Severity.ERROR, "pjsua2 is not installed", "Python packages", todo)
        return
    try:
        version = importlib.metadata.version(_QUICK_START_WHEEL)
    except importlib.metadata.PackageNotFoundError:
        return  # an own build has neither limit
    where = f"{_QUICK_START_WHEEL} {version}"
    sip = context.settings.sip
    if sip is not None and (sip.transport == "tls" or sip.srtp != "off"):
        what = "the quick-start wheel brings OpenSSL 1.0.2k, which gets no security fixes any more"
        yield Issue("telephony_wheel", Severity.WARNING, what, where, _REMEDY)
    if sip is not None and sip.calls_per_process > _QUICK_START_CALLS:
        what = f"sip.calls_per_process is {sip.calls_per_process}, but this wheel holds {_QUICK_START_CALLS} calls"
        todo = f"set it to {_QUICK_START_CALLS} and raise sip.processes, or {_REMEDY}"
        yield Issue("telephony_wheel", Severity.ERROR, what, where, todo)

"""PJSIP's callbacks: what fails in one must neither be lost nor live on."""

import functools
import logging
from collections.abc import Callable
from typing import Any, TypeVar

_log = logging.getLogger(__name__)

Owner = TypeVar("Owner")


def guarded(callback: Callable[[Owner, Any], None]) -> Callable[[Owner, Any], None]:
    """Log what goes wrong. Left to pjsua2, the exception would keep its frame, and with it a Call beyond its time."""

    @functools.wraps(callback)
    def call_back(owner: Owner, prm: Any) -> None:
        try:
            callback(owner, prm)
        except Exception:  # noqa: BLE001 -- whatever it is, the other calls go on
            _log.exception("%s has failed", callback.__name__)

    return call_back

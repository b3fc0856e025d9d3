"""Whether and when a citizen is rung again: one rule an outcome."""

from datetime import timedelta
from typing import Final

from appliance.types import Outcome

_DELAYS: Final = {
    Outcome.BUSY: timedelta(minutes=10),
    Outcome.NO_ANSWER: timedelta(hours=3),
    Outcome.VOICEMAIL: timedelta(hours=4),
    Outcome.TRUNK_FAULT: timedelta(minutes=2),
}
_MAX_TRUNK_ATTEMPTS: Final = 9
"""Over and above the rings allowed; each waits twice as long as the one before it."""


def retry_delay(outcome: Outcome, rings: int, max_rings: int, attempts: int = 1) -> timedelta | None:
    """How long to wait before the next try, None where there is none.

    Only real rings use tries up. A trunk fault is tried again at ever longer intervals, not for ever: a PBX that rings
    without saying so must not ring somebody every two minutes.
    """
    if rings >= max_rings or attempts >= _MAX_TRUNK_ATTEMPTS + max_rings:
        return None
    delay = _DELAYS.get(outcome)
    return delay * 2 ** (attempts - 1) if delay and outcome is Outcome.TRUNK_FAULT else delay

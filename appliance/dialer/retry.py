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
RING_LATER_DELAY: Final = timedelta(hours=2)


def retry_delay(outcome: Outcome, rings: int, max_rings: int) -> timedelta | None:
    """How long to wait before the next try, None where there is none; only real rings use tries up."""
    return None if rings >= max_rings else _DELAYS.get(outcome)

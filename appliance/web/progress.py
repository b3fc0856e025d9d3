"""How far the comments have come on their way to text."""

from dataclasses import dataclass
from datetime import timedelta

from appliance.health.checks.comments import MAX_WAIT
from appliance.store import comment_queue, processes
from appliance.web.state import now, store


@dataclass(frozen=True, slots=True)
class Progress:
    waiting: int
    in_hand: int
    """Of those that wait, what the speech model has before it right now."""
    oldest: timedelta
    """How long the first of them has waited, in whole minutes."""
    again: int
    parked: int
    has_model: bool

    @property
    def is_late(self) -> bool:
        return self.oldest > MAX_WAIT

    @property
    def is_alarming(self) -> bool:
        """Whether somebody has to do something."""
        return bool(self.parked or not self.has_model or self.is_late)


def read() -> Progress:
    """Equal ones look equal on the page."""
    queue = comment_queue.queue(store())
    waited = max(timedelta(), now() - (queue.oldest_at or now()))
    has_model = processes.missing_model(store(), now()) is None
    whole = waited - waited % timedelta(minutes=1)
    return Progress(queue.waiting, queue.in_hand, whole, queue.again, queue.parked, has_model)

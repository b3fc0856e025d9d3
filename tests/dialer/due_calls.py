"""What the fixtures `dialer` and `enqueue` are, and when."""

from datetime import datetime
from typing import Final, Protocol

from calendar_by_hand import local

from appliance.dialer.dialer import Dialer
from appliance.types import E164, InterviewId

OPEN: Final = local("2026-11-24 12:00")
"""A Tuesday noon."""
CITIZEN: Final = E164("+46701740605")


class NewDialer(Protocol):
    """A line's dialer by the settings as delivered; keyword arguments change the section `dialer`."""

    def __call__(self, line: str = "line-1", only: InterviewId | None = None, **changes: object) -> Dialer: ...


class Enqueue(Protocol):
    """An interview that waits to be rung, for 48 hours at most."""

    def __call__(self, number: E164 = CITIZEN, due_at: datetime = OPEN) -> InterviewId: ...

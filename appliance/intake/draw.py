"""The random draw: a keyed function of the day's seed and the contact, so that a day can be repeated and audited."""

import hmac
from datetime import date, datetime, timedelta
from math import floor

from appliance.hours import parse_span


def is_drawn(seed: bytes, source: str, source_call_id: str, share: float) -> bool:
    """Whether a contact is among the drawn share (0–1); independent of every other contact."""
    digest = hmac.digest(seed, f"{source}\0{source_call_id}".encode(), "sha256")
    return int.from_bytes(digest[:8]) < share * 2**64


def allowance(cap: int, spread_over: str, local: datetime) -> int:
    """How many of a day's cap may have been queued by a local time; all of it where nothing spreads it."""
    if not spread_over:
        return cap
    begin, end = parse_span(spread_over)
    minutes = local.hour * 60 + local.minute - begin
    return min(cap, max(0, floor(cap * minutes / (end - begin))) + 1)


def period_begin(per: str, today: date) -> date:
    """The first day of the day, week (from Monday) or month that a quota counts by."""
    if per == "week":
        return today - timedelta(days=today.weekday())
    return today.replace(day=1) if per == "month" else today

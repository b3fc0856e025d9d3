"""Time in the store: UTC as text of fixed width, so that it sorts as it reads."""

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """An aware datetime as 2026-11-21T20:55:52.123Z; ValueError where it has no zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be stored")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    return datetime.fromisoformat(text)


def from_optional(text: str | None) -> datetime | None:
    return None if text is None else from_text(text)

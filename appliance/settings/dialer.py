"""When and how often a citizen is rung."""

from typing import Any

from pydantic import Field, field_validator

from appliance.hours import WeekHours, parse_week_hours
from appliance.settings.section import NumberRange, Section


class DialerSettings(Section):
    hours: WeekHours = Field(default_factory=lambda: parse_week_hours({"mon-fri": "09:00-20:00", "sat": "10:00-16:00"}))
    """Calling hours by weekday, local time; holidays and their eves are never rung."""
    holidays: bool = False
    """True rings on holidays and eves too (practice)."""
    delay_minutes: float = Field(5, ge=0, le=10_080)
    """After the contact ended."""
    latest_hours: float = Field(48, gt=0, le=720)
    """A contact older than this is not rung any more."""
    share: float = Field(0.25, ge=0, le=1)
    """Of eligible contacts."""
    quiet_days: int = Field(90, ge=0, le=3_650)
    ring_seconds: int = Field(28, ge=5, le=120)
    max_attempts: int = Field(3, ge=1, le=10)
    """Real rings only."""
    busy_again_minutes: float = Field(10, ge=1, le=10_080)
    no_answer_again_minutes: float = Field(180, ge=1, le=10_080)
    """Later the same day where the hours allow."""
    voicemail_again_minutes: float = Field(240, ge=1, le=10_080)
    calls_per_minute: int = Field(60, ge=1, le=6_000)
    """No more calls than this are begun in any minute, over all processes."""
    allowed_ranges: tuple[NumberRange, ...] = ("+46",)
    """Beginnings of the numbers that may be rung, in international form; all others never are."""

    @field_validator("hours", mode="before")
    @classmethod
    def _parse_hours(cls, value: Any) -> Any:
        if isinstance(value, tuple):
            return value
        if not isinstance(value, dict):
            raise ValueError('must be a table, such as { mon-fri = "09:00-20:00" }')  # noqa: TRY004 -- pydantic's way
        return parse_week_hours(value)

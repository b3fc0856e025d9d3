"""When something happened, as a PBX wrote it.

Local times in the two nights when the clocks change: a time that comes twice is the earlier of the two, or the later
where the earlier lies before a moment of the same call that is known to come first; a time that is skipped is read as
if the clock had not been put forward, for then it had not. Neither ever makes a call more recent than it was.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from appliance.intake.record import UnreadableError

_FIRST_YEAR: Final = 2000
_CLOCKS_DIFFER: Final = timedelta(hours=1)
"""A contact cannot have ended later than this from now: its number would be kept for as long."""
_YEARS_BACK: Final = 8
"""The 29th of February is at most this far away."""


class Clock:
    """Reads times of one format: `iso`, `epoch`, or one of strptime's; without an offset they are the zone's.

    Where the format has no year, or no day, it is the latest that does not lie in the future.
    """

    def __init__(self, written: str, zone: ZoneInfo) -> None:
        self._format = written
        self._zone = zone
        directives = set(re.findall(r"%-?(\w)", written))
        self._has_year = written in {"iso", "epoch"} or bool(directives & {"Y", "y", "c", "x", "G"})
        self._has_day = self._has_year or bool(directives & {"d", "j"})
        self._width = len(datetime(2000, 1, 1).strftime(written)) if re.search(r"%\w%\w", written) else None  # noqa: DTZ001 -- counts characters

    @property
    def example(self) -> str:
        """What is expected, for a reason."""
        return {"iso": "write 2026-11-21T14:05:00", "epoch": "expected seconds since 1970"}.get(
            self._format, f"expected {self._format}"
        )

    def is_absent(self, text: str) -> bool:
        """Whether nothing stands there; a zero is no moment of the epoch's."""
        return not text or (self._format == "epoch" and not text.strip("0"))

    def read(self, text: str, now: datetime, not_before: datetime | None = None) -> datetime:
        """The moment in UTC; ValueError where it is none, UnreadableError where it is not of our time."""
        if self._format == "epoch":
            return datetime.fromtimestamp(_believable(int(text), now), UTC)
        for parsed in self._candidates(text, now):
            _check_year(parsed, now)
            moment = self._in_utc(parsed, not_before)
            if moment <= now + _CLOCKS_DIFFER:
                return moment
        raise UnreadableError("lies in the future or in another century")

    def _candidates(self, text: str, now: datetime) -> list[datetime]:
        """One reading, or where year or day are missing several, the latest first."""
        today = now.astimezone(self._zone)
        if self._format == "iso":
            return [datetime.fromisoformat(text)]
        if self._width not in {None, len(text)}:
            raise ValueError
        if self._has_year:
            return [_parsed(text, self._format)]
        if self._has_day:
            years = range(today.year + 1, today.year - _YEARS_BACK - 1, -1)
            return [day for year in years if (day := _parsed_in(year, text, self._format))]
        time = _parsed(text, self._format).time()
        return [datetime.combine(today.date() + timedelta(days=ahead), time) for ahead in (1, 0, -1)]

    def _in_utc(self, parsed: datetime, not_before: datetime | None) -> datetime:
        if parsed.tzinfo:
            return parsed.astimezone(UTC)
        first, second = (parsed.replace(tzinfo=self._zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        return second if not_before and first < not_before <= second else first


def _parsed(text: str, written: str) -> datetime:
    return datetime.strptime(text, written)  # noqa: DTZ007 -- the zone is put to it by the caller


def _parsed_in(year: int, text: str, written: str) -> datetime | None:
    try:
        return _parsed(f"{year} {text}", f"%Y {written}")
    except ValueError:
        return None


def _believable(seconds: int, now: datetime) -> int:
    """Seconds since 1970 that are no nonsense."""
    first = datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp()
    if not first <= seconds <= (now + _CLOCKS_DIFFER).timestamp():
        raise UnreadableError("lies in the future or in another century")
    return seconds


def _check_year(parsed: datetime, now: datetime) -> None:
    """Before it is reckoned with: the first and the last day there is have no neighbours."""
    if not _FIRST_YEAR <= parsed.year <= now.year + 1:
        raise UnreadableError("lies in the future or in another century")

"""When something happened, as a PBX wrote it.

Local times in the two nights when the clocks change: a time that comes twice is the earlier of the two, or the later
where the earlier lies before a moment of the same call that is known to come first; a time that is skipped is read as
if the clock had not been put forward, for then it had not. Neither ever makes a call more recent than it was.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from appliance.intake.record import UnreadableError

FIRST_YEAR: Final = 2000
CLOCKS_DIFFER: Final = timedelta(hours=1)
"""A contact cannot have ended later than this from now: its number would be kept for as long."""
_NOT_OF_OUR_TIME: Final = "lies in the future or in another century"
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
    def reproach(self) -> str:
        """What is said of something that is no time."""
        expected = {"iso": "write 2026-11-21T14:05:00", "epoch": "expected seconds since 1970"}
        return f"is no time; {expected.get(self._format, f'expected {self._format}')}"

    def is_absent(self, text: str) -> bool:
        """Whether nothing stands there; a zero is no moment of the epoch's."""
        return not text or (self._format == "epoch" and not text.strip("0"))

    def read(self, text: str, now: datetime, not_before: datetime | None = None) -> datetime:
        """The moment in UTC; UnreadableError where it is none, or not of our time."""
        try:
            return self._read(text, now, not_before)
        except UnreadableError:
            raise
        except (ValueError, OverflowError):
            raise UnreadableError(self.reproach) from None

    def _read(self, text: str, now: datetime, not_before: datetime | None) -> datetime:
        if self._format == "epoch":
            return datetime.fromtimestamp(_believable(int(text), now), UTC)
        for parsed in self._candidates(text, now):
            _check_year(parsed, now)
            moment = self._in_utc(parsed, not_before)
            if moment <= now + CLOCKS_DIFFER:
                return moment
        raise UnreadableError(_NOT_OF_OUR_TIME)

    def _candidates(self, text: str, now: datetime) -> Iterator[datetime]:
        """One reading, or where year or day are missing several, the latest first."""
        today = now.astimezone(self._zone)
        if self._width not in {None, len(text)}:
            raise ValueError
        if self._format == "iso":
            yield datetime.fromisoformat(text)
        elif self._has_year:
            yield _parsed(text, self._format)
        elif self._has_day:
            _parsed(f"2000 {text}", f"%Y {self._format}")  # a leap year, for a day that no year has is no day
            for year in range(today.year + 1, today.year - _YEARS_BACK - 1, -1):
                with suppress(ValueError):
                    yield _parsed(f"{year} {text}", f"%Y {self._format}")
        else:
            time = _parsed(text, self._format).time()
            for ahead in (1, 0, -1):
                yield datetime.combine(today.date() + timedelta(days=ahead), time)

    def _in_utc(self, parsed: datetime, not_before: datetime | None) -> datetime:
        if parsed.tzinfo:
            return parsed.astimezone(UTC)
        first = parsed.replace(tzinfo=self._zone).astimezone(UTC)
        if not_before is None or first >= not_before:
            return first
        second = parsed.replace(tzinfo=self._zone, fold=1).astimezone(UTC)
        return second if second >= not_before else first


def _parsed(text: str, written: str) -> datetime:
    return datetime.strptime(text, written)  # noqa: DTZ007 -- the zone is put to it by the caller


def _believable(seconds: int, now: datetime) -> int:
    """Seconds since 1970 that are no nonsense."""
    first = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp()
    if not first <= seconds <= (now + CLOCKS_DIFFER).timestamp():
        raise UnreadableError(_NOT_OF_OUR_TIME)
    return seconds


def _check_year(parsed: datetime, now: datetime) -> None:
    """Before it is reckoned with: the first and the last day there is have no neighbours."""
    if not FIRST_YEAR <= parsed.year <= now.year + 1:
        raise UnreadableError(_NOT_OF_OUR_TIME)

"""Sweden's holidays and the days before them in 2026 and 2027, copied by hand from the almanac."""

from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

STOCKHOLM: Final = ZoneInfo("Europe/Stockholm")
RED: Final = {
    *("2026-01-01", "2026-01-06", "2026-04-03", "2026-04-05", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-24"),
    *("2026-06-06", "2026-06-20", "2026-10-31", "2026-12-25", "2026-12-26"),
    *("2027-01-01", "2027-01-06", "2027-03-26", "2027-03-28", "2027-03-29", "2027-05-01", "2027-05-06", "2027-05-16"),
    *("2027-06-06", "2027-06-26", "2027-11-06", "2027-12-25", "2027-12-26"),
}
EVES: Final = {
    "2026-01-05": "trettondagsafton",
    "2026-04-02": "skärtorsdagen",
    "2026-04-04": "påskafton",
    "2026-04-30": "valborgsmässoafton",
    "2026-05-13": "dagen före Kristi himmelsfärdsdag",
    "2026-05-23": "pingstafton",
    "2026-06-05": "dagen före nationaldagen",
    "2026-06-19": "midsommarafton",
    "2026-10-30": "allhelgonaafton",
    "2026-12-24": "julafton",
    "2026-12-31": "nyårsafton",
    "2027-01-05": "trettondagsafton",
    "2027-03-25": "skärtorsdagen",
    "2027-03-27": "påskafton",
    "2027-04-30": "valborgsmässoafton",
    "2027-05-05": "dagen före Kristi himmelsfärdsdag",
    "2027-05-15": "pingstafton",
    "2027-06-05": "dagen före nationaldagen",
    "2027-06-25": "midsommarafton",
    "2027-11-05": "allhelgonaafton",
    "2027-12-24": "julafton",
    "2027-12-31": "nyårsafton",
}
CLOSED: Final = {date.fromisoformat(day) for day in RED | EVES.keys()}


def local(text: str) -> datetime:
    """A moment of the municipality's own time."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)

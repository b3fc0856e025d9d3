"""Figures told in words, in Swedish or English: texts from a catalogue, numbers and dates by Babel."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_interval, format_timedelta
from babel.numbers import format_decimal, format_percent

from appliance.results.intervals import Interval
from appliance.store.figures import Span
from appliance.types import Language

_OWN: Final = Path(__file__).parent / "texts"
_LOCALES: Final = {Language.SWEDISH: "sv_SE", Language.ENGLISH: "en_GB"}
_NOTHING: Final = "±"


@cache
def read_texts(folder: Path, language: Language) -> Mapping[str, str]:
    """One catalogue, the files sv.toml and *.sv.toml, as dotted key to text."""
    found: dict[str, str] = {}
    for file in sorted(folder.glob(f"*{language}.toml")):
        found |= _flat("", tomllib.loads(file.read_text(encoding="utf-8")))
    return found


def _flat(prefix: str, table: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        found |= _flat(f"{prefix}{key}.", value) if isinstance(value, dict) else {prefix + key: str(value)}
    return found


class Words:
    """The words of one language for one municipality's time; `more` is a folder with further texts."""

    def __init__(self, language: Language, zone: ZoneInfo, more: Path | None = None) -> None:
        self.language = language
        self.zone = zone
        self._locale = _LOCALES[language]
        self._texts = {**read_texts(_OWN, language), **(read_texts(more, language) if more else {})}

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key with its {names} filled in; KeyError where there is no such text."""
        return self._texts[key].format(**values)

    def counted(self, key: str, n: int) -> str:
        """A number with its noun: 1 kommentar, 1 204 kommentarer."""
        return self(f"{key}.{'one' if n == 1 else 'other'}", n=self.number(n))

    def sentence(self, text: str) -> str:
        """With a capital first letter."""
        return text[:1].upper() + text[1:]

    def number(self, value: float, decimals: int = 0) -> str:
        return str(format_decimal(value, _pattern(decimals), locale=self._locale))

    def percent(self, share: float) -> str:
        return str(
            format_percent(share, "#,##0\u00a0%" if self.language is Language.SWEDISH else "#,##0%", self._locale)
        )

    def percent_range(self, interval: Interval) -> str:
        """37–42 %."""
        return f"{self.number(interval.low * 100)}–{self.percent(interval.high)}"

    def signed(self, difference: float, decimals: int = 0) -> str:
        """A difference with its sign; what rounds to nothing is ±0."""
        if round(abs(difference), decimals) == 0:
            return _NOTHING + self.number(0, decimals)
        return ("+" if difference > 0 else "−") + self.number(abs(difference), decimals)

    def day(self, moment: datetime) -> str:
        """21 november 2026."""
        return str(format_date(moment.astimezone(self.zone).date(), "d MMMM y", locale=self._locale))

    def days(self, span: Span) -> str:
        """15–21 november 2026: the first and last whole day of a span."""
        first, last = _first_and_last(span, self.zone)
        if first == last:
            return self.day(span.begin)
        return str(format_interval(first, last, "yMMMMd", locale=self._locale))

    def month(self, moment: datetime) -> str:
        """November 2026."""
        return str(format_date(moment.astimezone(self.zone).date(), "LLLL y", locale=self._locale))

    def clock(self, moment: datetime) -> str:
        """14:32:05."""
        return f"{moment.astimezone(self.zone):%H:%M:%S}"

    def moment(self, moment: datetime) -> str:
        """2026-11-21 14:32."""
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M}"

    def duration(self, span: timedelta) -> str:
        """2 minuter, 3 timmar."""
        return str(format_timedelta(span, "minute", threshold=2, locale=self._locale))

    def language_name(self, code: str) -> str | None:
        """As it stands inside a sentence: engelska; None where nobody knows the code."""
        name = Locale.parse(self._locale).languages.get(code)
        return None if name is None else str(name)

    def language_tag(self, code: str) -> str:
        """For an attribute `lang`; empty where nobody knows the code, which is how HTML says so."""
        return code if self.language_name(code) else ""

    def ago(self, moment: datetime, now: datetime) -> str:
        """When something was, as one says it: today 14:28, yesterday 9:05, 3 November 14:28."""
        there, here = moment.astimezone(self.zone), now.astimezone(self.zone)
        if there.date() == here.date():
            return self("when.today", time=f"{there:%H:%M}")
        if there.date() == here.date() - timedelta(days=1):
            return self("when.yesterday", time=f"{there:%H:%M}")
        pattern = "d MMMM HH:mm" if there.year == here.year else "d MMMM y HH:mm"
        return str(format_datetime(there, pattern, locale=self._locale))


def _pattern(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _first_and_last(span: Span, zone: ZoneInfo) -> tuple[date, date]:
    return span.begin.astimezone(zone).date(), (span.end.astimezone(zone) - timedelta(seconds=1)).date()

"""The sample's columns: which can be what by their values, and which is what by its name or by an answer."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from appliance.intake.wizard import kinds
from appliance.intake.wizard.questions import NONE, Answers
from appliance.intake.wizard.sample import Sample
from appliance.intake.wizard.words import Role, role_of

MAX_WORDS = 6
"""A column with more different values is no direction and no outcome."""


class Columns:
    """Picks a column for each role, every column at most once; whatever is open becomes a question."""

    def __init__(self, sample: Sample, answers: Answers, now: datetime, zone: ZoneInfo) -> None:
        self.sample = sample
        self.answers = answers
        self._now = now
        self._zone = zone
        self._taken: set[str] = set()
        self._roles = {name: role_of(name) if sample.named else None for name in sample.columns}

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return self.sample.columns[name]

    def called(self, role: Role) -> list[str]:
        """Columns whose name says so."""
        return [name for name, own in self._roles.items() if own is role]

    def free(self, fits: Callable[[str], object] = bool) -> list[str]:
        """Columns that no role has yet, with something in them, that fit."""
        return [
            name
            for name, values in self.sample.columns.items()
            if name not in self._taken and any(values) and fits(name)
        ]

    def take(self, *names: str) -> None:
        self._taken.update(names)

    def pick(
        self,
        key: str,
        role: Role,
        text: str,
        candidates: Iterable[str],
        *,
        needed: bool = False,
        clear: str | None = None,
    ) -> str | None:
        """The column for a role: by its name, by the answer, or the `clear` one; NONE where no column can be it.

        None where a question is open.
        """
        options = list(candidates)
        named = [name for name in options if self._roles[name] is role]
        unknown = [name for name in options if self._roles[name] is None]
        if key not in self.answers.given:
            found = named if len(named) == 1 else [clear] if clear and not named else []
            if found or not (named or unknown):
                return self._taking(found[0]) if found else NONE
            options = named or unknown
        chosen = self.answers.choose(key, text, options if needed else [*options, NONE])
        return chosen if chosen is None else self._taking(chosen)

    def _taking(self, name: str) -> str:
        self.take(*name.split("+"))
        return name

    def moments(self, name: str) -> list[str]:
        return self._formats[name][0]

    def days(self, name: str) -> list[str]:
        return self._formats[name][1]

    def clocks(self, name: str) -> list[str]:
        return self._formats[name][2]

    def pairs(self, day: str, clock: str) -> list[str]:
        return kinds.pair_formats(self[day], self[clock], self._now, self._zone)

    def durations(self, name: str) -> list[str]:
        return self._formats[name][3]

    def has_numbers(self, name: str) -> bool:
        return not self.moments(name) and kinds.has_numbers(self[name])

    def is_unique(self, name: str) -> bool:
        return len(set(self[name])) == len(self[name]) and all(self[name])

    def words(self, name: str) -> list[str]:
        """The different values, in the order of their first appearance; none where they are too many."""
        found = list(dict.fromkeys(filter(None, self[name])))
        return found if len(found) <= MAX_WORDS else []

    @cached_property
    def _formats(self) -> dict[str, tuple[list[str], ...]]:
        of = (kinds.moment_formats, kinds.date_formats, kinds.clock_formats, kinds.duration_formats)
        return {
            name: tuple(formats(values, self._now, self._zone) for formats in of)
            for name, values in self.sample.columns.items()
        }

"""Record profiles: how the lines of one kind of PBX read, declared in a TOML file.

    profile = load_profile("mx-one")                             # in profile_file: a shipped one, or a file's path
    reader = profile.reader("pbx", zone, fingerprint_of(keys))   # one a file, or one a connection
    item = reader.read(number, profile.text_of(raw_line), now)   # EndedContact | Rejected | None of a heading

Lines are given in their order, one by one, for a heading names the columns of those that follow. A line that cannot be
read is Rejected with a reason that names columns but nothing that stood in them; only a heading without the needed
columns is an IntakeError: then no line of that file can be read. A record is one line: no value goes over a line's end.
A profile may say `base = "mx-one"` and then only what differs, such as the names of the queues.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import model_validator

from appliance.errors import IntakeError
from appliance.intake.fields import Answered, CallDirection, CitizensNumber, Queue
from appliance.intake.layouts import Column, Layout, Regex, Row, joined, value
from appliance.intake.record import RecordReader, Rejected, UnreadableError
from appliance.intake.times import Duration, Ended
from appliance.settings.section import Section
from appliance.types import EndedContact

MAX_LINE_CHARACTERS: Final = 16_384
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ufffe\uffff]")
_UNDECODABLE: Final = re.compile(r"[\ud800-\udfff]")


class Profile(Section):
    """How one kind of call record reads. The layout names columns; the rest says what each field is read from."""

    name: str
    """The shipped profile's, or the file's without its ending."""
    about: str = ""
    """In one line: which PBX, which of its formats."""
    encoding: Literal["utf-8", "ascii", "latin-1", "cp1252"] = "utf-8"
    ignore: tuple[Regex, ...] = ()
    """Lines that begin so are no records: headings, dates, types."""
    layout: Layout
    call_id: tuple[Column, ...] = ()
    """Joined by a dash; left out: a keyed hash of the line, so that two equal lines are one call."""
    linked_id: tuple[Column, ...] = ()
    """What all records of one call share, joined by a dash."""
    ended: Ended
    number: CitizensNumber
    queue: Queue = Queue()
    wait: Duration = Duration()
    talk: Duration = Duration()
    direction: CallDirection = CallDirection()
    answered: Answered = Answered()

    @model_validator(mode="after")
    def _reads_what_the_layout_has(self) -> Self:
        known = self.layout.known_columns()
        if known is not None and (missing := sorted(self.columns_read() - known)):
            raise ValueError(f"the layout has no column {', '.join(missing)}; it has {', '.join(sorted(known))}")
        return self

    def columns_read(self) -> frozenset[str]:
        """All columns that a field is read from."""
        return frozenset((
            *(*self.call_id, *self.linked_id, *self.ended.reads, *self.number.reads, *self.queue.columns),
            *(*self.wait.reads, *self.talk.reads, *self.direction.reads, *self.answered.columns),
        ))  # fmt: skip

    def text_of(self, raw: bytes) -> str:
        """A line's text; bytes that the encoding has not are kept, and make the reader reject that line."""
        return raw.decode(self.encoding, "surrogateescape")

    def reader(self, source: str, zone: ZoneInfo, fingerprint: Callable[[str], str]) -> RecordReader:
        """For the lines of one file or one connection; `zone` is the municipality's, `source` names the contacts."""
        return _Reader(self, source, zone, fingerprint)


class _Reader:
    def __init__(self, profile: Profile, source: str, zone: ZoneInfo, fingerprint: Callable[[str], str]) -> None:
        self._profile = profile
        self._source = source
        self._fingerprint = fingerprint
        self._clock = profile.ended.clock(zone)
        self._rows = profile.layout.rows(profile.columns_read())
        self._ignored = [re.compile(pattern) for pattern in profile.ignore]

    def read(self, number: int, line: str, now: datetime) -> EndedContact | Rejected | None:
        if number == 1:
            line = line.removeprefix("\ufeff")
        line = line.strip("\r\n\0")  # some PBXs fill up with NULs
        try:
            self._check(line)
            if not line.strip() or any(pattern.match(line) for pattern in self._ignored):
                return None
            row = self._rows.row(line)
            return None if row is None else self._contact(row, line, now)
        except UnreadableError as reason:
            if self._rows.awaits_heading:
                raise IntakeError(f"the heading {reason}") from None
            return Rejected(number, str(reason))

    def _check(self, line: str) -> None:
        if len(line) > MAX_LINE_CHARACTERS:
            raise UnreadableError(f"is longer than {MAX_LINE_CHARACTERS} characters")
        if _UNDECODABLE.search(line):
            raise UnreadableError(f"is not written in {self._profile.encoding}")
        if _UNPRINTABLE.search(line):
            raise UnreadableError("holds control characters")

    def _contact(self, row: Row, line: str, now: datetime) -> EndedContact:
        profile, clock = self._profile, self._clock
        direction = profile.direction.read(row)
        talk_seconds = profile.talk.seconds(row, clock, now)
        answered = profile.answered.read(row, talk_seconds)
        return EndedContact(
            source=self._source,
            source_call_id=self._call_id(row, line),
            ended_at=profile.ended.moment(row, clock, now),
            number=profile.number.read(row, direction),
            queue=profile.queue.read(row),
            wait_seconds=profile.wait.seconds(row, clock, now),
            talk_seconds=talk_seconds if answered else 0,
            direction=direction,
            answered=answered,
            linked_id=self._linked_id(row),
        )

    def _linked_id(self, row: Row) -> str:
        """Nothing where a part is missing or zero: strangers' calls must never become one."""
        columns = self._profile.linked_id
        return joined(row, columns, "-") if all(value(row, column).strip("0") for column in columns) else ""

    def _call_id(self, row: Row, line: str) -> str:
        if not self._profile.call_id:
            return self._fingerprint(line.rstrip())
        if empty := [column for column in self._profile.call_id if not value(row, column)]:
            raise UnreadableError(f"{', '.join(empty)} is empty")
        return joined(row, self._profile.call_id, "-")

"""A day of call records in each PBX's format, with what each line is to be read as.

for line in day("mx-one", records=20_000, seed=1):
    item = reader.read(number, profile.text_of(line.raw), NOW)     # == line.meant, or Rejected where that is None
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from profiles import fingerprint
from vendors import QUEUES, VENDORS, Part, Vendor

from appliance.intake.profile import Profile
from appliance.intake.profile_file import load_profile
from appliance.types import Direction, EndedContact

FORMATS: Final = tuple(VENDORS)
OPENS: Final = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
"""The day before `records.NOW`, eight o'clock in Sweden."""
_OPEN_SECONDS: Final = 9 * 3600
NUMBERS: Final = (
    *(f"07017406{last:02}" for last in range(5, 100)),
    *(f"03139006{last:02}" for last in range(100)),
    *(f"04062804{last:02}" for last in range(100)),
    *(f"08465004{last:02}" for last in range(100)),
    *(f"0980319{last}" for last in range(200, 300)),
)
"""All that PTS reserves for fiction, as a PBX writes them."""
_BROKEN_SHARE: Final = 0.01


@dataclass(frozen=True)
class Line:
    """One line as it is sent, with its end."""

    raw: bytes
    meant: EndedContact | None
    """None of a heading, and of a line that is broken."""
    is_heading: bool = False

    @property
    def text(self) -> str:
        """Without its end."""
        return self.raw.decode(errors="surrogateescape").rstrip("\r\n")


def profile_for(name: str) -> Profile:
    """The shipped profile, with the queues that staff have named."""
    profile = load_profile(name)
    names = {} if name == "efterklang" else QUEUES
    return profile.model_copy(update={"queue": profile.queue.model_copy(update={"names": names})})


def day(name: str, records: int, seed: int, named_by: Callable[[str], str] = fingerprint) -> list[Line]:
    """Headings, then so many lines in the order in which the calls ended, about one in a hundred broken."""
    luck = random.Random(seed)
    vendor = VENDORS[name]
    parts = sorted(_parts(luck, records), key=lambda part: part.ended_at)
    lines = [Line(f"{heading}\r\n".encode(), None, is_heading=True) for heading in vendor.headings]
    for part in parts:
        if luck.random() < _BROKEN_SHARE:
            lines.append(Line(_broken(luck, vendor, part) + b"\r\n", None))
        else:
            columns = vendor.columns(part)
            text = vendor.join(columns)
            lines.append(Line(f"{text}\r\n".encode(), vendor.meant(part, columns, named_by(text.rstrip()))))
    return lines


def write_day(path: Path, lines: list[Line]) -> Path:
    path.write_bytes(b"".join(line.raw for line in lines))
    return path


def _parts(luck: random.Random, records: int) -> list[Part]:
    parts: list[Part] = []
    call = luck.randrange(10_000, 20_000)
    while len(parts) < records:
        call += 1
        parts += _call(luck, call)
    return parts[:records]


def _call(luck: random.Random, call: int) -> Iterator[Part]:
    """All parts of one call."""
    kind = luck.choices(["answered", "abandoned", "anonymous", "outbound", "internal", "moved"], [70, 10, 5, 6, 4, 5])[
        0
    ]
    first = Part(
        call=call,
        part=0,
        begin=OPENS + timedelta(seconds=luck.randrange(_OPEN_SECONDS)),
        before_seconds=0,
        wait_seconds=luck.randrange(300),
        talk_seconds=0 if kind == "abandoned" else 1 + int(luck.expovariate(1 / 200)),
        hold_seconds=0 if kind == "abandoned" else luck.choice([0, 0, 0, 12]),
        direction={"outbound": Direction.OUTBOUND, "internal": Direction.INTERNAL}.get(kind, Direction.INBOUND),
        number={"anonymous": "", "internal": str(luck.randrange(4000, 4999))}.get(kind, luck.choice(NUMBERS)),
        queue="" if kind in {"outbound", "internal"} else luck.choice(list(QUEUES)),
        agent=str(luck.randrange(4000, 4999)),
        answered=kind != "abandoned",
        is_last=kind != "moved",
    )
    yield first
    last = first
    for part in range(1, luck.choice([2, 3]) if kind == "moved" else 1):
        passed = last.before_seconds + last.wait_seconds + last.talk_seconds
        last = replace(
            first, part=part, before_seconds=passed, queue=luck.choice(list(QUEUES)),
            wait_seconds=luck.randrange(60), talk_seconds=1 + luck.randrange(400),
        )  # fmt: skip
        yield last


def _broken(luck: random.Random, vendor: Vendor, part: Part) -> bytes:
    """A line that no reader may take for a contact, in one of the ways that are seen."""
    columns = vendor.columns(part)
    whole = vendor.join(columns)
    way = luck.choice(["cut", "noise", "encoding", "time", "duration", "shifted"])
    if way == "cut":
        return whole[: luck.randrange(5, len(whole) * 2 // 5)].encode()
    if way == "noise":
        return luck.choice([b"*** ALARM 17 ***", b"\x02\x03 12 \x07", b"LOGIN:", b"????????"])
    if way == "encoding":
        place = luck.randrange(len(whole))
        return whole[:place].encode() + b"\xe5\xff" + whole[place + 2 :].encode()
    if way == "shifted":
        return (whole.split(",", 1)[1] if "," in whole else whole[1:]).encode()
    column = vendor.time if way == "time" else vendor.talk
    return vendor.join({**columns, column: "X" * max(2, len(columns[column]))}).encode()

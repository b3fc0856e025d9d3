"""Reading call records through a profile, as the adapters do."""

import hashlib
from pathlib import Path

from records import NOW, STOCKHOLM

from appliance.intake.lines import read_lines
from appliance.intake.profile import Profile
from appliance.intake.profile_file import load_profile
from appliance.intake.record import RecordReader, Rejected
from appliance.types import EndedContact


def fingerprint(line: str) -> str:
    return hashlib.sha256(line.encode(errors="surrogateescape")).hexdigest()[:32]


def reader_of(profile: Profile | str, source: str = "csv") -> RecordReader:
    loaded = load_profile(profile) if isinstance(profile, str) else profile
    return loaded.reader(source, STOCKHOLM, fingerprint)


def read(
    path: Path, profile: Profile | str | Path = "efterklang", source: str = "csv"
) -> list[EndedContact | Rejected]:
    """Everything in a file."""
    loaded = profile if isinstance(profile, Profile) else load_profile(profile)
    reader = reader_of(loaded, source)
    with path.open("rb") as file:
        lines = list(filter(None, read_lines(file)))
    items = (reader.read(line.number, loaded.text_of(line.raw), NOW) for line in lines)
    return [item for item in items if item is not None]

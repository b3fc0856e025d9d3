"""From the sample's lines and the answers to a profile that reads every one of them."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from appliance.errors import IntakeError
from appliance.intake.profile import Profile
from appliance.intake.profile_file import load_profile
from appliance.intake.record import Rejected
from appliance.intake.wizard.columns import Columns
from appliance.intake.wizard.known import read_sample, shipped_that_read
from appliance.intake.wizard.profile_text import profile_text
from appliance.intake.wizard.questions import Answers, Question
from appliance.intake.wizard.reading import read_columns
from appliance.intake.wizard.sample import take_apart
from appliance.types import EndedContact

_OTHER: Final = "other"
"""The answer that it is none of the shipped formats."""


@dataclass(frozen=True)
class Proposal:
    """A profile, and what it makes of the sample."""

    text: str
    """TOML."""
    profile: Profile
    contacts: tuple[EndedContact, ...]


def propose(
    raw: Sequence[bytes], given: Mapping[str, str], now: datetime, zone: ZoneInfo, name: str = "own"
) -> Proposal | tuple[Question, ...]:
    """A profile, or the questions that are open. IntakeError where the lines cannot be understood at all."""
    answers = Answers(given)
    text = _text(raw, answers, now, zone)
    if answers.open:
        return tuple(answers.open)
    if unasked := sorted(given.keys() - answers.used):
        raise IntakeError(
            f"--answer {unasked[0]}: nobody asked; the questions were {', '.join(answers.used) or 'none'}"
        )
    profile = _loaded(text, name)
    contacts, rejected = read_sample(profile, raw, now, zone)
    if rejected:
        raise IntakeError(_cannot(rejected))
    return Proposal(text, profile, tuple(contacts))


def _text(raw: Sequence[bytes], answers: Answers, now: datetime, zone: ZoneInfo) -> str:
    known = shipped_that_read(raw, now, zone)
    if known or "format" in answers.given:
        question = "Which PBX wrote these lines?"
        chosen = answers.choose(
            "format", question, known if len(known) == 1 and "format" not in answers.given else [*known, _OTHER]
        )
        if chosen is None:
            return ""
        if chosen != _OTHER:
            return _upon(chosen)
    sample = take_apart(raw, answers)
    if sample is None:
        return ""
    document = read_columns(Columns(sample, answers, now, zone))
    return "" if answers.open else profile_text("Read from a sample by the wizard", sample, document)


def _upon(shipped: str) -> str:
    return (
        "# Written by: efterklang intake profile. These lines are of a kind that is known already.\n"
        f'base = "{shipped}"\n'
        "\n"
        "[queue.names]                        # what staff call a queue, by what the PBX writes\n"
        '#"5100" = "Växel"\n'
    )


def _loaded(text: str, name: str) -> Profile:
    """Read as every profile is: from a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        return load_profile(path)


def _cannot(rejected: Sequence[Rejected]) -> str:
    first = rejected[0]
    return (
        f"line {first.line} reads otherwise than the others: {first.reason}; take it out of the sample, or ask its PBX"
    )


def columns_of(raw: Sequence[bytes], given: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """What stands in each column, as far as the lines can be taken apart."""
    sample = take_apart(raw, Answers(given))
    return {} if sample is None else sample.columns

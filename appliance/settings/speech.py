"""How comments become words."""

from typing import Annotated

from pydantic import AfterValidator, Field

from appliance.settings.section import Section

_MOST_LETTERS = 60


def _name(value: str) -> str:
    """Part of what the model reads: one name, and none of the marks that would tell it something else."""
    name = value.strip()
    if not name or len(name) > _MOST_LETTERS or not name.isprintable() or "<|" in name or "|>" in name:
        raise ValueError(f'must be a name of 1 to {_MOST_LETTERS} characters on one line, such as "Medborgarporten"')
    return name


class SpeechSettings(Section):
    model: str = "whisper-base"
    """A name in models/catalog.toml."""
    threads: int = Field(0, ge=0, le=64)
    """Cores that comments may use at once; 0 is what the box's calibration found best, else all of them."""
    beam: int = Field(0, ge=0, le=20)
    """How many ways to go on are followed at once; 0 is what the box's calibration found, else 5."""
    batch: int = Field(0, ge=0, le=64)
    """Comments of like length that go through together; 0 is what the box's calibration found, else 4."""
    words: tuple[Annotated[str, AfterValidator(_name)], ...] = ()
    """Names and terms of the municipality's own, as they are spelt: the model is told to expect them."""

"""How comments become words."""

from pydantic import Field

from appliance.settings.section import Section


class SpeechSettings(Section):
    model: str = "whisper-base"
    """A name in models/catalog.toml."""
    threads: int = Field(0, ge=0, le=64)
    """Cores that comments may use at once; 0 is all of them."""
    beam: int = Field(0, ge=0, le=20)
    """How many ways to go on are followed at once; 0 is what the box's calibration found, else 5."""
    batch: int = Field(0, ge=0, le=64)
    """Comments of like length that go through together; 0 is what the box's calibration found, else 4."""
    words: tuple[str, ...] = ()
    """Names and terms of the municipality's own, as they are spelt: the model is told to expect them."""

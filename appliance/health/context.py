"""What a check may look at: everything that it needs comes in here."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from appliance.settings import Settings
from appliance.settings_file import DEFAULT_PATH
from appliance.store import Database


@dataclass(frozen=True)
class Context:
    settings: Settings
    now: datetime
    config: Path | None
    """The configuration file, None where everything stands at its default."""
    db: Database | None
    """The open store, None where there is none yet, or none that opens."""
    store_fault: str | None = None
    """Why the store does not open."""

    @property
    def is_installed(self) -> bool:
        """Whether this is a real box, from which more is demanded than from a practice run."""
        return self.settings.sip is not None or self.config == DEFAULT_PATH

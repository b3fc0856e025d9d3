"""What a check found, in words that say what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much it matters."""

    ERROR = "error"
    """Something does not work, or is not safe."""
    WARNING = "warning"
    """It works today; it should be mended."""
    UNKNOWN = "unknown"
    """It could not be looked at from here."""


@dataclass(frozen=True, slots=True)
class Issue:
    check: str
    severity: Severity
    what: str
    where: str
    """A file, a key of the configuration, a process."""
    todo: str

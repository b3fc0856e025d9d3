"""What has been measured of a model on this machine: kept beside the models, found again by all that made it so."""

import json
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from appliance import machine
from appliance.catalog._kept import write_json
from appliance.catalog._models import install_directory
from appliance.settings import Settings

_FILE: Final = "calibration.json"


class Begun(BaseModel):
    """That one was begun: what is killed before it has found anything leaves no more."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    tries: int = Field(ge=1)
    """So often it was begun; one that was killed twice is not begun again by itself."""
    is_final: bool = False
    """False: of one that has not come to its end."""


class Calibration(Begun):
    """The pace that suits a model and a machine, and how fast and how well it hears with it."""

    workers: int = Field(ge=1, le=256)
    """Batches at once, each on one core."""
    beam: int = Field(ge=1, le=20)
    batch: int = Field(ge=1, le=64)
    """Comments of like length in one batch."""
    times_real_time: float = Field(gt=0)
    """Seconds of sound that are heard in a second."""
    error_rate: float = Field(ge=0)
    """Of the words of the practice comments that it was measured on."""
    sound_seconds: float = Field(gt=0)
    """What it was measured on."""
    made_at: datetime
    note: str = ""
    """What it could not be given."""
    tries: int = Field(1, ge=1)
    is_final: bool = True
    """False: the best so far."""


_ROW: Final[TypeAdapter[Calibration | Begun]] = TypeAdapter(
    Annotated[Calibration | Begun, Field(union_mode="left_to_right")]
)


def calibrations_path(settings: Settings) -> Path:
    return install_directory(settings) / _FILE


def read_calibration(settings: Settings, digest: str) -> Calibration | None:
    """What is known of the model with this digest on this machine; a file that is damaged knows nothing."""
    found = read_begun(settings, digest)
    return found if isinstance(found, Calibration) else None


def read_begun(settings: Settings, digest: str) -> Calibration | Begun | None:
    """The same, or that it was begun, where no more is known."""
    try:
        return _ROW.validate_python(_read(settings).get(_key(digest)))
    except ValidationError:
        return None


def keep_calibration(settings: Settings, digest: str, found: Begun | None) -> None:
    """Write it, whole or not at all, or forget it; OSError where that cannot be written."""
    known = _read(settings) | {_key(digest): found and found.model_dump(mode="json")}
    rows = {key: row for key, row in known.items() if row is not None}
    path = calibrations_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, rows)


def _read(settings: Settings) -> dict[str, object]:
    try:
        known = json.loads(calibrations_path(settings).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}


def _key(digest: str) -> str:
    """Another model, another machine or another CTranslate2 is another matter."""
    return f"{digest} on {machine.cores()} × {machine.processor()}, ctranslate2 {version('ctranslate2')}"

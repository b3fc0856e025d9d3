"""How the processor is used."""

from dataclasses import dataclass

from appliance import machine
from appliance.catalog import Calibration
from appliance.settings import SpeechSettings


@dataclass(frozen=True, slots=True)
class Pace:
    """What calibration finds for a box; more threads for one batch would wait for each other."""

    workers: int
    """Batches at once, each on one core."""
    beam: int = 5
    batch: int = 4
    """Pieces in one batch."""


def pace_for(speech: SpeechSettings, found: Calibration | None) -> Pace:
    """What the configuration says, else what the box's calibration found, else one worker a core."""
    cores = machine.cores()
    default = Pace(min(found.workers, cores), found.beam, found.batch) if found else Pace(cores)
    return Pace(speech.threads or default.workers, speech.beam or default.beam, speech.batch or default.batch)

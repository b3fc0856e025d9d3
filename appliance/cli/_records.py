"""A file of call records at the command line: read with a bar, told as a table."""

import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from appliance.errors import IntakeError
from appliance.intake.profile import Profile
from appliance.intake.record import RecordReader
from appliance.intake.records import Batch, Tally, read_batches
from appliance.types import DrawReason

_QUIET_SECONDS: Final = 2.0
_OUTSIDE_THE_FUNNEL: Final = {DrawReason.TRANSFERRED, DrawReason.TEST_CALL}


def batches_of(file: Path, profile: Profile, reader: RecordReader, now: datetime, label: str) -> Iterator[Batch]:
    """All lines of a file, with a bar on stderr once that takes long; IntakeError where it cannot be read."""
    begun = time.monotonic()
    bar = None
    try:
        size = file.stat().st_size
        with file.open("rb") as opened:
            for batch in read_batches(opened, profile, reader, now):
                yield batch
                if bar is None and time.monotonic() - begun > _QUIET_SECONDS:
                    bar = click.progressbar(length=size, label=label, file=sys.stderr)
                if bar:
                    bar.update(batch.end - bar.pos)
    except OSError as error:
        raise IntakeError(f"{file}: cannot read call records: {error.strerror}") from error
    except IntakeError as error:
        raise IntakeError(f"{file}: {error}") from error
    finally:
        if bar:
            bar.render_finish()


def table_of(tally: Tally) -> str:
    """Every reason in the funnel's order, with its count and its share of all records."""
    all_records = max(tally.records, 1)
    rows = [
        f"{reason.replace('_', ' '):<20}{count:>10}{count / all_records:>9.1%}"
        for reason in DrawReason
        if (count := tally.reasons[reason]) or reason not in _OUTSIDE_THE_FUNNEL
    ]
    return "\n".join([*rows, f"{'records':<20}{tally.records:>10}"])


def json_of(tally: Tally) -> dict[str, Any]:
    return {
        "records": tally.records,
        "reasons": {str(reason): tally.reasons[reason] for reason in DrawReason if tally.reasons[reason]},
        "known_before": tally.known_before,
        "rejected": tally.rejected,
        "lines": tally.lines,
    }

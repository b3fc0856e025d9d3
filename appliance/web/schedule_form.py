"""The form in which a questionnaire is scheduled: what it makes, or what is wrong with it and where."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from appliance.web.questionnaire_form import Fault

_FARTHEST: Final = timedelta(days=366)
"""From now, either way: what is further away is a slip of the keys."""


@dataclass(frozen=True, slots=True)
class Period:
    """When it is asked, and of which queues; of none is of everybody."""

    begins_at: datetime
    ends_at: datetime
    queues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong, at the field of that name."""

    at: str
    fault: Fault


def read(given: MultiDict[str, str], now: datetime, zone: ZoneInfo) -> Period | Wrong:
    """Moments are local times of `zone`. Chosen queues are never passed over: everybody is asked only where none is."""
    moments = []
    for name in ("begins", "ends"):
        moment = _moment(given.get(name, ""), now, zone)
        if isinstance(moment, Fault):
            return Wrong(name, moment)
        moments.append(moment)
    begins, ends = moments
    if ends <= max(begins, now):
        return Wrong("ends", Fault("over_before"))
    written = [*given.getlist("queue"), *given.get("more_queues", "").split(",")]
    queues = tuple(dict.fromkeys(filter(None, map(str.strip, written))))
    match given.get("whom"):
        case "all" if queues:
            return Wrong("whom", Fault("all_and_some"))
        case "some" if not queues:
            return Wrong("whom", Fault("no_queue"))
        case "all" | "some":
            return Period(begins, ends, queues)
    return Wrong("whom", Fault("no_whom"))


def _moment(written: str, now: datetime, zone: ZoneInfo) -> datetime | Fault:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return Fault("no_moment")
    if moment.tzinfo is not None:
        return Fault("no_moment")
    if abs(moment - now.astimezone(zone).replace(tzinfo=None)) > _FARTHEST:
        return Fault("too_far")
    return moment.replace(tzinfo=zone)

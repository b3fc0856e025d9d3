"""Each source of call records is connected, and tells of calls as long as people work."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from appliance.calling_time import is_working_day
from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.store import Database, intake_sources
from appliance.store.intake_sources import Source, SourceState

TITLE: Final = "call records come in from every source"
_AWAY: Final = timedelta(minutes=5)
"""A PBX that is restarted is away for so long."""
_UNHEARD: Final = timedelta(hours=1)
_WORK: Final = (time(8), time(16))
_WORKING_DAY: Final = timedelta(hours=8)
_LOOK_BACK_DAYS: Final = 14
"""No holidays are longer."""


def run(context: Context) -> Iterator[Issue | str]:
    zone = ZoneInfo(context.settings.municipality.time_zone)
    for source in intake_sources.all_sources(context.db) if context.db is not None else []:
        if source.state is None:  # files come when somebody lays them there
            continue
        if problem := _problem(source, context.now, zone):
            yield problem
        elif source.last_record_at:
            yield f"{source.name}: last record {source.last_record_at.astimezone(zone):%Y-%m-%d %H:%M}"


def unheard(db: Database, now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """The sources that something is wrong with, for the page."""
    sources = intake_sources.all_sources(db)
    return tuple(source.name for source in sources if source.state and _problem(source, now, zone))


def _problem(source: Source, now: datetime, zone: ZoneInfo) -> Issue | None:
    since = source.state_since or now
    if source.state in {SourceState.REFUSED, SourceState.WAITING} and now - since > _AWAY:
        todo = "see that the PBX is up and lets us in, and intake's address, port and password; journalctl says more"
        return _issue(Severity.ERROR, source, f"is not connected since {_local(since, zone)}", todo)
    heard = max(filter(None, (source.last_record_at, source.begun_at)), default=now)
    if source.state is SourceState.LISTENING and _worked(max(heard, since), now, zone) > _UNHEARD:
        todo = "see that the PBX sends its call records here, and that trusted_addresses has the PBX's address"
        return _issue(Severity.WARNING, source, f"nobody is connected since {_local(since, zone)}", todo)
    if _worked(heard, now, zone) >= _WORKING_DAY:
        todo = "ring the contact center once: if nothing comes, see what the PBX is set to send"
        return _issue(Severity.WARNING, source, f"has told of no call since {_local(heard, zone)}", todo)
    return None


def _issue(severity: Severity, source: Source, what: str, todo: str) -> Issue:
    return Issue("call_records", severity, f"{source.name}: {what}", f"[intake], source {source.name}", todo)


def _worked(since: datetime, now: datetime, zone: ZoneInfo) -> timedelta:
    """How much of the time since then people worked in the contact center."""
    first = max(since, now - timedelta(days=_LOOK_BACK_DAYS)).astimezone(zone)
    total, day = timedelta(), first.date()
    while day <= now.astimezone(zone).date():
        if is_working_day(day):
            begin, end = (datetime.combine(day, at, zone) for at in _WORK)
            total += max(timedelta(), min(end, now) - max(begin, first))
        day += timedelta(days=1)
    return total


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"

"""`efterklang dialer`: whether citizens are rung: status, pause, resume, stop."""

import getpass
import json
import os
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from appliance.errors import UsageError
from appliance.results.calling import Calling, read_calling
from appliance.settings import Settings
from appliance.store import dialing, open_store
from appliance.store.dialing import DialingState
from appliance.store.timekeeping import SETTLES, HouseClock


@click.group()
def dialer() -> None:
    """Whether citizens are rung: status, pause, resume, stop."""


_as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")


@dialer.command()
@_as_json
@click.pass_obj
def status(settings: Settings, as_json: bool) -> None:
    """How dialing stands: state, live calls, what waits, today's calls, trunk, hours, clock."""
    _show(settings, as_json)


@dialer.command()
@_as_json
@click.pass_obj
def pause(settings: Settings, as_json: bool) -> None:
    """Begin no new call; live calls go on, the queue waits. After a stop it does nothing: resume first."""
    _change(settings, DialingState.PAUSED, as_json, DialingState.RUNNING)


@dialer.command()
@_as_json
@click.pass_obj
def resume(settings: Settings, as_json: bool) -> None:
    """Ring again, after a pause or a stop."""
    _change(settings, DialingState.RUNNING, as_json)


@dialer.command()
@_as_json
@click.pass_obj
def stop(settings: Settings, as_json: bool) -> None:
    """Emergency: as pause, and end every live call politely within seconds; who calls us is turned away."""
    _change(settings, DialingState.STOPPED, as_json)


@dialer.command("trust-clock")
@click.pass_obj
def trust_clock(settings: Settings) -> None:
    """Say that this machine's clock is right, where no time server does; calls begin ten minutes later."""
    HouseClock(open_store(settings.storage.directory)).believe()
    now = datetime.now(UTC).astimezone(ZoneInfo(settings.municipality.time_zone))
    click.echo(f"it is {now:%Y-%m-%d %H:%M:%S}; calls begin in {SETTLES.total_seconds() / 60:.0f} minutes")


def _change(settings: Settings, state: DialingState, as_json: bool, expected: DialingState | None = None) -> None:
    db = open_store(settings.storage.directory)
    try:
        if not dialing.change(db, state, _who(), datetime.now(UTC), expected):
            click.echo(f"efterklang: it was {dialing.current(db).state} already; nothing was done", err=True)
    finally:
        db.close()
    _show(settings, as_json)


def _who() -> str:
    """The account that sits at the console, also where it has become root."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError) as error:
        raise UsageError("this account has no name, and the change is signed with it; set LOGNAME") from error


def _show(settings: Settings, as_json: bool) -> None:
    db = open_store(settings.storage.directory)
    try:
        found = _told(read_calling(db, settings, datetime.now(UTC)))
    finally:
        db.close()
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        shown = ", ".join(f"{key} {n}" for key, n in value.items()) if isinstance(value, dict) else value
        click.echo(f"{name.replace('_', ' ')}: {'-' if shown in (None, '') else shown}")


def _told(calling: Calling) -> dict[str, Any]:
    """Moments in UTC; null is never, or none."""
    waits, fault = calling.waiting, calling.trunk
    return {
        "state": calling.dialing.state,
        "since": _iso(calling.dialing.since),
        "changed_by": calling.dialing.changed_by,
        "live_calls": calling.live,
        "waiting": waits.interviews,
        "due_now": waits.due,
        "next_due": _iso(waits.next_due_at),
        "promised": waits.promised,
        "attempts_today": calling.attempts,
        "trunk": f"at fault ({fault.sip_status or 'no answer'})" if fault else "well",
        "hours": "closed" if calling.opens_at else "open",
        "opens": _iso(calling.opens_at),
        "clock": calling.trust,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None

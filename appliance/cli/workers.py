"""The processes that systemd (or `efterklang run`) starts, one command each."""

import faulthandler
from datetime import UTC, datetime

import click

from appliance import logs
from appliance.custody.opt_outs import open_box
from appliance.errors import ConfigError, ModelError
from appliance.settings import Settings, practice_settings, practice_trunk
from appliance.signals import StopSignal
from appliance.types import InterviewId


@click.command()
@click.argument("number", type=click.IntRange(1, 64))
@click.option("--pbx-port", type=int, help="Ring the practice municipality's exchange on this port.")
@click.option("--calls", type=click.IntRange(1, 64), default=4, help="Calls at a time in practice.")
@click.option("--only", type=int, help="Ring this one interview, then end.")
@click.pass_obj
def line(settings: Settings, number: int, pbx_port: int | None, calls: int, only: int | None) -> None:
    """One line: a SIP user agent that rings and interviews."""
    from appliance.telephony.start import run_line

    faulthandler.enable()
    name = f"line-{number}" if only is None else f"dial-{only}"
    logs.set_up(name)
    if pbx_port is not None:
        settings = practice_settings(settings)
        sip = practice_trunk(pbx_port, calls)
    elif settings.sip is None:
        raise ConfigError("no [sip] section: nothing to ring through; set sip.registrar, or use `efterklang run`")
    else:
        sip = settings.sip
    settings = settings.model_copy(update={"sip": sip})
    run_line(name, number, settings, sip, StopSignal(), None if only is None else InterviewId(only))


@click.command()
@click.pass_obj
def analyst(settings: Settings) -> None:
    """Turn recorded comments into text and opinions."""
    from appliance.analyst.worker import run

    faulthandler.enable()
    logs.set_up("analyst")
    stop = StopSignal()
    db, keys = open_box(settings.storage.directory, datetime.now(UTC))
    run(db, keys, settings, stop)


@click.command()
@click.pass_obj
def nightly(settings: Settings) -> None:
    """Tidy up: forget what came too late to ring, remove files that no row knows, compact the database.

    Then look at every byte of the two models: a disk loses some long before anybody reads them again.
    """
    from appliance.catalog import find_model, verify_noted
    from appliance.custody.upkeep import remove_strays
    from appliance.intake.http_inbox import KEYS_KEPT
    from appliance.store import before_upgrade, http_inbox, interviews, upkeep
    from appliance.store.timekeeping import HouseClock, Trust

    directory = settings.storage.directory
    db, _ = open_box(directory, datetime.now(UTC))
    clock = HouseClock(db)
    expired = interviews.expire(db, clock.now()) if clock.trust() is Trust.KEPT else 0
    http_inbox.forget_answers(db, datetime.now(UTC) - KEYS_KEPT)
    strays = remove_strays(db, directory) + before_upgrade.forget_copy(directory, datetime.now(UTC))
    upkeep.optimise(db)
    click.echo(f"{expired} interviews came too late to ring; {strays} stray files removed", err=True)
    faults = []
    for model in (settings.speech.model, settings.opinions.model):
        try:
            verify_noted(find_model(model, settings), settings)
        except ModelError as error:  # the other one is read all the same
            faults.append(f"{error}")
    if faults:
        raise ModelError("; ".join(faults))


@click.command(hidden=True)
@click.option("--port", type=int, required=True)
@click.option("--calls", type=click.IntRange(1, 64), default=4)
@click.option("--deeds", type=click.Path(), help="File that every citizen's deeds are written to (JSON lines).")
@click.pass_obj
def citizens(settings: Settings, port: int, calls: int, deeds: str | None) -> None:
    """The practice municipality's exchange and citizens."""
    from appliance.practice.exchange import run_exchange

    faulthandler.enable()
    logs.set_up(f"citizens-{port}")
    run_exchange(settings, port, calls, deeds, StopSignal())

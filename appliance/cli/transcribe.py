"""`efterklang transcribe`: WAV files in, words out."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from appliance.errors import AudioError
from appliance.settings import Settings
from appliance.types import Language

if TYPE_CHECKING:
    from appliance.speech import Engine

_QUIET_SECONDS: Final = 2
"""Work that is done sooner needs no word of progress."""
_LONG_SECONDS: Final = 15
"""A sound this long takes more than that."""


@click.command()
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="JSON lines: file, text, audio_seconds, seconds.")
@click.option(
    "--language",
    type=click.Choice([str(language) for language in Language]),
    help="What is spoken; else the survey's language.",
)
@click.pass_context
def transcribe(context: click.Context, files: tuple[Path, ...], as_json: bool, language: str | None) -> None:
    """The words spoken in WAV files."""
    from appliance.speech import load_engine

    settings: Settings = context.obj
    engine = load_engine(settings)
    failed = 0
    for file in _with_progress(files):
        try:
            row = _transcribe(engine, file, language or settings.survey.language)
        except AudioError as error:
            click.echo(f"{error}", err=True)
            failed += 1
        else:
            click.echo(json.dumps(row, ensure_ascii=False) if as_json else f"{file}: {row['text']}")
    context.exit(1 if failed else 0)


def _transcribe(engine: "Engine", file: Path, language: str) -> dict[str, Any]:
    from appliance.sound import read_wav

    started = time.perf_counter()
    sound = read_wav(file)
    if sound.seconds > _LONG_SECONDS:
        click.echo(f"{file}: listening to {sound.seconds:.0f} s", err=True)
    text = engine.transcribe(sound, language).text
    seconds = time.perf_counter() - started
    return {
        "file": str(file),
        "text": text,
        "audio_seconds": round(sound.seconds, 3),
        "seconds": round(seconds, 3),
    }


def _with_progress(files: tuple[Path, ...]) -> Iterator[Path]:
    """The files, with a line on stderr now and then how far they have come."""
    told_at = time.monotonic()
    for done, file in enumerate(files):
        if time.monotonic() - told_at > _QUIET_SECONDS:
            click.echo(f"{done} of {len(files)} transcribed", err=True)
            told_at = time.monotonic()
        yield file

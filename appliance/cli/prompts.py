"""`efterklang prompts`: what the citizen hears; a municipality records its own in the voice it chooses."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import click

from appliance.errors import PromptError
from appliance.settings import Settings
from appliance.sound import CALL_RATE_HZ, Samples, read_wav
from appliance.survey import microphone
from appliance.survey.loudness import Level, level_out, measure, trim
from appliance.survey.prompts import PromptLibrary, Source
from appliance.types import Language

_FAINT_DBFS: Final = -45.0
"""Below this a recording is mostly the room's own noise once it is made loud enough."""

_language = click.option(
    "--language", type=click.Choice([each.value for each in Language]), help="Default: the survey's."
)
_device = click.option("--device", metavar="NAME|NUMBER", help="Sound device; the machine's default otherwise.")


@click.group()
def prompts() -> None:
    """The recorded voice of the survey."""


@prompts.command("list")
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@click.pass_obj
def list_(settings: Settings, as_json: bool) -> None:
    """Every prompt in every language: whose recording, how long, which words."""
    for row in _rows(PromptLibrary(settings)):
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            seconds = "" if row["seconds"] is None else f"{row['seconds']:.1f} s"
            click.echo(f"{row['key']:26} {row['language']}  {row['source']:8}{seconds:>7}  {row['text']}")


def _rows(library: PromptLibrary) -> Iterator[dict[str, Any]]:
    for language in Language:
        for prompt in library.prompts:
            source = library.source(prompt.key, language)
            yield {
                "key": prompt.key,
                "language": language,
                "source": source,
                "seconds": None if source is Source.MISSING else _seconds(library, prompt.key, language),
                "text": prompt.text[language],
            }


def _seconds(library: PromptLibrary, key: str, language: Language) -> float:
    samples, rate_hz = read_wav(library.path(key, language))
    return round(len(samples) / rate_hz, 2)


@prompts.command()
@click.argument("key")
@_language
@_device
@click.pass_obj
def play(settings: Settings, key: str, language: str | None, device: str | None) -> None:
    """Play the prompt KEY as a call would."""
    library = PromptLibrary(settings)
    spoken = Language(language or settings.survey.language)
    samples, rate_hz = read_wav(library.path(key, spoken))
    click.echo(library.prompt(key).text[spoken], err=True)
    microphone.play(samples, rate_hz, _chosen(device))


@prompts.command()
@click.argument("key")
@_language
@click.option("--seconds", type=click.FloatRange(1, 120), help="Stop after so long; by Enter otherwise.")
@_device
@click.pass_obj
def record(settings: Settings, key: str, language: str | None, seconds: float | None, device: str | None) -> None:
    """Record the prompt KEY in your own voice; the recording before it is kept as .bak."""
    library = PromptLibrary(settings)
    spoken = Language(language or settings.survey.language)
    click.echo(f"Read aloud: {library.prompt(key).text[spoken]}", err=True)
    heard = trim(microphone.record(_until(seconds), _chosen(device)))
    if not heard.size:
        raise PromptError("nothing was heard, and nothing is changed: is the microphone switched on?")
    path = library.save_own(key, spoken, level_out(heard))
    click.echo(_account(heard, measure(heard)), err=True)
    click.echo(path)


def _until(seconds: float | None) -> Callable[[], None]:
    """What ends the recording: the clock, or Enter."""

    def enter() -> None:
        click.echo("Recording; press Enter when you are done.", err=True)
        sys.stdin.readline()

    def clock() -> None:
        tenths = range(round((seconds or 0) * 10))
        with click.progressbar(tenths, label="Recording", file=sys.stderr) as bar:
            for _ in bar:
                time.sleep(0.1)

    return enter if seconds is None else clock


def _account(heard: Samples, level: Level) -> str:
    """Length and loudness as recorded, and what to do better."""
    told = f"{len(heard) / CALL_RATE_HZ:.1f} s, {level.rms_dbfs:.0f} dBFS, peak {level.peak_dbfs:.0f} dBFS"
    if level.clipped_samples:
        return f"{told}; distorted in {level.clipped_samples} samples: move away from the microphone and record again"
    if level.rms_dbfs < _FAINT_DBFS:
        return f"{told}; faint: move closer to the microphone and record again"
    return told


def _chosen(device: str | None) -> microphone.Device:
    return int(device) if device is not None and device.isdecimal() else device

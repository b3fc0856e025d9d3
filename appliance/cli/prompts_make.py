"""`efterklang prompts make` and `record`: a prompt's sound from a voice, a WAV file or the microphone."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

from appliance.cli._options import (
    chosen_device,
    chosen_language,
    chosen_library,
    device_option,
    language_option,
    questionnaire_option,
)
from appliance.errors import PromptError, UsageError
from appliance.settings import Settings
from appliance.sound import CALL_RATE_HZ, Samples, Sound, read_wav
from appliance.survey import microphone
from appliance.survey.intelligibility import Fault, faults_of_sound, sounding
from appliance.survey.loudness import fit
from appliance.survey.prompts import PromptLibrary, Source
from appliance.survey.voices import choose_voice, render
from appliance.types import Language

_HEARD_FROM: Final = {
    True: "calls play it once the lines start anew: systemctl restart efterklang.target",
    False: "the lines take it up by themselves, within seconds of its being scheduled",
}
"""Whether it is the ordinary questionnaire's."""


@click.command()
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@questionnaire_option
@language_option
@click.option("--voice", metavar="NAME|FILE", help="An espeak-ng voice or a Piper .onnx; default: prompts.voice.")
@click.option(
    "--from",
    "origin",
    metavar="FILE|FOLDER",
    type=click.Path(exists=True, path_type=Path),
    help="Take your own WAV instead: the FILE for one KEY, or a FOLDER of KEY.wav files.",
)
@click.pass_obj
def make(
    settings: Settings, keys: tuple[str, ...], questionnaire_id: str | None, language: str | None, voice: str | None,
    origin: Path | None,
) -> None:  # fmt: skip
    """Make the prompts KEY, or all, from their texts in the municipality's voice, or take its own WAV files.

    An own WAV or recording is always played before what a voice has made.
    """
    library = chosen_library(settings, questionnaire_id)
    spoken = chosen_language(language, settings)
    if origin and voice:
        raise UsageError("--voice and --from exclude each other: a voice speaks the text, a WAV file is taken as it is")
    if origin:
        _take(library, _wav_files(library, keys, origin), spoken)
    else:
        _speak(library, keys, spoken, voice or settings.prompts.voice)
    click.echo(_HEARD_FROM[questionnaire_id is None], err=True)


def _speak(library: PromptLibrary, keys: tuple[str, ...], language: Language, wanted: str) -> None:
    chosen = [library.prompt(key) for key in keys] or [prompt for prompt in library.prompts if prompt.is_spoken]
    voice = choose_voice(wanted, language)
    with click.progressbar(chosen, label=f"{voice.name} speaks", file=sys.stderr) as bar:
        made = [(prompt.key, render(prompt, language, voice)) for prompt in bar]
    for key, samples in made:
        path = library.save(key, language, samples, Source.MADE)
        if (own := library.file(key, language, Source.OWN)).is_file():
            click.echo(f"{key}: your own {own} is still played; remove it to hear this one", err=True)
        click.echo(path)


def _wav_files(library: PromptLibrary, keys: tuple[str, ...], origin: Path) -> dict[str, Path]:
    """The file for each key; an error where a key or a file has no counterpart."""
    if origin.is_file():
        if len(keys) > 1:
            raise UsageError(f"{origin} is one sound: give one KEY, or a folder of KEY.wav files")
        files = {(keys or (origin.stem,))[0]: origin}
    else:
        there = {file.stem: file for file in sorted(origin.iterdir()) if file.suffix.lower() == ".wav"}
        if lacking := [f"{key}.wav" for key in keys if key not in there]:
            raise UsageError(f"{origin} holds no {', no '.join(lacking)}")
        files = {key: there[key] for key in keys or there}
        if not files:
            raise UsageError(f"{origin} holds no KEY.wav; `efterklang prompts list` shows the keys")
    for key in files:
        library.prompt(key)
    return files


def _take(library: PromptLibrary, files: dict[str, Path], language: Language) -> None:
    """All are read before the first is saved: one bad file changes nothing."""
    sounds = {}
    for key, file in files.items():
        recorded = read_wav(file)
        sounds[key] = (recorded, fit(recorded))
        if not sounds[key][1].size:
            raise PromptError(f"{file}: nothing is heard in it, and nothing is changed")
    for key, (recorded, samples) in sounds.items():
        path = library.save(key, language, samples, Source.OWN)
        click.echo(f"{key}: {_account(recorded, samples)}", err=True)
        click.echo(path)


@click.command()
@click.argument("key")
@questionnaire_option
@language_option
@click.option("--seconds", type=click.FloatRange(1, 120), help="Stop after so long; by Enter otherwise.")
@device_option
@click.pass_obj
def record(
    settings: Settings, key: str, questionnaire_id: str | None, language: str | None, seconds: float | None,
    device: str | None,
) -> None:  # fmt: skip
    """Record the prompt KEY in your own voice; the recording before it is kept as .bak."""
    library = chosen_library(settings, questionnaire_id)
    spoken = chosen_language(language, settings)
    click.echo(f"Read aloud: {library.prompt(key).text[spoken]}", err=True)
    recorded = Sound(microphone.record(_until(seconds), chosen_device(device)), CALL_RATE_HZ)
    samples = fit(recorded)
    if not samples.size:
        raise PromptError("nothing was heard, and nothing is changed: is the microphone switched on?")
    path = library.save(key, spoken, samples, Source.OWN)
    click.echo(_account(recorded, samples), err=True)
    click.echo(path)
    click.echo(_HEARD_FROM[questionnaire_id is None], err=True)


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


def _account(recorded: Sound, samples: Samples) -> str:
    """Length and loudness as recorded, and what to do better."""
    sound = sounding(recorded.at(CALL_RATE_HZ).samples, samples)
    level, faults = sound.recorded, set(faults_of_sound(sound))
    told = f"{sound.seconds:.1f} s, {level.rms_dbfs:.0f} dBFS, peak {level.peak_dbfs:.0f} dBFS"
    if Fault.DISTORTED in faults:
        return f"{told}; distorted in {level.clipped_samples} samples: move away from the microphone and record again"
    if Fault.FAINT in faults:
        return f"{told}; faint: move closer to the microphone and record again"
    return told

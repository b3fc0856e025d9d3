"""`efterklang prompts check`: listens to every prompt with the speech model, and says which need work."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click

from appliance.cli._options import chosen_language, chosen_library, language_option, questionnaire_option
from appliance.errors import PromptError
from appliance.settings import Settings
from appliance.sound import CALL_RATE_HZ, Sound, read_wav
from appliance.survey.intelligibility import Fault, error_rate, faults_of_sound, faults_of_speech, sounding
from appliance.survey.prompts import Prompt, PromptLibrary, Wording
from appliance.types import Language

if TYPE_CHECKING:
    from appliance.speech import Engine

_AT_ONCE: Final = 16
"""Prompts that the model hears together: enough of like length, and the bar goes on."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@questionnaire_option
@language_option
@click.pass_context
def check(context: click.Context, as_json: bool, questionnaire_id: str | None, language: str | None) -> None:
    """Whether every prompt can be understood, by the speech model; exit 1 where one needs work.

    Looked at as well: whether it says its text, loudness, distortion and length.
    """
    from appliance.speech import load_engine

    settings: Settings = context.obj
    library = chosen_library(settings, questionnaire_id)
    spoken = chosen_language(language, settings)
    engine = load_engine(settings)
    looked = [_look(library, prompt, spoken) for prompt in library.prompts]
    rows: list[dict[str, Any]] = []
    with click.progressbar(length=len(looked), label="Listening", file=sys.stderr) as bar:
        for start in range(0, len(looked), _AT_ONCE):
            some = looked[start : start + _AT_ONCE]
            rows += _listen(engine, some, spoken)
            bar.update(len(some))
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row))
    failed = sum(1 for row in rows if row["faults"])
    click.echo(
        f"{failed} of {len(rows)} prompts need work" if failed else f"all {len(rows)} prompts are well", err=True
    )
    context.exit(1 if failed else 0)


@dataclass(frozen=True, slots=True, eq=False)
class _Looked:
    """A prompt before anybody has listened to it."""

    row: dict[str, Any]
    faults: list[Fault]
    said: str = ""
    played: Sound | None = None
    """None where nothing is spoken."""


def _look(library: PromptLibrary, prompt: Prompt, language: Language) -> _Looked:
    """What its file tells."""
    text = prompt.text[language]
    row: dict[str, Any] = {"key": prompt.key, "language": language, "text": text}
    try:
        take = library.take(prompt.key, language)
        played = library.samples(prompt.key, language)
    except PromptError as error:
        return _Looked(row | {"reason": str(error)}, [Fault.MISSING])
    sound = sounding(read_wav(take.path).at(CALL_RATE_HZ).samples, played)
    faults = list(faults_of_sound(sound))
    if take.wording is Wording.STALE:
        faults.append(Fault.STALE)
    row |= {
        "source": take.source,
        "wording": take.wording,
        "seconds": round(sound.seconds, 2),
        "dbfs": round(sound.rms_dbfs, 1),
        "recorded_dbfs": round(sound.recorded.rms_dbfs, 1),
        "clipped_samples": sound.recorded.clipped_samples,
    }
    return _Looked(row, faults, take.words or text, Sound(played, CALL_RATE_HZ) if prompt.is_spoken else None)


def _listen(engine: "Engine", some: list[_Looked], language: Language) -> Iterator[dict[str, Any]]:
    """Each with what was heard in it, and all its faults."""
    sounds = [each.played for each in some if each.played is not None]
    transcripts = iter(engine.transcribe_all(sounds, language, is_speech=True))
    for each in some:
        row, faults = each.row, each.faults
        if each.played is not None:
            said, heard = each.said, next(transcripts).text
            faults = [*faults, *faults_of_speech(said, heard, each.played.seconds, language)]
            row = row | {"said": said, "heard": heard, "error_rate": round(error_rate(said, heard, language), 3)}
        yield row | {"faults": sorted(set(faults))}


def _line(row: dict[str, Any]) -> str:
    """One prompt for people: its faults, and what was heard where that is the fault."""
    told = [_TOLD[fault].format(**row) for fault in row["faults"]]
    rate = f"{row['error_rate']:.2f}" if "error_rate" in row else ""
    return f"{row['key']:26} {row['language']}  {row.get('source', ''):8}{rate:>5}  {'; '.join(told) or 'well'}"


_TOLD: Final = {
    Fault.MISSING: "{reason}",
    Fault.STALE: "says other words than its text: {said}",
    Fault.UNCLEAR: "understood as: {heard}",
    Fault.FAINT: "recorded too softly ({recorded_dbfs} dBFS)",
    Fault.DISTORTED: "distorted in {clipped_samples} samples",
    Fault.LOUDNESS: "louder or softer than the others ({dbfs} dBFS)",
    Fault.LENGTH: "{seconds} s does not suit its words",
}

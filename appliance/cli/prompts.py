"""`efterklang prompts`: what the citizen hears; a municipality chooses the voice, or records its own."""

import json
from collections.abc import Iterator
from typing import Any

import click

from appliance.cli._options import (
    chosen_device,
    chosen_language,
    chosen_library,
    device_option,
    language_option,
    questionnaire_option,
)
from appliance.cli.prompts_check import check
from appliance.cli.prompts_make import make, record
from appliance.settings import Settings
from appliance.sound import CALL_RATE_HZ
from appliance.survey import microphone
from appliance.survey.prompts import PromptLibrary
from appliance.types import Language


@click.group()
def prompts() -> None:
    """The voice of the survey."""


@prompts.command("list")
@questionnaire_option
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@click.pass_obj
def list_(settings: Settings, questionnaire_id: str | None, as_json: bool) -> None:
    """Every prompt in every language: whose sound, whether it says the text, how long, which words."""
    for row in _rows(chosen_library(settings, questionnaire_id)):
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            seconds = "" if row["seconds"] is None else f"{row['seconds']:.1f} s"
            sound = f"{row['source']:8} {row['wording'] or '':8}{seconds:>7}"
            click.echo(f"{row['key']:26} {row['language']}  {sound}  {row['text']}")


def _rows(library: PromptLibrary) -> Iterator[dict[str, Any]]:
    for language in Language:
        for prompt in library.prompts:
            take = library.find(prompt.key, language)
            yield {
                "key": prompt.key,
                "language": language,
                "source": take.source if take else "missing",
                "wording": take.wording if take else None,
                "seconds": round(len(library.samples(prompt.key, language)) / CALL_RATE_HZ, 2) if take else None,
                "text": prompt.text[language],
            }


@prompts.command()
@click.argument("key")
@questionnaire_option
@language_option
@device_option
@click.pass_obj
def play(settings: Settings, key: str, questionnaire_id: str | None, language: str | None, device: str | None) -> None:
    """Play the prompt KEY as a call would."""
    library = chosen_library(settings, questionnaire_id)
    spoken = chosen_language(language, settings)
    samples = library.samples(key, spoken)
    click.echo(library.take(key, spoken).words or library.prompt(key).text[spoken], err=True)
    microphone.play(samples, CALL_RATE_HZ, chosen_device(device))


for command in (make, record, check):
    prompts.add_command(command)

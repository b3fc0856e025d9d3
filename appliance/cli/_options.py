"""Options that several commands have."""

import click

from appliance.settings import Settings
from appliance.survey import microphone
from appliance.types import Language

language_option = click.option(
    "--language", type=click.Choice([each.value for each in Language]), help="Default: the survey's."
)
device_option = click.option("--device", metavar="NAME|NUMBER", help="Sound device; the machine's default otherwise.")


def chosen_language(language: str | None, settings: Settings) -> Language:
    return Language(language or settings.survey.language)


def chosen_device(device: str | None) -> microphone.Device:
    return int(device) if device is not None and device.isdecimal() else device

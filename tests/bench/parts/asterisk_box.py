"""An Asterisk that does the box's job with its own means: Read for the keys, Playback, Record for the comment."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from pbx.asterisk import Asterisk
from pbx.citizens import QUESTIONS, Citizen

from appliance.settings import Settings
from appliance.sound import write_wav
from appliance.survey.prompts import PromptLibrary
from appliance.types import Language

DIAL_EVERY_SECONDS: Final = 0.25
"""As a line does."""


def _dialplan() -> str:
    def files(*prompts: str) -> str:
        return "&".join(f"${{HERE}}/prompts/{prompt}" for prompt in prompts)

    steps = [
        f"Read(key,{files('greeting', 'menu')},1,,1,8)",
        *(f"Read(key,{files(f'question_{question}')},1,,1,8)" for question in QUESTIONS),
        f"Playback({files('comment_invite', 'tone')})",
        "Record(${HERE}/spool/${UNIQUEID}.wav,4,120,q)",
        f"Read(key,{files('review')},1,,1,8)",
        f"Playback({files('kept', 'thanks')})",
        "Hangup()",
    ]
    return "\n".join(["[survey]", "exten = s,1,Answer()", *(f"same = n,{step}" for step in steps), ""])


@contextmanager
def asterisk_box(pbx: Asterisk, settings: Settings) -> Iterator[Asterisk]:
    """Rings through `pbx` as a trunk does."""
    box = Asterisk(pbx.release, citizens=(), box_port=pbx.ports.udp, extra_dialplan=_dialplan())
    (box.folder / "prompts").mkdir()
    library = PromptLibrary(settings)
    for prompt in library.prompts:
        write_wav(box.folder / "prompts" / f"{prompt.key}.wav", library.samples(prompt.key, Language.SWEDISH))
    with box:
        yield box


def ring(box: Asterisk, citizens: Iterable[Citizen]) -> None:
    for citizen in citizens:
        begun = time.monotonic()
        box.cli(f"channel originate PJSIP/{citizen.number}@trunk extension s@survey")
        time.sleep(max(0.0, DIAL_EVERY_SECONDS - time.monotonic() + begun))

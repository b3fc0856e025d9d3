"""Who picks up: voicemails, faxes and people in all weathers, and what the line takes them for.

    scripts/bench pickups [--speech FOLDER] [--each N]

Reads the project's own spoken comments, and any folder of WAV files beside them. Exit 1 where a person is taken for a
machine.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from subprocess import run
from typing import Final

import numpy as np
from bench.telephone import (
    FRAME,
    NOISES,
    RATE,
    Samples,
    at_level,
    load_voices,
    rms_at,
    telephone_band,
    through_the_line,
)
from sounds import COMMENTS

from appliance.sound import read_wav
from appliance.telephony.answerer import Answerer
from appliance.types import Outcome

CALL_SECONDS: Final = 50.0
"""From the answer to our own hang-up, where nobody presses a key."""
OPERATORS: Final = (
    "Hej! Du har kommit till mobilsvar. Personen du söker kan inte svara. Lämna ett meddelande efter tonen.",
    "Abonnenten du söker kan inte ta emot ditt samtal just nu. Tala in ditt meddelande efter signalen.",
    "Du har kommit till Anderssons. Vi är inte hemma, men prata gärna efter pipet så ringer vi upp. Hej då!",
    "The person you are calling is not available. Please leave a message after the tone.",
)


@dataclass(frozen=True, slots=True)
class PickUp:
    """What is heard from the answer on, and who ends the call."""

    pcm: bytes
    we_hung_up: bool


Maker = Callable[[random.Random, Sequence[Samples]], PickUp]


def taken_for(pick_up: PickUp) -> Outcome:
    answerer = Answerer()
    for at in range(0, len(pick_up.pcm) - FRAME * 2 + 1, FRAME * 2):
        answerer.hear(pick_up.pcm[at : at + FRAME * 2])
    return answerer.outcome(we_hung_up=pick_up.we_hung_up)


def quiet(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE))


def beep(hz: float, seconds: float, dbfs: float) -> Samples:
    return 10 ** (dbfs / 20) * 2**0.5 * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)


def talk(dice: random.Random, clips: Sequence[Samples], seconds: float, pauses: tuple[float, float]) -> Samples:
    """So many seconds of speech with pauses between the sentences; a sentence may be cut short."""
    parts: list[Samples] = []
    while (left := round(seconds * RATE) - sum(map(len, parts))) > 0:
        parts += [clips[dice.randrange(len(clips))][:left], quiet(dice.uniform(*pauses))]
    return np.concatenate(parts[:-1])


def on_the_line(dice: random.Random, clips: Sequence[Samples], sound: Samples, *, noises: Sequence[str]) -> bytes:
    """At some level, with some noise under it."""
    level = dice.uniform(-32, -12)
    mixed = at_level(sound, level) if np.any(sound) else sound
    if (noise := dice.choice((*noises, ""))) != "":
        made = NOISES[noise](len(mixed), np.random.default_rng(dice.randrange(10**9)), clips)
        mixed = mixed + rms_at(telephone_band(made), level - dice.uniform(15, 35))
    return through_the_line(mixed)


STEADY: Final = ("white", "hum", "car")


def _to_the_end(sound: Samples) -> Samples:
    return np.concatenate([sound, quiet(max(0.0, CALL_SECONDS - len(sound) / RATE))])


def voicemail(dice: random.Random, clips: Sequence[Samples]) -> PickUp:
    """Greeting, pause, beep of any pitch and length, and then it listens."""
    greeting = talk(dice, clips, dice.uniform(5, 25), (0.1, 0.9))
    return with_beep(dice, clips, greeting)


def with_beep(dice: random.Random, clips: Sequence[Samples], greeting: Samples) -> PickUp:
    tone = beep(dice.uniform(400, 2000), dice.uniform(0.2, 1), dice.uniform(-32, -20))
    sound = np.concatenate([quiet(dice.uniform(0.2, 2)), greeting, quiet(dice.uniform(0, 1.5)), tone])
    return PickUp(on_the_line(dice, clips, _to_the_end(sound), noises=STEADY), we_hung_up=dice.random() < 0.7)


def voicemail_without_a_beep(dice: random.Random, clips: Sequence[Samples]) -> PickUp:
    sound = np.concatenate([quiet(dice.uniform(0.2, 2)), talk(dice, clips, dice.uniform(13, 25), (0.1, 0.9))])
    return PickUp(on_the_line(dice, clips, _to_the_end(sound), noises=STEADY), we_hung_up=True)


def fax(dice: random.Random, clips: Sequence[Samples]) -> PickUp:
    """It whistles 2100 Hz, turning the phase now and then, then sends its identification, and again."""
    whistle = beep(2100 + dice.uniform(-15, 15), dice.uniform(2.6, 4), -18)
    if dice.random() < 0.5:
        whistle *= np.where(np.arange(len(whistle)) // round(0.45 * RATE) % 2, -1, 1)
    bits = np.repeat(np.random.default_rng(dice.randrange(10**6)).integers(0, 2, 400), RATE // 300)
    identification = 0.1 * np.sin(2 * np.pi * np.cumsum(np.where(bits, 1650, 1850)) / RATE)
    once = np.concatenate([quiet(dice.uniform(0.3, 2)), whistle, quiet(0.075), identification, quiet(3)])
    sound = np.concatenate([once, once, once])
    return PickUp(on_the_line(dice, clips, _to_the_end(sound), noises=STEADY), we_hung_up=dice.random() < 0.5)


def calling_fax(dice: random.Random, clips: Sequence[Samples]) -> PickUp:
    sound = np.concatenate([quiet(1), *[beep(1100, 0.5, -18), quiet(3)] * 10])
    return PickUp(on_the_line(dice, clips, _to_the_end(sound), noises=STEADY), we_hung_up=True)


def _chat(dice: random.Random, clips: Sequence[Samples]) -> Samples:
    """2 to 8 s of speech in sentences of 0.6 to 3 s, with pauses to listen."""
    left, parts = dice.uniform(2, 8), [quiet(dice.uniform(0.2, 3))]
    while left > 0:
        sentence = min(left, dice.uniform(0.6, 3))
        parts += [talk(dice, clips, sentence, (0.1, 0.3)), quiet(dice.uniform(0.3, 4))]
        left -= sentence
    return np.concatenate(parts)


def person_who_chats_and_hangs_up(dice: random.Random, clips: Sequence[Samples]) -> PickUp:
    return PickUp(on_the_line(dice, clips, _chat(dice, clips), noises=tuple(NOISES)), we_hung_up=False)


def person_who_chats_and_presses_nothing(dice: random.Random, clips: Sequence[Samples]) -> PickUp:
    return PickUp(on_the_line(dice, clips, _to_the_end(_chat(dice, clips)), noises=tuple(NOISES)), we_hung_up=True)


def person_who_talks_in_one_go(dice: random.Random, clips: Sequence[Samples]) -> PickUp:
    sound = np.concatenate([quiet(dice.uniform(0.2, 3)), talk(dice, clips, dice.uniform(2, 8), (0.1, 0.4))])
    return PickUp(on_the_line(dice, clips, _to_the_end(sound), noises=tuple(NOISES)), we_hung_up=True)


def person_with_the_television_on(dice: random.Random, clips: Sequence[Samples]) -> PickUp:
    sound = _to_the_end(_chat(dice, clips))
    return PickUp(on_the_line(dice, clips, sound, noises=("television", "babble")), we_hung_up=dice.random() < 0.7)


def silent_person_with_the_television_on(dice: random.Random, clips: Sequence[Samples]) -> PickUp:
    made = NOISES["television"](round(CALL_SECONDS * RATE), np.random.default_rng(dice.randrange(10**9)), clips)
    return PickUp(through_the_line(at_level(telephone_band(made), dice.uniform(-45, -20))), we_hung_up=True)


def silent_person(dice: random.Random, clips: Sequence[Samples]) -> PickUp:
    noise = NOISES[dice.choice(tuple(NOISES))]
    made = noise(round(CALL_SECONDS * RATE), np.random.default_rng(dice.randrange(10**9)), clips)
    return PickUp(through_the_line(rms_at(telephone_band(made), dice.uniform(-60, -45))), we_hung_up=True)


MACHINES: Final[Mapping[Maker, Outcome]] = {
    voicemail: Outcome.VOICEMAIL,
    voicemail_without_a_beep: Outcome.VOICEMAIL,
    fax: Outcome.BAD_NUMBER,
    calling_fax: Outcome.BAD_NUMBER,
}
PEOPLE: Final[Sequence[Maker]] = (
    person_who_chats_and_hangs_up,
    person_who_chats_and_presses_nothing,
    person_who_talks_in_one_go,
    person_with_the_television_on,
    silent_person_with_the_television_on,
    silent_person,
)


def operator_greetings(folder: Path) -> list[Samples]:
    """Voicemail texts in the manner of Swedish operators, rendered by espeak-ng; none where it is not installed."""
    if which("espeak-ng") is None:
        return []
    spoken = []
    for number, text in enumerate(OPERATORS):
        file = folder / f"operator-{number}.wav"
        run(["espeak-ng", "-v", "en" if text.startswith("The") else "sv", "-w", str(file), text], check=True)
        spoken.append(at_level(read_wav(file).at(RATE).samples.astype(np.float64), -26))
    return spoken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speech", type=Path, help="a folder of WAV files with speech")
    parser.add_argument("--each", type=int, default=40, help="calls of each kind")
    asked = parser.parse_args()
    false_machines = 0
    for folder in [COMMENTS, *([asked.speech] if asked.speech else [])]:
        clips = load_voices(folder)
        for maker in (*MACHINES, *PEOPLE):
            taken = Counter(taken_for(maker(random.Random(seed), clips)) for seed in range(asked.each))
            false_machines += 0 if maker in MACHINES else asked.each - taken[Outcome.NO_START]
            print(f"{folder.name:9} {maker.__name__:38} {dict(taken)}", flush=True)
    with tempfile.TemporaryDirectory() as folder_name:
        for number, greeting in enumerate(operator_greetings(Path(folder_name))):
            pick_ups = (with_beep(random.Random(seed), (), greeting) for seed in range(asked.each))
            print(f"{'espeak-ng':9} operator's text {number:<22} {dict(Counter(map(taken_for, pick_ups)))}")
    return 1 if false_machines else 0


if __name__ == "__main__":
    sys.exit(main())

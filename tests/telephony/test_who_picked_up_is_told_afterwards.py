"""Machines and people by what was heard of them; tests/bench/pickups.py measures hundreds of each."""

import random
from collections import Counter
from pathlib import Path

import pytest
from bench.pickups import MACHINES, PEOPLE, Maker, operator_greetings, taken_for, with_beep
from bench.telephone import Samples, load_voices
from sounds import COMMENTS

from appliance.sound import read_wav
from appliance.types import Outcome

SEEDS = range(5)


@pytest.fixture(scope="module")
def clips() -> list[Samples]:
    return load_voices(COMMENTS)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda maker: maker.__name__)
def test_a_person_is_never_taken_for_a_machine(clips: list[Samples], person: Maker) -> None:
    assert {taken_for(person(random.Random(seed), clips)) for seed in SEEDS} == {Outcome.NO_START}


@pytest.mark.parametrize(("machine", "wanted"), MACHINES.items(), ids=lambda maker: getattr(maker, "__name__", ""))
def test_a_machine_is_known(clips: list[Samples], machine: Maker, wanted: Outcome) -> None:
    taken = Counter(taken_for(machine(random.Random(seed), clips)) for seed in SEEDS)
    assert taken[wanted] >= len(SEEDS) - 1, "one may be missed, for in doubt it was a person"
    assert taken.keys() <= {wanted, Outcome.NO_START}


def test_the_operators_texts_are_known_by_their_beep(tmp_path: Path) -> None:
    greetings = operator_greetings(tmp_path)
    if not greetings:
        pytest.skip("needs a voice; run: apt-get install espeak-ng")
    for greeting in greetings:
        assert taken_for(with_beep(random.Random(1), (), greeting)) is Outcome.VOICEMAIL


def test_the_practice_municipality_s_voicemail_is_known() -> None:
    greeting = read_wav(COMMENTS / "voicemail.wav").samples.astype(float)
    for seed in SEEDS:
        assert taken_for(with_beep(random.Random(seed), (), greeting)) is Outcome.VOICEMAIL

"""ITU-T Q.24 and ETSI ES 201 235 ask a receiver for less than this."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from telephony.line_sound import COLUMNS_HZ, KEYS, ROWS_HZ, key_tone, keys_heard, noise, silence, through, tone

from appliance.sound import Samples

OFFSETS = st.integers(0, 159)
"""Where in a frame the sound begins, in samples."""
laws = st.sampled_from(["A-law", "µ-law"])


@dataclass(frozen=True)
class Hand:
    """How someone's telephone sounds, and how they press."""

    seconds: float = 0.1
    gap_seconds: float = 0.1
    level_db: float = -10.0
    twist_db: float = 0.0
    detuned: tuple[float, float] = (0.0, 0.0)
    phase: float = 0.0
    offset: int = 0
    law: str = "A-law"

    def press(self, keys: str, snr_db: float = 99) -> Samples:
        """The sound of keys one after another, in white noise."""
        tones = [key_tone(key, self.seconds, self.level_db, self.twist_db, self.detuned, self.phase) for key in keys]
        gap = silence(self.gap_seconds)
        pressed = [piece for tone in tones for piece in (tone, gap)]
        sound = np.concatenate([silence(0.1), np.zeros(self.offset, np.float32), *pressed, silence(0.1)])
        return through(self.law, sound + noise(tones[0], snr_db, self.offset, len(sound)))


seconds = st.floats(0.04, 0.2)
pitches = st.floats(-0.015, 0.015)
hands = st.builds(
    Hand, seconds, seconds, st.floats(-35, -11), st.floats(-8, 4), st.tuples(pitches, pitches), st.floats(0, 6.28),
    OFFSETS, laws,
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(keys=st.text(KEYS, min_size=1, max_size=6), hand=hands)
@example("55", Hand(0.04, 0.04, -35, -8, (0.015, -0.015), 1.0, 79))
@example(KEYS, Hand(0.04, 0.04, -3, 0, (-0.015, -0.015), 0.0, 1, "µ-law"))
@example(KEYS, Hand(0.04, 0.04, -3, 0, (-0.015, 0.015), 3.0, 1, "A-law"))
def test_every_key_is_heard_once(keys: str, hand: Hand) -> None:
    """Up to -3 dB each, which together are clipped."""
    assert keys_heard(hand.press(keys)) == keys


@pytest.mark.parametrize("snr_db", [15, 20])
def test_noise_hides_no_key(snr_db: int) -> None:
    luck = np.random.default_rng(snr_db)
    missed = 0
    for round_ in range(65):
        keys = "".join(2 * key for key in luck.permutation(list(KEYS)))
        held, gap = luck.uniform(0.04, 0.2, 2)
        detuned = (luck.uniform(-0.015, 0.015), luck.uniform(-0.015, 0.015))
        law = ("A-law", "µ-law")[round_ % 2]
        hand = Hand(held, gap, luck.uniform(-35, -3), 0.0, detuned, luck.uniform(0, 6.28), round_, law)
        missed += keys_heard(hand.press(keys, snr_db)) != keys
    assert missed == 0  # of 2080 keys


@settings(max_examples=200, deadline=None)
@given(
    key=st.sampled_from(KEYS), off=st.floats(0.035, 0.06), up=st.booleans(),
    which=st.sampled_from(["row", "column", "both"]), law=laws,
)  # fmt: skip
def test_a_key_off_pitch_is_none(key: str, off: float, up: bool, which: str, law: str) -> None:
    detuning = off if up else -off
    detuned = (detuning if which != "column" else 0.0, detuning if which != "row" else 0.0)
    assert keys_heard(Hand(0.2, detuned=detuned, law=law).press(key)) == ""


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("twist_db", [-12, 10])
def test_one_tone_much_louder_than_the_other_is_no_key(key: str, twist_db: int) -> None:
    assert keys_heard(Hand(0.2, level_db=-20, twist_db=twist_db).press(key)) == ""


@pytest.mark.parametrize("hz", [*ROWS_HZ, *COLUMNS_HZ, 425, 950, 1400, 1800])
def test_one_tone_alone_is_no_key(hz: int) -> None:
    assert keys_heard(np.concatenate([tone(hz, 1.0, -10), silence(0.1)])) == ""


def test_a_key_too_weak_is_none() -> None:
    assert keys_heard(Hand(level_db=-42).press(KEYS)) == ""


@given(key=st.sampled_from(KEYS), offset=OFFSETS)
@settings(deadline=None)
def test_a_click_of_20_ms_is_no_key(key: str, offset: int) -> None:
    assert keys_heard(Hand(0.02, offset=offset).press(key)) == ""


@given(key=st.sampled_from(KEYS), offset=OFFSETS, before=st.floats(0.06, 0.3))
@settings(deadline=None)
def test_a_packet_lost_within_a_key_makes_no_second_one(key: str, offset: int, before: float) -> None:
    sound = key_tone(key, before + 0.02 + 0.1)
    hole = round(before * 8000)
    sound[hole : hole + 160] = 0
    assert keys_heard(np.concatenate([silence(0.1), np.zeros(offset, np.float32), sound, silence(0.1)])) == key


def test_a_key_held_for_long_is_one() -> None:
    assert keys_heard(Hand(5.0).press("5", snr_db=20)) == "5"


def test_a_key_is_heard_over_a_prompt_that_comes_back_as_an_echo() -> None:
    """The prompt 12 dB below the key."""
    prompt = np.random.default_rng(1).normal(0, 1, 8000) * np.repeat(np.random.default_rng(2).uniform(0, 1, 50), 160)
    sound = Hand(level_db=-15).press(KEYS[:4])
    echo = prompt[: len(sound)] / np.std(prompt) * 10 ** (-27 / 20)
    assert keys_heard((sound + echo).astype(np.float32)) == KEYS[:4]

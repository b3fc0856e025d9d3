"""What scripts/bench speech counts with."""

import numpy as np
import pytest
from bench.parts.bands import a_law, concealed, lossy
from bench.parts.errors import Errors, difference, errors, plain, rate
from bench.parts.spoken import comments

from appliance.sound import Sound

SPEECH = Sound(np.sin(np.arange(16_000) / 7).astype(np.float32) / 2, 8000)


def test_case_punctuation_and_composition_are_no_errors() -> None:
    assert plain("Kön, var\u00a0LÅNG … a\u030a!") == "kön var lång å"
    assert errors("Kön var lång.", "kön - var LÅNG") == Errors(0, 3)


@pytest.mark.parametrize(
    ("read", "wrong"),
    [("kön var kort", 1), ("kön lång", 1), ("kön var mycket lång", 1), ("", 3), ("...", 3), ("x y z v", 4)],
)
def test_words_replaced_left_out_and_put_in_count(read: str, wrong: int) -> None:
    assert errors("kön var lång", read) == Errors(wrong, 3)


def test_the_rate_weighs_comments_by_their_words() -> None:
    assert rate([Errors(1, 2), Errors(0, 8)]).percent == pytest.approx(10)


def test_the_interval_is_that_of_a_binomial_share() -> None:
    """Single words: the normal approximation is known, and must be met."""
    wide = 196 * np.sqrt(0.3 * 0.7 / 400)
    found = rate([Errors(1, 1)] * 120 + [Errors(0, 1)] * 280)
    assert (found.low, found.high) == (pytest.approx(30 - wide, abs=0.5), pytest.approx(30 + wide, abs=0.5))


def test_a_difference_is_drawn_over_the_same_comments() -> None:
    """Hard comments are hard for both: one that is always one word better is surely better."""
    theirs = [Errors(wrong, 10) for wrong in range(1, 10)] * 3
    ours = [Errors(each.wrong - 1, 10) for each in theirs]
    found = difference(ours, theirs)
    assert (found.low, found.percent, found.high) == (pytest.approx(-10), pytest.approx(-10), pytest.approx(-10))


def test_a_twentieth_of_the_packets_is_lost_and_only_concealment_fills_the_gap() -> None:
    gone = [packet for packet in range(100) if not lossy(SPEECH, 1).samples[packet * 160 : packet * 160 + 160].any()]
    assert 1 <= len(gone) <= 12
    whole, hidden = a_law(SPEECH, 1).samples, concealed(SPEECH, 1).samples
    changed = [packet for packet in range(100) if (whole != hidden)[packet * 160 : packet * 160 + 160].any()]
    assert changed == gone
    assert all(hidden[packet * 160 : packet * 160 + 160].any() for packet in gone[:1])


def test_what_is_measured_without_a_folder_is_the_shipped_speech() -> None:
    made = comments(None, 10)
    assert len(made) == 10
    assert all(5 <= each.sound.seconds <= 30 and each.text for each in made)

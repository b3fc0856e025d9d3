"""Whichever way the PBX sends keys, and when it sends them in several ways at once."""

from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telephony.line_sound import frames, key_tone, silence

from appliance.telephony._api import CallHandle, Digit, KeyWay
from appliance.telephony.keys import Keys

CALL: Final = CallHandle(1)
TOLD: Final = (KeyWay.RFC4733, KeyWay.INFO)


def counted(events: list[tuple[float, Digit]]) -> str:
    keys = Keys()
    ordered = sorted(events, key=lambda event: event[0])
    return "".join(digit.key for at, digit in ordered if keys.told(digit, at))


@st.composite
def pressed(draw: st.DrawFn) -> tuple[str, list[tuple[float, Digit]]]:
    """Keys pressed by hand, and how a PBX tells of them: by one way or two, at the beginning or the end of a press."""
    ways = draw(st.sampled_from([TOLD[:1], TOLD[1:], TOLD]))
    info_at_end = draw(st.booleans())
    late = {way: draw(st.floats(0, 0.15)) for way in ways}
    now, keys, events = 5.0, "", []
    for _ in range(draw(st.integers(1, 12))):
        key, held, gap = draw(st.sampled_from("1234567890*#")), draw(st.floats(0.06, 2)), draw(st.floats(0.06, 3))
        keys += key
        for way in ways:
            at_end = way is KeyWay.INFO and info_at_end
            at = now + late[way] + (held if at_end else 0)
            events.append((at, Digit(CALL, key, way, held if way is KeyWay.INFO else 0)))
        now += held + gap
    return keys, events


@given(pressed())
def test_a_key_told_in_two_ways_is_one(told: tuple[str, list[tuple[float, Digit]]]) -> None:
    keys, events = told
    assert sorted(counted(events)) == sorted(keys)


def test_a_long_press_that_is_told_of_after_the_next_has_begun_is_no_third() -> None:
    begins, ends = KeyWay.RFC4733, KeyWay.INFO
    told = [(5.0, begins, 0.0), (6.125, begins, 0.0), (6.14, ends, 1.0), (7.27, ends, 1.0)]
    assert counted([(at, Digit(CALL, "1", way, held)) for at, way, held in told]) == "11"


@pytest.mark.parametrize("way", KeyWay)
def test_the_same_key_twice_by_the_same_way_is_two(way: KeyWay) -> None:
    if way is KeyWay.INBAND:
        assert in_band("55")[0] == "55"
    else:
        assert counted([(1.0, Digit(CALL, "5", way)), (1.12, Digit(CALL, "5", way))]) == "55"


def in_band(pressed: str, keys: Keys | None = None, now: float = 1.0) -> tuple[str, float]:
    """What is counted of keys heard as tones, and when that is over."""
    listening = keys or Keys()
    heard = ""
    sound = np.concatenate([piece for key in pressed for piece in (key_tone(key, 0.08), silence(0.08))])
    for frame in frames(sound):
        now += 0.02
        heard += listening.heard(frame, now)
    return heard, now


def test_a_tone_that_comes_with_a_packet_is_no_second_key() -> None:
    keys = Keys()
    assert keys.told(Digit(CALL, "5"), 1.0)
    assert in_band("5", keys)[0] == ""


@pytest.mark.parametrize("way", TOLD)
def test_a_packet_or_message_that_comes_after_the_tone_is_no_second_key(way: KeyWay) -> None:
    keys = Keys()
    heard, now = in_band("5", keys)
    assert heard == "5"
    assert not keys.told(Digit(CALL, "5", way, 0.1), now + 0.3)
    assert keys.told(Digit(CALL, "5", way, 0.1), now + 0.6)


def test_a_message_at_the_end_of_a_long_press_is_no_second_key() -> None:
    assert counted([(1.0, Digit(CALL, "5")), (4.2, Digit(CALL, "5", KeyWay.INFO, 3.2))]) == "5"


def test_tones_count_only_until_the_pbx_has_told_of_a_key() -> None:
    keys = Keys()
    assert in_band("12", keys)[0] == "12"
    assert keys.told(Digit(CALL, "3", KeyWay.INFO), 5.0)
    assert in_band("45", keys, 10.0)[0] == ""


def test_a_way_that_comes_later_is_not_held_to_what_another_has_brought() -> None:
    """After a re-INVITE the PBX may send keys otherwise."""
    pressed = [(1.0, Digit(CALL, "5")), (1.5, Digit(CALL, "5")), (4.0, Digit(CALL, "5", KeyWay.INFO, 0.1))]
    assert counted(pressed) == "555"


def test_the_log_tells_the_ways() -> None:
    keys = Keys()
    assert str(keys) == "by no way"
    in_band("12", keys)
    keys.told(Digit(CALL, "3", KeyWay.INFO), 5.0)
    assert str(keys) == "2 by inband, 1 by info"

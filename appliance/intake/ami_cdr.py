"""Asterisk's call detail records as events: who talked with whom, and which of the two is one of ours."""

from dataclasses import dataclass
from typing import Final

from appliance.intake.ami_message import Message
from appliance.numbers import NumberKind, read_number
from appliance.types import Direction

_MAX_TEXT: Final = 200
_DAY_SECONDS: Final = 86_400


@dataclass(frozen=True, slots=True)
class Cdr:
    """One record; a call that rang several telephones has several."""

    caller: str
    """The caller's channel, by its unique id."""
    serial: str
    """Of the channel that was called; it names nobody."""
    number: str
    endpoint: str
    """Whose telephone or trunk the call came from."""
    queue: str
    """Empty where no queue rang the other end."""
    direction: Direction
    wait_seconds: int
    talk_seconds: int
    answered: bool
    """By somebody: the exchange's own voice is nobody."""


def read_cdr(event: Message) -> Cdr:
    """A `Cdr` event; what it lacks is empty."""
    called, total, talked = event.get("destinationchannel", ""), event.get("duration"), event.get("billableseconds")
    queue = event.get("lastdata", "").partition(",")[0] if event.get("lastapplication") == "Queue" else ""
    return Cdr(
        caller=event.get("uniqueid", "")[:_MAX_TEXT],
        serial=called.rpartition("-")[2][:_MAX_TEXT],
        number=event.get("source", "")[:_MAX_TEXT],
        endpoint=endpoint_of(event.get("channel", "")),
        queue=queue[:_MAX_TEXT],
        direction=_direction(event),
        wait_seconds=max(0, seconds(total) - seconds(talked)),
        talk_seconds=seconds(talked),
        answered=bool(called) and event.get("disposition") == "ANSWERED",
    )


def endpoint_of(channel: str) -> str:
    """PJSIP/2041-0000001a, Local/2041@from-queue-0000001a;2: 2041."""
    return channel.partition("/")[2].rpartition("-")[0].partition("@")[0][:_MAX_TEXT]


def seconds(text: str | None) -> int:
    """Whole seconds within a day; 0 where there are none."""
    return min(int(text), _DAY_SECONDS) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _direction(event: Message) -> Direction:
    """By which end is an extension. Where neither is, and somebody was called, it is taken for a call going out."""
    called = event.get("destinationchannel", "")
    from_inside = _is_inside(event.get("source", ""), event.get("channel", ""))
    to_inside = _is_inside(event.get("destination", ""), called)
    if from_inside:
        return Direction.INTERNAL if to_inside else Direction.OUTBOUND
    return Direction.INBOUND if to_inside or not called else Direction.OUTBOUND


def _is_inside(number: str, channel: str) -> bool:
    return any(read_number(each).kind is NumberKind.INTERNAL for each in (number, endpoint_of(channel)))

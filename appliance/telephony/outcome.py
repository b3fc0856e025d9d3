"""What the final SIP status of a call that was never answered means."""

from appliance.types import Outcome

_BUSY = {486, 600}
_NO_ANSWER = {408, 480, 487}
_BAD_NUMBER = {404, 410, 484, 604}
_REFUSED = {603}
_OURS = {0, 481, 487}
"""Who was to be rung has said nothing: the call was cancelled, or is gone without a word."""


def unanswered_outcome(status: int, rang: bool) -> Outcome:
    """Outcome by SIP status; a silence before any ringing is the trunk's fault, not the citizen's choice."""
    if status in _BUSY:
        return Outcome.BUSY
    if status in _NO_ANSWER and (rang or status == 480):
        return Outcome.NO_ANSWER
    if status in _BAD_NUMBER:
        return Outcome.BAD_NUMBER
    if status in _REFUSED or (status == 403 and rang):
        return Outcome.REFUSED
    return Outcome.TRUNK_FAULT


def is_of_our_making(status: int) -> bool:
    """Whether a call that we have hung up on ended by that, and not by an answer that crossed it."""
    return status in _OURS


def counts_as_attempt(outcome: Outcome) -> bool:
    """Only a real ring or an answer from the citizen's side counts; a bad number has no citizen."""
    return outcome not in {Outcome.TRUNK_FAULT, Outcome.BAD_NUMBER}

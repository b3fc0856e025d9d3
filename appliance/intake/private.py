"""What a PBX writes into a call's ids and its queue's name may be a citizen's number: none of it is stored in plain."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from appliance.intake.masking import mask
from appliance.types import EndedContact

_TELLING_DIGITS: Final = 6
"""So many last digits of a number tell it."""
_SUBSCRIBER: Final = re.compile(r"(?<!\d)(?:0|(?:\+|00)?46)[-./ ()]*[1-9](?:[-./ ()]*\d){6,8}(?!\d)|\+[1-9]\d{7,14}")
"""A telephone number in an id, whosever it is: a later part of the call may come without the citizen's."""
_BARE: Final = re.compile(r"\+?\d*")


def tells(text: str, number: str | None) -> bool:
    """Whether the text holds this number, however it is written."""
    last = _digits(number or "")[-_TELLING_DIGITS:]
    return len(last) == _TELLING_DIGITS and last in _digits(text)


def without_numbers(contact: EndedContact, fingerprint: Callable[[str], str]) -> EndedContact:
    """The contact as it may be stored: an id that tells a number is its keyed fingerprint, a queue's name is masked.

    The same id always becomes the same, so that a contact is known again and a call's parts stay together. A queue
    that is called by a number of its own keeps it: that is the municipality's.
    """
    number = contact.number
    call_id, linked_id = (
        fingerprint(name) if _SUBSCRIBER.search(name) or tells(name, number) else name
        for name in (contact.source_call_id, contact.linked_id)
    )
    queue = contact.queue
    if tells(queue, number) or not _BARE.fullmatch(queue):
        queue = mask(queue)
    if (call_id, linked_id, queue) == (contact.source_call_id, contact.linked_id, contact.queue):
        return contact
    return replace(contact, source_call_id=call_id, linked_id=linked_id, queue=queue)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)

"""Contacts of any way in, decided upon so that an odd one holds up no other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from appliance.errors import EfterklangError
from appliance.intake.register import Register, Verdict
from appliance.store import DiskFault
from appliance.types import EndedContact


@dataclass(frozen=True, slots=True)
class Undecided:
    """A contact that the register cannot take, as nobody thought of; the reason holds nothing of its content."""

    reason: str


def decide_upon(register: Register, contacts: Sequence[EndedContact], now: datetime) -> list[Verdict | Undecided]:
    """What becomes of each: together; where that comes to grief one by one, so that an odd one holds up no other."""
    try:
        return [*register.admit_all(contacts, now)]
    except (EfterklangError, DiskFault, OSError):
        raise  # it is no record's fault
    except Exception as error:  # noqa: BLE001 -- whatever it is, the contact is rejected with its name
        if len(contacts) == 1:
            return [Undecided(f"cannot be decided upon ({type(error).__name__})")]
        return [each for contact in contacts for each in decide_upon(register, [contact], now)]

"""Guessing is slow: 5 failures a minute for one name, 20 an hour from one address; other people are not held up."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from appliance.store import Database, users

_NAME_LIMIT: Final = 5
_NAME_SPAN: Final = timedelta(seconds=60)
_ADDRESS_LIMIT: Final = 20
_ADDRESS_SPAN: Final = timedelta(hours=1)


class Hold(StrEnum):
    """Why a log-in is not even tried; the value is a key of the texts."""

    NAME = "name"
    ADDRESS = "address"

    @property
    def retry_after_seconds(self) -> int:
        return int((_NAME_SPAN if self is Hold.NAME else _ADDRESS_SPAN).total_seconds())


def held(db: Database, name: str, address: str, now: datetime) -> Hold | None:
    if users.failures_of_address(db, address, now - _ADDRESS_SPAN) >= _ADDRESS_LIMIT:
        return Hold.ADDRESS
    if users.failures_of_name(db, name, now - _NAME_SPAN) >= _NAME_LIMIT:
        return Hold.NAME
    return None


def count_failure(db: Database, name: str, address: str, now: datetime) -> None:
    users.add_failure(db, name, address, now, forget_before=now - _ADDRESS_SPAN)

"""Ended contacts handed in over HTTP, one a request: what it must hold, and the same answer to the same again."""

import hmac
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from appliance.custody.keys import Keys
from appliance.errors import IntakeError
from appliance.intake.moments import CLOCKS_DIFFER, FIRST_YEAR
from appliance.intake.register import Register
from appliance.store import Database, http_inbox, intake_sources, writing
from appliance.store.http_inbox import KeptAnswer
from appliance.types import Direction, EndedContact

SOURCE: Final = "http"
MAX_SOURCES: Final = 50
"""So many different ones may be named: each is counted and shown for ever."""
KEYS_KEPT: Final = timedelta(days=7)
_ACCEPTED: Final = 202
_RFC_3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_A_NAME: Final = re.compile(r"[A-Za-z_-]{1,40}")
"""A field's name that may be repeated in an answer: no telephone number is one."""


def _as_rfc_3339(value: Any) -> Any:
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("must be a date and time with its offset, such as 2026-11-21T14:05:00+01:00")
    return value


def _as_whole(value: Any) -> Any:
    """To JSON 140.0 is a whole number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


_Seconds = Annotated[int, Field(ge=0, le=86_400), BeforeValidator(_as_whole)]


class EndedContactBody(BaseModel):
    """One request's body; web/openapi.json says the same, and a test holds the two together."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    source: str = Field(SOURCE, pattern=r"^[a-z][a-z0-9_-]{0,39}$")
    call_id: str = Field(min_length=1, max_length=200, pattern=r"^[!-~]+$")
    linked_id: str = Field("", max_length=200, pattern=r"^[!-~]*$")
    ended_at: Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_as_rfc_3339)]
    number: str | None = Field(max_length=64)
    queue: str = Field("", max_length=200, pattern=r"^[^\x00-\x1f]*$")
    wait_seconds: _Seconds = 0
    talk_seconds: _Seconds
    direction: Direction = Direction.INBOUND
    answered: bool = True

    def contact(self) -> EndedContact:
        """A source named by the sender is told from the box's own."""
        return EndedContact(
            source=SOURCE if self.source == SOURCE else f"{SOURCE}:{self.source}",
            source_call_id=self.call_id,
            ended_at=self.ended_at,
            number=self.number or None,
            queue=self.queue,
            wait_seconds=self.wait_seconds,
            talk_seconds=self.talk_seconds,
            direction=self.direction,
            answered=self.answered,
            linked_id=self.linked_id,
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a body, and where; nothing of what stood there."""

    pointer: str
    """A JSON pointer into the body, as a fragment: #/ended_at."""
    detail: str


class RefusedBodyError(IntakeError):
    """The body is no ended contact."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("the body is no ended contact")
        self.faults = faults


class KeyUsedBeforeError(IntakeError):
    """The idempotency key came with another body before."""


def read_body(body: bytes, now: datetime) -> EndedContact:
    """The contact of a request; RefusedBodyError names each field that is missing, wrong or unknown."""
    try:
        contact = EndedContactBody.model_validate_json(body).contact()
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise RefusedBodyError([_fault(each["type"], each["loc"], each["msg"]) for each in found]) from None
    if contact.ended_at.year < FIRST_YEAR or contact.ended_at > now + CLOCKS_DIFFER:
        raise RefusedBodyError([Fault("#/ended_at", "lies in the future or in another century")])
    return contact


def take_in(
    db: Database, keys: Keys, register: Register, body: bytes, key: str, now: datetime
) -> tuple[int, dict[str, Any]]:
    """Decide upon the contact in a body; returns status and answer, the same for a key (if any) used again.

    RefusedBodyError, or KeyUsedBeforeError where the key came with another body.
    """
    try:
        contact = read_body(body, now)
        _check_source(db, contact.source)
    except RefusedBodyError:
        intake_sources.count(db, SOURCE, now, rejected=1)
        raise
    key_hash, body_hash = (
        hmac.digest(keys.hashing, b"idempotency\0" + each, "sha256") for each in (key.encode(), body)
    )
    with writing(db):
        kept = http_inbox.answer_of(db, key_hash) if key else None
        if kept and not hmac.compare_digest(kept.body_hash, body_hash):
            raise KeyUsedBeforeError("this Idempotency-Key came with another body before; use a new key")
        if kept:
            return kept.status, json.loads(kept.response)
        is_new = register.admit(contact, now).is_new
        intake_sources.count(db, contact.source, now, decided=int(is_new), repeated=int(not is_new))
        answer = {"accepted": True, "known_before": not is_new}
        if key:
            http_inbox.keep_answer(db, key_hash, KeptAnswer(body_hash, _ACCEPTED, json.dumps(answer)), now)
    return _ACCEPTED, answer


def _check_source(db: Database, source: str) -> None:
    known = {each.name for each in intake_sources.all_sources(db) if each.name.startswith(f"{SOURCE}:")}
    if source != SOURCE and source not in known and len(known) >= MAX_SOURCES:
        raise RefusedBodyError([Fault("#/source", f"is new, and {MAX_SOURCES} have been named, which is the limit")])


def _fault(kind: str, place: tuple[int | str, ...], message: str) -> Fault:
    name = str(place[0]) if place else ""
    if kind == "json_invalid":
        return Fault("#", "is no JSON")
    if not place:
        return Fault("#", "must be a JSON object")
    pointer = f"#/{name}" if _A_NAME.fullmatch(name) else "#"
    if kind == "extra_forbidden":
        return Fault(pointer, f"is no field of an ended contact; those are {', '.join(EndedContactBody.model_fields)}")
    return Fault(pointer, "is needed" if kind == "missing" else message.removeprefix("Value error, "))

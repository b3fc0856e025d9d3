"""The house's shared words. Enumeration values are what SQLite stores and what JSON shows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

E164 = NewType("E164", str)
"""A telephone number in international form with the plus: +46701740605."""

NumberHash = NewType("NumberHash", bytes)
"""Keyed hash (HMAC-SHA-256, 32 bytes) of an E.164 number; what is left once an interview is over."""

ContactId = NewType("ContactId", int)
InterviewId = NewType("InterviewId", int)
AttemptId = NewType("AttemptId", int)
CommentId = NewType("CommentId", int)


class Language(StrEnum):
    """What the citizen hears and what staff read."""

    SWEDISH = "sv"
    ENGLISH = "en"


class Area(StrEnum):
    """What a comment is about: the five areas of the yearly survey."""

    DIGITAL_SERVICES = "digital_services"
    WAITING_TIME = "waiting_time"
    TREATMENT = "treatment"
    MUNICIPAL_SERVICES = "municipal_services"
    OVERALL = "overall"


class Tonality(StrEnum):
    """What the comment thinks of it."""

    POSITIVE = "positive"
    SKEPTICAL = "skeptical"
    NEGATIVE = "negative"


class Outcome(StrEnum):
    """How an attempt or an interview ended, in AAPOR's manner."""

    COMPLETED = "completed"
    PARTIAL = "partial"
    REFUSED = "refused"
    OPTED_OUT = "opted_out"
    NO_START = "no_start"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    BAD_NUMBER = "bad_number"
    VOICEMAIL = "voicemail"
    TRUNK_FAULT = "trunk_fault"


class DrawReason(StrEnum):
    """The one recorded reason why an ended contact was surveyed or not, in the funnel's order."""

    ANONYMOUS = "anonymous"
    INTERNAL = "internal"
    NOT_ANSWERED = "not_answered"
    TOO_SHORT = "too_short"
    DOUBLED_LEG = "doubled_leg"
    """Another part of a call that has been decided upon."""
    DENIED_QUEUE = "denied_queue"
    OWN_CALL = "own_call"
    FOREIGN_OR_PREMIUM = "foreign_or_premium"
    OPTED_OUT = "opted_out"
    QUIET_PERIOD = "quiet_period"
    NOT_DRAWN = "not_drawn"
    QUOTA_FULL = "quota_full"
    """Drawn, but the day's cap or the queue's quota is used up."""
    TOO_LATE = "too_late"
    """Drawn, but no calling hours come before it would be too late to ring."""
    QUEUED = "queued"
    TRANSFERRED = "transferred"
    """Not drawn: the PBX or an agent put the citizen through to the survey extension."""
    TEST_CALL = "test_call"
    """No ended contact: a call that staff asked for; it is in no figures."""


class LaterTime(StrEnum):
    """When a citizen who pressed 2 wants to be rung instead; each has its own key and its own prompt."""

    IN_AN_HOUR = "in_an_hour"
    THIS_EVENING = "this_evening"
    TOMORROW_MORNING = "tomorrow_morning"
    TOMORROW_AFTERNOON = "tomorrow_afternoon"
    NEXT_WORKING_DAY = "next_working_day"


class AnswerKind(StrEnum):
    """What became of one question."""

    VALUE = "value"
    NO_OPINION = "no_opinion"
    SKIPPED = "skipped"


class CommentState(StrEnum):
    """A comment's way through the analyst; it never moves backwards but by a lost lease."""

    RECORDED = "recorded"
    DONE = "done"
    NO_SPEECH = "no_speech"
    LOST = "lost"
    PARKED = "parked"


class Doubt(StrEnum):
    """Why a text may not be what was said."""

    UNLIKELY = "unlikely"
    """The speech model gives its own words little chance."""
    REPEATS = "repeats"
    """One phrase over and over, or more words than anybody says in the time."""
    MISSING = "missing"
    """Fewer words than anybody says in the time."""
    CAPTION = "caption"
    """What the model learnt to write under films, not on the telephone."""
    HARDLY_SPEECH = "hardly_speech"
    """Voice activity is not sure that anybody speaks."""


LEAST_CONFIDENCE: Final = 0.5
"""0–1: in a text below it half of the words are likely to be wrong."""

LEAST_WORD_CONFIDENCE: Final = 0.3
"""0–1: words below it are more often wrong than right, models/README.md."""


class Direction(StrEnum):
    """Who rang whom in the contact."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class EndedContact:
    """One call to the contact center, ended, as the PBX reported it. The agent is never part of it."""

    source: str
    source_call_id: str
    ended_at: datetime
    number: str | None
    queue: str
    wait_seconds: int
    talk_seconds: int
    direction: Direction
    answered: bool
    linked_id: str = ""
    """What all parts of one call share at the PBX (linkedid, historyid, globalCallID); empty: unknown."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """One area with one tonality in a comment; score is the model's probability, 0–1."""

    area: Area
    tonality: Tonality
    score: float

"""Made-up contacts, interviews and comments, put into a store by the functions that the box itself uses."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TypedDict, Unpack

from appliance.custody.opt_outs import open_box
from appliance.custody.recordings import encrypt_recording, seal_text
from appliance.custody.sealing import hash_number, seal_number
from appliance.practice.numbers import FICTIONAL_NUMBERS
from appliance.store import answers, comments, contacts, interviews, questionnaires
from appliance.store.answers import Answer
from appliance.store.comments import Recording
from appliance.store.interviews import Lease, NewInterview
from appliance.store.transcripts import Transcribed
from appliance.survey.questionnaire import load_questionnaire
from appliance.types import (
    E164,
    AnswerKind,
    Area,
    CommentId,
    CommentState,
    ContactId,
    Direction,
    Doubt,
    DrawReason,
    EndedContact,
    InterviewId,
    Language,
    NumberHash,
    Opinion,
    Outcome,
    Tonality,
)

NOW = datetime(2026, 11, 21, 14, 32, tzinfo=UTC)
NUMBER = E164("+46701740605")
QUESTIONNAIRE = load_questionnaire("kontaktcenter")
SECOND_OF_SILENCE = bytes(2 * 8000)

NEVER_ANSWERED = {Outcome.BUSY, Outcome.NO_ANSWER, Outcome.BAD_NUMBER, Outcome.TRUNK_FAULT}
INTERVIEWS = {Outcome.COMPLETED, Outcome.PARTIAL}


class Known(TypedDict, total=False):
    """What a speech model says of a text; `words`, with their confidences, are the text itself."""

    words: Sequence[tuple[str, float]]
    language: str
    doubts: frozenset[Doubt]
    speech_model: str


class MadeUp:
    """One store that fills as a test tells."""

    def __init__(self, directory: Path, now: datetime = NOW) -> None:
        self.directory = directory
        self.now = now
        self.db, self.keys = open_box(directory, now)
        self._numbers = count()
        questionnaires.freeze(self.db, QUESTIONNAIRE.id, QUESTIONNAIRE.version, QUESTIONNAIRE.to_json())

    def hash_of(self, number: str) -> NumberHash:
        return hash_number(self.keys, E164(number))

    def contact(
        self, at: datetime | None = None, reason: DrawReason = DrawReason.NOT_DRAWN, queue: str = "Växel"
    ) -> ContactId:
        at = at or self.now
        call_id = f"call-{next(self._numbers)}"
        ended = EndedContact("test", call_id, at, NUMBER, queue, 60, 120, Direction.INBOUND, answered=True)
        made = contacts.add(self.db, ended, hash_number(self.keys, NUMBER), reason, at)
        assert made is not None
        return made

    def queued(self, at: datetime | None = None, queue: str = "Växel") -> InterviewId:
        """Drawn, and waits to be rung."""
        at = at or self.now
        number = FICTIONAL_NUMBERS[next(self._numbers) % len(FICTIONAL_NUMBERS)]  # one's own: two calls are never one's
        sealed = seal_number(self.keys, number)
        contact_id = self.contact(at, DrawReason.QUEUED, queue)
        number_hash = hash_number(self.keys, number)
        new = NewInterview(contact_id, Language.SWEDISH, number_hash, sealed, at, at + timedelta(hours=48))
        return interviews.enqueue(self.db, new)

    def live(self, at: datetime | None = None, queue: str = "Växel") -> Lease:
        """Rings right now."""
        at = at or self.now
        interview_id = self.queued(at, queue)
        lease = interviews.lease_due(self.db, "line-1", at, at + timedelta(minutes=1), only=interview_id)
        assert lease is not None
        interviews.has_rung(self.db, lease, at)
        return lease

    def ended(
        self,
        outcome: Outcome = Outcome.COMPLETED,
        at: datetime | None = None,
        given: Mapping[str, int | AnswerKind] | None = None,
        queue: str = "Växel",
        asked: tuple[str, int] = (QUESTIONNAIRE.id, QUESTIONNAIRE.version),
    ) -> InterviewId:
        """Rung and over; `given` are the answers, a key or what became of the question."""
        at = at or self.now
        lease = self.live(at, queue)
        if outcome not in NEVER_ANSWERED:
            interviews.has_answered(self.db, lease, at)
        if outcome in INTERVIEWS:
            interviews.set_questionnaire(self.db, lease.interview_id, asked)
            interviews.has_started(self.db, lease.interview_id, at)
        for question, value in (given or {}).items():
            kind = value if isinstance(value, AnswerKind) else AnswerKind.VALUE
            number = value if kind is AnswerKind.VALUE and isinstance(value, int) else None
            answers.add(self.db, lease.interview_id, Answer(question, kind, number), at)
        interviews.end_attempt(self.db, lease.attempt_id, outcome, 200, at)
        interviews.close(self.db, lease.interview_id, outcome, at)
        return lease.interview_id

    def recorded(self, at: datetime | None = None, queue: str = "Växel", seconds: int = 1) -> CommentId:
        """An interview with a comment that the analyst has not heard yet."""
        at = at or self.now
        interview_id = self.ended(Outcome.COMPLETED, at, queue=queue)
        recording = encrypt_recording(self.keys, self.directory, seconds * SECOND_OF_SILENCE)
        return comments.add(self.db, interview_id, recording, at)

    def interview_of(self, comment_id: CommentId) -> InterviewId:
        row = self.db.execute("SELECT interview_id FROM comments WHERE id = ?", (comment_id,)).fetchone()
        return InterviewId(row[0])

    def texts_of(self, comment_id: CommentId) -> int:
        """How many texts it was ever given."""
        row = self.db.execute("SELECT count(*) FROM transcripts WHERE comment_id = ?", (comment_id,)).fetchone()
        return int(row[0])

    def comment(
        self,
        text: str = "det gick bra",
        opinions: Iterable[tuple[Area, Tonality]] = ((Area.TREATMENT, Tonality.POSITIVE),),
        at: datetime | None = None,
        queue: str = "Växel",
        asked: tuple[str, int] = (QUESTIONNAIRE.id, QUESTIONNAIRE.version),
        **known: Unpack[Known],
    ) -> CommentId:
        """An interview with a comment that has been understood; `known` is what the speech model says of its text."""
        at = at or self.now
        interview_id = self.ended(Outcome.COMPLETED, at, queue=queue, asked=asked)
        recording = encrypt_recording(self.keys, self.directory, SECOND_OF_SILENCE)
        comment_id = comments.add(self.db, interview_id, recording, at)
        found = tuple(Opinion(area, tonality, 0.9) for area, tonality in opinions)
        made = self.transcribed(recording, text, **known)
        comments.finish(self.db, comment_id, CommentState.DONE, made, found, at)
        return comment_id

    def recording_of(self, comment_id: CommentId) -> Recording:
        row = self.db["comments"].get(comment_id)
        return Recording(row["file"], row["key_wrapped"], row["seconds"])

    def transcribed(self, recording: Recording, text: str, **known: Unpack[Known]) -> Transcribed:
        """A recording's text, sealed."""
        sure = known.get("words", [(word, 0.9) for word in text.split()])
        whole = text if "words" not in known else " ".join(word for word, _ in sure)
        return Transcribed(
            seal_text(self.keys, recording, whole),
            seal_text(self.keys, recording, json.dumps(sure, ensure_ascii=False), "words"),
            known.get("language", "sv"),
            sum(confidence for _, confidence in sure) / max(1, len(sure)),
            known.get("doubts", frozenset()),
            known.get("speech_model", "whisper-base"),
            speech_model_digest="0" * 64,
            opinions_model="opinions-sv",
        )

"""What the calls of one line share: the store, the keys, the dialer, and a place for live recordings."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from appliance.custody.keys import Keys
from appliance.custody.recordings import encrypt_recording
from appliance.custody.sealing import unseal_number
from appliance.dialer.dialer import Dialer
from appliance.errors import CustodyError
from appliance.number_guard import NumberGuard
from appliance.settings import Settings
from appliance.store import Database, answers, comments, interviews, questionnaires, schedule, writing
from appliance.store.interviews import Lease
from appliance.survey.questionnaire import Questionnaire
from appliance.telephony.recording import Spoken
from appliance.telephony.repertoire import Repertoire
from appliance.types import E164, InterviewId

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Desk:
    """The store, the keys and the dialer of one line."""

    db: Database
    keys: Keys
    settings: Settings
    dialer: Dialer
    folder: Path
    """Where live recordings lie, in memory-backed storage."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def number_of(self, lease: Lease) -> E164:
        """The number to ring now; CustodyError where it cannot be read, NumberError where it must not be rung."""
        number = unseal_number(self.keys, lease.number_sealed, lease.number_hash)
        NumberGuard.of(self.settings).check(number, extensions=self.dialer.only is not None)
        return number

    def questionnaire_of(self, lease: Lease, repertoire: Repertoire) -> Questionnaire:
        """The questionnaire that this interview asks, frozen once a phone has rung for it; every later call keeps it.

        It is the one that is scheduled at that moment for the contact's queue, where its sounds are there.
        """
        if (lease.rings or lease.has_started) and (frozen := self._questionnaire(lease.questionnaire)):
            if repertoire.can_ask(frozen):
                return frozen
            _log.error("%s version %d cannot be asked again: its sounds are missing", frozen.id, frozen.version)
            if self.answered_before(lease):  # answers to two questionnaires are never mixed
                return repertoire.part_of(frozen)
        scheduled = self._scheduled(lease, repertoire)
        schedule_id, chosen = scheduled or (None, repertoire.ordinary)
        with writing(self.db):
            if schedule_id is not None:
                schedule.note_asked(self.db, schedule_id)
            version = questionnaires.freeze(self.db, chosen.id, chosen.version, chosen.to_json())
            interviews.set_questionnaire(self.db, lease.interview_id, (chosen.id, version))
        return chosen

    def asked_at_times(self, ordinary: Questionnaire) -> list[Questionnaire]:
        """What may be asked instead of the ordinary one: on the schedule, or begun with in an interview not over."""
        scheduled = [self._questionnaire(one.questionnaire) for one in schedule.to_come(self.db, self.now())]
        begun = [Questionnaire.from_json(content) for content in questionnaires.wanted(self.db)]
        return [each for each in (*scheduled, *begun) if each and not each.asks_as(ordinary)]

    def _scheduled(self, lease: Lease, repertoire: Repertoire) -> tuple[int, Questionnaire] | None:
        """The period in force and what it asks: the one scheduled last of those whose sounds are there."""
        for each in schedule.in_force(self.db, interviews.queue_of(self.db, lease.interview_id), self.now()):
            if asked := self._questionnaire(each.questionnaire):
                if repertoire.can_ask(asked):
                    return each.id, asked
                _log.error("%s version %d is not asked yet: its sounds are not there", asked.id, asked.version)
        return None

    def _questionnaire(self, version: tuple[str, int] | None) -> Questionnaire | None:
        content = questionnaires.content_of(self.db, *version) if version else None
        return Questionnaire.from_json(content) if content else None

    def answered_before(self, lease: Lease) -> frozenset[str]:
        """Questions answered in an earlier call of the same interview."""
        return frozenset(answers.of_interview(self.db, lease.interview_id))

    def keep_comment(self, interview_id: InterviewId, spoken: Spoken) -> None:
        """Encrypt a comment onto the disk and queue it; where that fails, the loss is on record."""
        try:
            recording = encrypt_recording(self.keys, self.settings.storage.directory, spoken.pcm)
        except CustodyError as error:
            _log.error("comment lost: %s", error)
            self.lose_comment(interview_id)
            return
        comments.add(self.db, interview_id, recording, self.now(), spoken.level_dbfs, spoken.clipped_share)

    def lose_comment(self, interview_id: InterviewId) -> None:
        comments.add_lost(self.db, interview_id, self.now())

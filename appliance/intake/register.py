"""Where every adapter's contacts arrive: decided once, recorded with the reason, queued where drawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from appliance.calling_time import next_open
from appliance.custody.keys import Keys
from appliance.custody.sealing import hash_number, seal_number
from appliance.intake.facts import Ground, KnownFacts
from appliance.intake.fingerprint import fingerprint_of
from appliance.intake.funnel import DRAWN_UPON, decide
from appliance.intake.policy import in_force
from appliance.intake.private import without_numbers
from appliance.intake.taken import Taken
from appliance.intake.withdrawal import withdraw
from appliance.number_guard import NumberGuard
from appliance.settings import Settings
from appliance.store import Database, contacts, draws, interviews, quotas, writing
from appliance.store.contacts import Decision, Leg
from appliance.types import E164, ContactId, Direction, DrawReason, EndedContact, InterviewId


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a contact that was handed in."""

    reason: DrawReason
    is_new: bool
    """False where it had been decided upon before: nothing has changed."""


class Register:
    """The intake's counter."""

    def __init__(self, db: Database, keys: Keys, settings: Settings, *, adopts_file: bool = True) -> None:
        """Who does not adopt the file's policy goes by what the intake has made of it."""
        self._adopts_file = adopts_file
        self._db = db
        self._keys = keys
        self._settings = settings
        self._zone = ZoneInfo(settings.municipality.time_zone)
        self._guard = NumberGuard.of(settings)
        self.fingerprint = fingerprint_of(keys)
        """What names a call record that has no name of its own."""

    def prepare(self, now: datetime) -> draws.DrawDay:
        """Put the policy in force and make the seeds of today, which it gives, and tomorrow, before the first draw."""
        with writing(self._db):
            in_force(self._db, self._settings, now, adopts=self._adopts_file)
        today = now.astimezone(self._zone).date()
        draws.prepare(self._db, today + timedelta(days=1), now)
        return draws.prepare(self._db, today, now)

    def admit(self, contact: EndedContact, now: datetime) -> Verdict:
        """Decide upon a contact and record it."""
        return self.admit_all([contact], now)[0]

    def admit_all(self, ended: Iterable[EndedContact], now: datetime) -> list[Verdict]:
        """Decide upon contacts in their order, all on disk together when this returns, or none."""
        with writing(self._db):
            policy_id, policy = in_force(self._db, self._settings, now, adopts=self._adopts_file)
            today = draws.prepare(self._db, now.astimezone(self._zone).date(), now)
            ground = Ground(self._db, self._keys, self._guard, policy, policy_id, today, self._zone, Taken(self._db))
            return [self._admit(without_numbers(contact, self.fingerprint), ground, now) for contact in ended]

    def known(self, contact: EndedContact) -> Verdict | None:
        """What was decided upon it before; None where nothing was."""
        stored = without_numbers(contact, self.fingerprint)
        reason = contacts.reason_of(self._db, stored.source, stored.source_call_id)
        return Verdict(reason, is_new=False) if reason else None

    def admit_test_call(self, number: E164, now: datetime) -> InterviewId:
        """An interview that staff asked for: no funnel, no draw, in no figures.

        It never comes due by itself: only a line that is told of it rings it.
        """
        contact = EndedContact("dial", now.isoformat(), now, number, "", 0, 0, Direction.INBOUND, answered=True)
        latest = now + timedelta(hours=self._settings.dialer.latest_hours)
        with writing(self._db):
            contact_id = contacts.add(self._db, contact, hash_number(self._keys, number), DrawReason.TEST_CALL, now)
            return self._queue(contact_id or ContactId(0), number, latest, latest, None)

    def _admit(self, contact: EndedContact, ground: Ground, now: datetime) -> Verdict:
        if known := contacts.reason_of(self._db, contact.source, contact.source_call_id):
            return Verdict(known, is_new=False)
        legs = contacts.legs_of(self._db, contact.source, contact.linked_id, contact.ended_at)
        latest_at = contact.ended_at + timedelta(hours=self._settings.dialer.latest_hours)
        facts = KnownFacts(ground, contact, legs, lambda: self._first_chance(contact, now) > latest_at)
        reason = decide(contact, facts)
        decision = Decision(reason, ground.today.day, ground.policy_id, facts.share if reason in DRAWN_UPON else None)
        number = facts.number.e164 if reason is DrawReason.QUEUED else None  # of the others not even the hash is kept
        number_hash = hash_number(self._keys, number) if number else None
        contact_id = contacts.add(self._db, contact, number_hash, reason, now, decision)
        if number and contact_id:
            self._queue(contact_id, number, contact.ended_at + self._delay, latest_at, 1 / facts.share)
            ground.taken.add(contact.queue)
        if ground.policy.denies(contact.queue):
            self._withdraw(legs, ground, now)
        return Verdict(reason, is_new=True)

    def _first_chance(self, contact: EndedContact, now: datetime) -> datetime:
        """When the citizen could be rung at the earliest."""
        return next_open(max(now, contact.ended_at + self._delay), self._settings.dialer, self._zone)

    @property
    def _delay(self) -> timedelta:
        return timedelta(minutes=self._settings.dialer.delay_minutes)

    def _withdraw(self, legs: tuple[Leg, ...], ground: Ground, now: datetime) -> None:
        """The call went on to a denied queue: whoever waits to be rung for an earlier part of it is not rung."""
        for leg in legs:
            if leg.reason is not DrawReason.QUEUED:
                continue
            counted = quotas.counts(self._db, leg.contact_id)
            if withdraw(self._db, leg.contact_id, ground.today.day, now) and counted and leg.day:
                ground.taken.remove(leg.queue, leg.day)

    def _queue(
        self, contact_id: ContactId, number: E164, due_at: datetime, latest_at: datetime, weight: float | None
    ) -> InterviewId:
        return interviews.enqueue(
            self._db,
            interviews.NewInterview(
                contact_id,
                self._settings.survey.language,
                hash_number(self._keys, number),
                seal_number(self._keys, number),
                due_at,
                latest_at,
                weight,
            ),
        )

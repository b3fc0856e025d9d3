"""Where every adapter's contacts arrive: decided once, recorded with the reason, queued where drawn."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from appliance.custody.keys import Keys
from appliance.custody.sealing import hash_number, seal_number
from appliance.intake.draw import is_drawn
from appliance.intake.funnel import Facts, decide
from appliance.number_guard import NumberGuard
from appliance.numbers import CallerNumber, read_number
from appliance.settings import Settings
from appliance.store import Database, contacts, draws, interviews, opt_outs, writing
from appliance.types import E164, ContactId, Direction, DrawReason, EndedContact, InterviewId, NumberHash


class Register:
    """The intake's counter."""

    def __init__(self, db: Database, keys: Keys, settings: Settings) -> None:
        self._db = db
        self._keys = keys
        self._settings = settings
        self._zone = ZoneInfo(settings.municipality.time_zone)
        self._guard = NumberGuard.of(settings)

    def admit(self, contact: EndedContact, now: datetime) -> DrawReason | None:
        """Decide upon a contact and record it; None where it was recorded before."""
        with writing(self._db):
            if contacts.known(self._db, contact.source, contact.source_call_id):
                return None
            number = read_number(contact.number)
            number_hash = hash_number(self._keys, number.e164) if number.e164 else None
            reason = decide(contact, self._facts(contact, number, number_hash), self._settings.funnel)
            queued = reason is DrawReason.QUEUED  # for the others not even the hash is kept
            contact_id = contacts.add(self._db, contact, number_hash if queued else None, reason, now)
            if queued and contact_id and number.e164:
                self._queue(contact_id, number.e164, contact.ended_at, self._settings.dialer.delay_minutes)
        return reason

    def admit_test_call(self, number: E164, now: datetime) -> InterviewId:
        """An interview that staff asked for: no funnel, no draw, in no figures.

        It never comes due by itself: only a line that is told of it rings it.
        """
        contact = EndedContact("dial", now.isoformat(), now, number, "", 0, 0, Direction.INBOUND, answered=True)
        with writing(self._db):
            contact_id = contacts.add(self._db, contact, hash_number(self._keys, number), DrawReason.TEST_CALL, now)
            return self._queue(
                contact_id or ContactId(0), number, now, delay_minutes=self._settings.dialer.latest_hours * 60
            )

    def _facts(self, contact: EndedContact, number: CallerNumber, number_hash: NumberHash | None) -> Facts:
        quiet_since = contact.ended_at - timedelta(days=self._settings.dialer.quiet_days)
        day = contact.ended_at.astimezone(self._zone).date()
        seed = draws.seed_of(self._db, day)
        return Facts(
            number=number,
            is_own=number.e164 in self._guard.own,
            may_be_rung=number.e164 is not None and self._guard.refusal(number.e164) is None,
            opted_out=number_hash is not None and opt_outs.contains(self._db, number_hash),
            in_quiet_period=number_hash is not None
            and self._settings.dialer.quiet_days > 0
            and contacts.drawn_since(self._db, number_hash, quiet_since),
            drawn=is_drawn(seed, contact.source, contact.source_call_id, self._settings.dialer.share),
        )

    def _queue(self, contact_id: ContactId, number: E164, ended_at: datetime, delay_minutes: float) -> InterviewId:
        return interviews.enqueue(
            self._db,
            interviews.NewInterview(
                contact_id,
                self._settings.survey.language,
                hash_number(self._keys, number),
                seal_number(self._keys, number),
                due_at=ended_at + timedelta(minutes=delay_minutes),
                latest_at=ended_at + timedelta(hours=self._settings.dialer.latest_hours),
            ),
        )

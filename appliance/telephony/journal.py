"""What one call writes down: each method is on disk when it returns."""

from dataclasses import dataclass
from typing import Protocol

from appliance.custody import opt_outs
from appliance.store import answers, interviews
from appliance.store.answers import Answer
from appliance.store.interviews import Lease
from appliance.telephony.desk import Desk
from appliance.telephony.recording import Recording, recording_path
from appliance.types import InterviewId, LaterTime, NumberHash, Outcome


class Journal(Protocol):
    """Of one call, from the first ring to the hang-up."""

    @property
    def interview_id(self) -> InterviewId | None: ...

    def rang(self) -> None: ...

    def picked_up(self) -> None: ...

    def started(self) -> None: ...

    def save(self, answer: Answer) -> None: ...

    def opt_out(self) -> None: ...

    def ring_later(self, when: LaterTime | None) -> None:
        """At one of the times offered, or at any other."""

    def open_recording(self) -> Recording:
        """A new recording in memory-backed storage; OSError where there is no room for it."""

    def keep_comment(self, recording: Recording) -> None: ...

    def lose_comment(self) -> None: ...

    def called_off(self) -> None:
        """We have ended the call before any phone rang."""

    def ended(self, outcome: Outcome, sip_status: int | None) -> None: ...


@dataclass(frozen=True, slots=True)
class InterviewJournal:
    """Of a call with a citizen who has an interview."""

    desk: Desk
    lease: Lease

    @property
    def interview_id(self) -> InterviewId:
        return self.lease.interview_id

    def rang(self) -> None:
        self.desk.dialer.rang(self.lease, self.desk.now())

    def picked_up(self) -> None:
        interviews.has_answered(self.desk.db, self.lease, self.desk.now())

    def started(self) -> None:
        interviews.has_started(self.desk.db, self.interview_id, self.desk.now())

    def save(self, answer: Answer) -> None:
        answers.add(self.desk.db, self.interview_id, answer, self.desk.now())

    def opt_out(self) -> None:
        opt_outs.add(self.desk.db, self.desk.keys, self.lease.number_hash, "call", self.desk.now())

    def ring_later(self, when: LaterTime | None) -> None:
        self.desk.dialer.promise(self.lease, when)

    def open_recording(self) -> Recording:
        survey = self.desk.settings.survey
        path = recording_path(self.desk.folder, self.interview_id)
        return Recording(path, survey.max_recording_seconds, survey.silence_seconds)

    def keep_comment(self, recording: Recording) -> None:
        self.desk.keep_comment(self.interview_id, recording.finish())

    def lose_comment(self) -> None:
        self.desk.lose_comment(self.interview_id)

    def called_off(self) -> None:
        self.desk.dialer.called_off(self.lease, self.desk.now())

    def ended(self, outcome: Outcome, sip_status: int | None) -> None:
        if outcome is Outcome.NO_START and self.lease.has_started:
            outcome = Outcome.PARTIAL  # in an earlier call; what was answered there stands
        self.desk.dialer.ended(self.lease, outcome, sip_status, self.desk.now())


@dataclass(frozen=True, slots=True)
class StrangerJournal:
    """Of a call from somebody without an interview: nothing is written down but the wish to be left alone."""

    desk: Desk
    number_hash: NumberHash | None
    """None where the caller's number is hidden."""
    interview_id: None = None

    def rang(self) -> None: ...

    def picked_up(self) -> None: ...

    def started(self) -> None: ...

    def save(self, answer: Answer) -> None:
        raise AssertionError(f"a stranger is asked nothing, but has answered {answer.question}")

    def opt_out(self) -> None:
        if self.number_hash:
            opt_outs.add(self.desk.db, self.desk.keys, self.number_hash, "call", self.desk.now())

    def ring_later(self, when: LaterTime | None) -> None: ...

    def open_recording(self) -> Recording:
        raise AssertionError("a stranger is not recorded")

    def keep_comment(self, recording: Recording) -> None: ...

    def lose_comment(self) -> None: ...

    def called_off(self) -> None: ...

    def ended(self, outcome: Outcome, sip_status: int | None) -> None: ...

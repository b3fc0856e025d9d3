"""After a crash: every interview that a dead line held gets its outcome, and every spoken word its place."""

import logging
from dataclasses import replace

from appliance.store import answers, comments, interviews, opt_outs, questionnaires, writing
from appliance.store.left_behind import Abandoned
from appliance.survey.dialogue import begin
from appliance.survey.questionnaire import Questionnaire
from appliance.telephony.desk import Desk
from appliance.telephony.recording import live_recordings, recording_path, repair
from appliance.types import AnswerKind, Outcome

_log = logging.getLogger(__name__)


def recover(desk: Desk, current: Questionnaire, *, starting: bool) -> int:
    """End what was left behind; returns how many interviews that were. `starting`: our own from before as well."""
    recovered = 0
    for left in desk.dialer.abandoned(desk.now(), starting=starting):
        try:
            if desk.dialer.take_over(left, desk.now(), starting=starting):
                _end(desk, left, current)
                recovered += 1
        except Exception:  # noqa: BLE001 -- whatever it is, live calls go on; it is tried again when our lease runs out
            _log.exception("interview %d of a line that had died cannot be recovered", left.interview_id)
    if recovered:
        _log.warning("recovered %d interviews of a line that had died", recovered)
    if starting:
        _clear_orphans(desk)
    return recovered


def _end(desk: Desk, left: Abandoned, current: Questionnaire) -> None:
    _rescue_recording(desk, left)
    with writing(desk.db):
        if not (left.is_inbound or left.rang_at or left.answered_at):
            interviews.has_rung(desk.db, left, desk.now())  # it may have, unwritten: nobody is rung twice
        desk.dialer.ended(left, _outcome(desk, left, current), None, desk.now())


def _outcome(desk: Desk, left: Abandoned, current: Questionnaire) -> Outcome:
    if opt_outs.contains(desk.db, left.number_hash):
        return Outcome.OPTED_OUT
    if left.started_at:
        content = questionnaires.content_of(desk.db, *left.questionnaire) if left.questionnaire else None
        asked = Questionnaire.from_json(content) if content else current
        given = answers.of_interview(desk.db, left.interview_id)
        opined = any(answer.kind is not AnswerKind.SKIPPED for answer in given.values())
        return replace(begin(asked, frozenset(given)), started=True, opined=opined).outcome
    return Outcome.NO_START if left.answered_at else Outcome.NO_ANSWER


def _rescue_recording(desk: Desk, left: Abandoned) -> None:
    path = recording_path(desk.folder, left.interview_id)
    if not path.exists():
        return
    if comments.of_interview(desk.db, left.interview_id) is None and (spoken := repair(path)):
        desk.keep_comment(left.interview_id, spoken)
    path.unlink(missing_ok=True)


def _clear_orphans(desk: Desk) -> None:
    """Remove what belongs to no live interview: of a store that was put back from a backup, or taken away."""
    found = live_recordings(desk.folder)
    live = interviews.live_ids(desk.db)
    orphans = [path for interview_id, path in found if interview_id not in live]
    for path in orphans:
        path.unlink(missing_ok=True)
    if orphans:
        _log.warning("removed %d recordings of no live interview", len(orphans))

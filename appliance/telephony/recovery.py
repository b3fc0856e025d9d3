"""After a crash: every interview that a dead line held gets its outcome, and every spoken word its place."""

import logging
from dataclasses import replace

from appliance.store import answers, comments, interviews, opt_outs, questionnaires
from appliance.store.interviews import Abandoned
from appliance.survey.dialogue import begin
from appliance.survey.questionnaire import Questionnaire
from appliance.telephony.desk import Desk
from appliance.telephony.recording import live_recordings, recording_path, repair
from appliance.types import AnswerKind, Outcome

_log = logging.getLogger(__name__)


def recover(desk: Desk, current: Questionnaire, *, starting: bool) -> int:
    """End what was left behind; returns how many interviews that were. `starting`: our own from before as well."""
    left_behind = desk.dialer.abandoned(desk.now(), starting=starting)
    for left in left_behind:
        _rescue_recording(desk, left)
        if not (
            left.rang_at or left.answered_at
        ):  # it may have rung before that could be written: nobody is rung twice
            interviews.has_rung(desk.db, left, desk.now())
        desk.dialer.ended(left, _outcome(desk, left, current), None, desk.now())
    if left_behind:
        _log.warning("recovered %d interviews of a line that had died", len(left_behind))
    if starting:
        _clear_orphans(desk)
    return len(left_behind)


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
    path.unlink()


def _clear_orphans(desk: Desk) -> None:
    """Remove what belongs to no live interview: of a store that was put back from a backup, or taken away."""
    found = live_recordings(desk.folder)
    live = interviews.live_ids(desk.db)
    orphans = [path for interview_id, path in found if interview_id not in live]
    for path in orphans:
        path.unlink(missing_ok=True)
    if orphans:
        _log.warning("removed %d recordings of no live interview", len(orphans))

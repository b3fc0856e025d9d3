"""`efterklang dial`: one survey call now."""

import json
import re
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import click

from appliance.cli import invocation
from appliance.cli._practice_town import start_exchange
from appliance.cli._tree import ProcessTree
from appliance.custody.keys import Keys
from appliance.custody.opt_outs import open_box
from appliance.custody.recordings import unseal_text
from appliance.custody.sealing import hash_number
from appliance.dialer.dialer import limits_of
from appliance.errors import UsageError
from appliance.intake.register import Register
from appliance.number_guard import NumberGuard
from appliance.numbers import NumberKind, read_number
from appliance.practice.people import citizen_of
from appliance.settings import Settings
from appliance.signals import StopSignal
from appliance.store import Database, answers, comments, dialing, interviews, limits, opt_outs, processes
from appliance.store.dialing import DialingState
from appliance.store.limits import Hindrance
from appliance.types import E164, AnswerKind, CommentState, InterviewId, Outcome

_WATCH_SECONDS: Final = 0.2
_GREATEST_SECONDS: Final = 960.0
_ANALYSIS_SECONDS: Final = 120.0
_FRESH: Final = timedelta(seconds=10)


@dataclass(frozen=True)
class _Call:
    settings: Settings
    db: Database
    keys: Keys
    interview_id: InterviewId


@click.command()
@click.argument("number", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_obj
def dial(settings: Settings, number: tuple[str, ...], as_json: bool) -> None:
    """Make one survey call to NUMBER now, wait for its end, and show what came of it.

    A test by staff: it asks no funnel and no calling hours, and counts in no statistics. A number that has opted out
    is not rung.
    """
    stop = StopSignal()
    db, keys = open_box(settings.storage.directory, datetime.now(UTC))
    target = _target(" ".join(number), settings)
    if (stopped := dialing.current(db)).state is DialingState.STOPPED:
        raise UsageError(f"{stopped.changed_by} has stopped all calls; run: efterklang dialer resume; nothing was done")
    if opt_outs.contains(db, hash_number(keys, target)):
        raise UsageError("this number has asked never to be rung; nothing was done")
    begun = time.monotonic()
    interview_id = Register(db, keys, settings).admit_test_call(target, datetime.now(UTC))
    call = _Call(settings, db, keys, interview_id)
    _run(call, stop)
    result = _result(call, round(time.monotonic() - begun, 1))
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        for line in _lines(result):
            click.echo(line)
    if result["outcome"] in {None, Outcome.TRUNK_FAULT}:
        raise SystemExit(1)


def _lines(result: dict[str, Any]) -> list[str]:
    """What --json says, in plain words; nothing stands after what there is none of."""
    answered = ", ".join(f"{key} {value}" for key, value in result["answers"].items())
    opinions = ", ".join(f"{one['area']} {one['tonality']} ({one['score']})" for one in result["opinions"])
    shown = {**result, "answers": answered, "opinions": opinions}
    return [f"{name}: {'' if value is None else value}".rstrip() for name, value in shown.items()]


def _target(number: str, settings: Settings) -> E164:
    """The number in international form; an internal extension as it is."""
    read = read_number(number)
    if read.e164:
        target = read.e164
    elif read.kind is NumberKind.INTERNAL:
        target = E164(re.sub(r"\D", "", number))
    else:
        raise UsageError(f"{number!r} is no Swedish number that can be rung; write 070-123 45 67, +46… or an extension")
    NumberGuard.of(settings).check(target, extensions=True)
    if settings.sip is None:
        citizen_of(target)
    return target


def _run(call: _Call, stop: StopSignal) -> None:
    tree = ProcessTree(invocation())
    only = ("--only", str(call.interview_id))
    deadline = time.monotonic() + _GREATEST_SECONDS
    told: Hindrance | None = None
    try:
        if not _analyst_works(call.db):
            tree.start("analyst", "analyst")
        if call.settings.sip is None:
            tree.start("line", "line", "1", "--pbx-port", str(start_exchange(tree)), *only)
        else:
            tree.start("line", "line", "1", *only)
        while not stop.wait(_WATCH_SECONDS) and time.monotonic() < deadline:
            if interviews.is_over(call.db, call.interview_id):
                break
            if not tree.is_alive("line"):
                print("efterklang: the line ended before the call did", file=sys.stderr)  # noqa: T201 -- to the operator
                break
            if (why := _waits_for(call)) and why is not told:
                told = why
                print(f"efterklang: the call waits: {why}", file=sys.stderr)  # noqa: T201 -- to the operator
                if why is Hindrance.STOPPED:
                    break
        deadline = time.monotonic() + _ANALYSIS_SECONDS
        while not stop.wait(_WATCH_SECONDS) and time.monotonic() < deadline:
            comment = comments.of_interview(call.db, call.interview_id)
            if comment is None or comment.state is not CommentState.RECORDED:
                break
    finally:
        tree.stop()
        interviews.give_up(call.db, call.interview_id, datetime.now(UTC))


def _waits_for(call: _Call) -> Hindrance | None:
    """Why the call has not begun yet, None where nothing stands in its way."""
    if interviews.outcome_of(call.db, call.interview_id)[0] != "queued":
        return None
    return limits.hindrance_of(call.db, limits_of(call.settings), call.interview_id, datetime.now(UTC))


def _analyst_works(db: Database) -> bool:
    """Whether the box's own analyst is running beside us."""
    now = datetime.now(UTC)
    return any(beat.name == "analyst" and now - beat.beat_at < _FRESH for beat in processes.all_beats(db))


def _result(call: _Call, seconds: float) -> dict[str, Any]:
    _, outcome = interviews.outcome_of(call.db, call.interview_id)
    given = answers.of_interview(call.db, call.interview_id)
    comment = comments.of_interview(call.db, call.interview_id)
    text = None
    if comment and comment.recording and comment.transcript and comment.transcript.text_sealed:
        text = unseal_text(call.keys, comment.recording, comment.transcript.text_sealed)
    opinions = comment.opinions if comment else ()
    return {
        "outcome": outcome,
        "answers": {key: a.value if a.kind is AnswerKind.VALUE else a.kind for key, a in given.items()},
        "seconds": seconds,
        "comment": text,
        "opinions": [{"area": o.area, "tonality": o.tonality, "score": round(o.score, 3)} for o in opinions],
    }

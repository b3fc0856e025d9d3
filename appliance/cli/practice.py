"""`efterklang practice`: real calls against simulated citizens, then what the box stored against what they did."""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click

from appliance.catalog import find_model, verify
from appliance.cli import Invocation, invocation
from appliance.cli._practice_town import CALLS_PER_LINE, start_exchanges_and_lines
from appliance.cli._tree import ProcessTree
from appliance.custody.keys import Keys, load_keys
from appliance.custody.recordings import unseal_text
from appliance.dialer.later import choices, moment
from appliance.intake.register import Register
from appliance.practice.account import Found, Tally, compare
from appliance.practice.deeds import Deeds, expected, read_deeds
from appliance.practice.numbers import FICTIONAL_NUMBERS
from appliance.practice.people import citizen_of
from appliance.settings import Settings, practice_settings
from appliance.signals import StopSignal
from appliance.store import Database, answers, comments, interviews, open_store, promises
from appliance.survey.questionnaire import load_questionnaire
from appliance.types import CommentState, Direction, EndedContact, InterviewId, LaterTime

_MAX_LINES: Final = 5
_WATCH_SECONDS: Final = 0.3
_LONGEST_CALL_SECONDS: Final = 240
_ANALYSIS_SECONDS: Final = 15
"""Allowed for one comment, on a busy machine."""


@dataclass(frozen=True)
class _Box:
    """The box that these calls are made with: fresh, and gone afterwards."""

    settings: Settings
    db: Database
    keys: Keys
    deeds: Path


@click.command()
@click.option("--calls", type=click.IntRange(1, len(FICTIONAL_NUMBERS)), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="Keep the store in this folder.")
@click.pass_obj
def practice(settings: Settings, calls: int, as_json: bool, keep: Path | None) -> None:
    """Make CALLS real SIP calls against simulated citizens and check what was stored.

    Exit code 1 where anything differs. Nothing of it touches the box's own data.
    """
    stop = StopSignal()
    for model in (settings.speech.model, settings.opinions.model):
        verify(find_model(model, settings))
    begun = time.monotonic()
    with _fresh_box(settings, keep) as box:
        ids = _queue(box, calls)
        _run(box, ids, stop)
        tally = _account(box, ids)
    result = tally.as_json(seconds=round(time.monotonic() - begun, 1))
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        for name, value in result.items():
            click.echo(f"{name}: {value}")
    if tally.differences:
        raise SystemExit(1)


@contextmanager
def _fresh_box(settings: Settings, keep: Path | None) -> Iterator[_Box]:
    with tempfile.TemporaryDirectory(prefix="efterklang-practice-") as temporary:
        directory = keep or Path(temporary)
        storage = settings.storage.model_copy(update={"directory": directory})
        everyone = practice_settings(settings).dialer.model_copy(update={"share": 1.0})
        settings = settings.model_copy(update={"storage": storage, "dialer": everyone, "sip": None})
        db = open_store(directory)
        if interviews.count_by_state(db):
            raise click.UsageError(f"{directory} holds interviews already; give --keep an empty folder")
        yield _Box(settings, db, load_keys(directory), directory / "deeds.jsonl")


def _queue(box: _Box, calls: int) -> list[InterviewId]:
    """Let so many citizens have rung the contact center just now, each from a number of their own."""
    register = Register(box.db, box.keys, box.settings)
    now = datetime.now(UTC)
    for index, number in enumerate(FICTIONAL_NUMBERS[:calls]):
        contact = EndedContact("practice", str(index), now, number, "Växel", 30, 120, Direction.INBOUND, answered=True)
        register.admit(contact, now)
    return interviews.all_ids(box.db)


def _run(box: _Box, ids: list[InterviewId], stop: StopSignal) -> None:
    """Run the processes until every call is over and every comment read, or the time for it has passed."""
    calls = len(ids)
    lines = min(_MAX_LINES, -(-calls // CALLS_PER_LINE))
    deadline = (
        time.monotonic() + _LONGEST_CALL_SECONDS * (1 + calls / (lines * CALLS_PER_LINE)) + calls * _ANALYSIS_SECONDS
    )
    tree = ProcessTree(Invocation(invocation().config, box.settings.storage.directory))
    try:
        tree.start("analyst", "analyst")
        start_exchanges_and_lines(tree, lines, box.deeds)
        with click.progressbar(length=2 * calls, label="calls and comments", file=sys.stderr) as bar:
            while time.monotonic() < deadline and not stop.wait(_WATCH_SECONDS):
                tree.watch()
                over = interviews.count_by_state(box.db).get("over", 0) + len(promises.to_keep(box.db))
                waiting = comments.count_by_state(box.db).get(CommentState.RECORDED, 0)
                bar.update(max(0, 2 * over - waiting - bar.pos))
                if over == calls and not waiting:
                    break
    finally:
        tree.stop()


def _account(box: _Box, ids: list[InterviewId]) -> Tally:
    questionnaire = load_questionnaire(box.settings.survey.questionnaire)
    deeds = read_deeds(box.deeds)
    tally = Tally(calls=len(ids))
    for number, interview_id in zip(FICTIONAL_NUMBERS, ids, strict=False):
        citizen = citizen_of(number)
        did = deeds.get(number, Deeds(number))
        found = replace(_found(box, interview_id), later=_later(box, interview_id))
        compare(citizen, did, expected(citizen, did, questionnaire), found, tally)
    return tally


def _later(box: _Box, interview_id: InterviewId) -> LaterTime | None:
    """The choice whose moment is the one that the interview waits for."""
    attempt_id = promises.to_keep(box.db).get(interview_id)
    if attempt_id is None:
        return None
    begun_at, promised = interviews.begun_at(box.db, attempt_id), promises.given_in(box.db, attempt_id)
    where = box.settings.dialer, ZoneInfo(box.settings.municipality.time_zone)
    offered = choices(begun_at, *where)
    return next((when for when in offered if moment(when, begun_at, *where) == promised), None)


def _found(box: _Box, interview_id: InterviewId) -> Found:
    _, outcome = interviews.outcome_of(box.db, interview_id)
    given = {key: (a.kind, a.value) for key, a in answers.of_interview(box.db, interview_id).items()}
    comment = comments.of_interview(box.db, interview_id)
    if comment is None:
        return Found(outcome, given, comment=None, text=None, opinions=frozenset())
    text = ""
    if comment.recording and comment.transcript and comment.transcript.text_sealed:
        text = unseal_text(box.keys, comment.recording, comment.transcript.text_sealed)
    opinions = frozenset((opinion.area, opinion.tonality) for opinion in comment.opinions)
    return Found(outcome, given, comment.state, text, opinions)

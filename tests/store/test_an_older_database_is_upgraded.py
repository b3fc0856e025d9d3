"""A store as each release left it, with data in it: what was written is still there, the schema is a new one's."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from made_up import NOW
from sqlite_utils import Database

from appliance.store import comment_queue, comments, database_path, heard_again, open_store
from appliance.store.heard_again import Wanted
from appliance.store.migrations import migrations
from appliance.store.transcripts import Transcribed
from appliance.types import Area, InterviewId

RELEASES = {"0.1.0": "m002_telephony", "0.2.0": "m003_selection", "0.3.0": "m004_speech"}
"""Each release with the first step that it did not know."""

ROWS = """
INSERT INTO contacts (id, source, source_call_id, ended_at, queue, wait_seconds, talk_seconds, direction, answered,
  number_hash, reason, decided_at)
  VALUES (1, 'csv', 'a', '2026-11-21T10:00:00.000Z', 'Växel', 5, 90, 'inbound', 1, x'01', 'queued',
  '2026-11-21T10:01:00.000Z');
INSERT INTO questionnaires VALUES ('kontaktcenter', 1, '{}');
INSERT INTO interviews (id, contact_id, questionnaire_id, questionnaire_version, language, number_hash, number_sealed,
  state, due_at, latest_at, rings, line, leased_until, started_at, ended_at, outcome)
  VALUES (1, 1, 'kontaktcenter', 1, 'sv', x'01', NULL, 'over', '2026-11-21T10:05:00.000Z',
  '2026-11-23T10:00:00.000Z', 1, NULL, NULL, '2026-11-21T10:05:30.000Z', '2026-11-21T10:07:00.000Z', 'completed');
INSERT INTO attempts (id, interview_id, line, begun_at, rang_at, answered_at, ended_at, outcome, sip_status)
  VALUES (1, 1, 'line-1', '2026-11-21T10:05:00.000Z', '2026-11-21T10:05:02.000Z',
  '2026-11-21T10:05:09.000Z', '2026-11-21T10:07:00.000Z', 'completed', 200);
INSERT INTO answers VALUES (1, 'treatment', 'value', 5, '2026-11-21T10:05:40.000Z');
INSERT INTO comments (interview_id, state, recorded_at, seconds) VALUES (1, 'lost', '2026-11-21T10:06:50.000Z', 0);
INSERT INTO contacts (id, source, source_call_id, ended_at, queue, wait_seconds, talk_seconds, direction, answered,
  number_hash, reason, decided_at)
  VALUES (2, 'csv', 'b', '2026-11-21T11:00:00.000Z', 'Växel', 5, 90, 'inbound', 1, x'02', 'queued',
  '2026-11-21T11:01:00.000Z');
INSERT INTO interviews (id, contact_id, questionnaire_id, questionnaire_version, language, number_hash, number_sealed,
  state, due_at, latest_at, rings, line, leased_until, started_at, ended_at, outcome)
  VALUES (2, 2, 'kontaktcenter', 1, 'sv', x'02', NULL, 'over', '2026-11-21T11:05:00.000Z',
  '2026-11-23T11:00:00.000Z', 1, NULL, NULL, '2026-11-21T11:05:30.000Z', '2026-11-21T11:07:00.000Z', 'completed');
INSERT INTO comments (id, interview_id, state, recorded_at, seconds, file, key_wrapped, text_sealed, confidence,
  speech_model, opinions_model, tries, done_at)
  VALUES (7, 2, 'done', '2026-11-21T11:06:50.000Z', 12.5, 'a.sealed', x'0A', x'0B', 0.7, 'whisper-base', 'opinions-sv',
  1, '2026-11-21T11:07:10.000Z');
INSERT INTO opinions VALUES (7, 'treatment', 'positive', 0.9);
INSERT INTO processes (name, pid, started_at, beat_at, note)
  VALUES ('line-1', 1, '2026-11-21T10:00:00.000Z', '2026-11-21T10:07:00.000Z', '');
"""


def schema(db: Database) -> dict[str, set[tuple[str, str]]]:
    """The columns of every table with their types, and the indexes by name."""
    tables = {table.name: {(column.name, column.type) for column in table.columns} for table in db.tables}
    return {
        **tables,
        "indexes": {(row[0], "") for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'index'")},
    }


@pytest.mark.parametrize("release", RELEASES)
def test_its_rows_stay_and_its_schema_is_a_new_ones(tmp_path: Path, release: str) -> None:
    old = tmp_path / "old"
    old.mkdir()
    with closing(sqlite3.connect(database_path(old))) as connection:
        migrations.apply(Database(connection), stop_before=RELEASES[release])
        connection.executescript(ROWS)
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        before = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
    with closing(open_store(old)) as upgraded, closing(open_store(tmp_path / "new")) as fresh:
        assert schema(upgraded) == schema(fresh)
        after = {table: upgraded.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
        assert {t: n for t, n in after.items() if "migration" not in t} == {
            t: n for t, n in before.items() if "migration" not in t
        }
        assert upgraded.execute("SELECT direction FROM attempts").fetchone()[0] == "out"
        _has_the_comment_with_its_text(upgraded)
        assert upgraded.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def _has_the_comment_with_its_text(db: Database) -> None:
    comment = comments.of_interview(db, InterviewId(2))
    assert comment is not None
    assert comment.transcript == Transcribed(
        text_sealed=b"\x0b",
        words_sealed=None,
        language=None,
        confidence=0.7,
        doubts=frozenset(),
        speech_model="whisper-base",
        speech_model_digest=None,
        opinions_model="opinions-sv",
    )
    assert [(opinion.area, opinion.score) for opinion in comment.opinions] == [(Area.TREATMENT, 0.9)]
    assert db.execute("SELECT made_at FROM transcripts").fetchall() == [("2026-11-21T11:07:10.000Z",)]
    assert comment_queue.lease_some(db, "analyst", NOW, 60.0) == [], "another version has nothing heard again"
    heard_again.ask(db, Wanted(made_by="whisper-base"), NOW)
    (lease,) = comment_queue.lease_some(db, "analyst", NOW, 60.0)
    assert (lease.comment_id, lease.recording, lease.tries) == (7, comment.recording, 1)

"""A day of 10 000 decisions, made by the register itself, of which somebody changes one afterwards."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from made_up import MadeUp
from records import NOW, NUMBERS, contact, register_of, settings_with

from appliance.intake.audit import Audit, Fault
from appliance.intake.draw_record import audit_day
from appliance.intake.policy import change
from appliance.store import Database, draws, trying
from appliance.types import EndedContact

DECISIONS = 10_000
TODAY = NOW.date()
QUEUES = ("Växel", "Bygg och bo", "Skola", "Socialtjänsten")
SETTINGS = settings_with(
    dialer={"share": 0.25, "quiet_days": 0},
    draw={"queue_shares": {"Skola": 0.5}, "daily_cap": 1_500, "spread_over": ""},
)
Tamper = Callable[[Database, random.Random], int | None]
"""Changes something within the transaction; gives the contact that must be named, None where it is the day."""


def calls(luck: random.Random) -> Iterator[EndedContact]:
    for number in range(DECISIONS - 1):  # the withdrawal is a decision too
        yield replace(
            contact(
                f"17639{number:05}.{luck.randrange(9999)}",
                luck.choice((None, *NUMBERS)),
                queue=luck.choice(QUEUES),
                at=NOW - timedelta(seconds=DECISIONS - number),
                talk_seconds=luck.choice((3, 60, 200)),
            ),
            linked_id="moved-on" if number == 40 else "",
        )


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeUp]:
    """Half of the day under one policy, half under another; one waiting contact was withdrawn."""
    box = MadeUp(tmp_path_factory.mktemp("day"))
    ended = list(calls(random.Random(7)))
    register = register_of(box.db, box.directory, SETTINGS)
    register.admit_all(ended[: DECISIONS // 2], NOW)
    change(box.db, SETTINGS, {"share": 0.4}, "anna", NOW)
    waits = box.db.execute("SELECT id FROM contacts WHERE reason = 'queued' AND linked_id = '' LIMIT 1").fetchone()[0]
    box.db.execute("UPDATE contacts SET linked_id = 'moved-on' WHERE id = ?", (waits,))
    register.admit_all([replace(contact("social", queue="Socialtjänsten"), linked_id="moved-on")], NOW)
    register.admit_all(ended[DECISIONS // 2 : -1], NOW)
    box.db.conn.commit()
    yield box
    box.db.close()


def made(day: MadeUp) -> Audit:
    return audit_day(day.db, TODAY)[1]


def one(db: Database, luck: random.Random, where: str = "1") -> int:
    ids = [row[0] for row in db.execute(f"SELECT id FROM contacts WHERE draw_day IS NOT NULL AND {where}")]
    return int(luck.choice(ids))


def put(column: str, value: str, where: str = "1") -> Tamper:
    """A column of one contact gets another value (an SQL expression)."""

    def tamper(db: Database, luck: random.Random) -> int:
        contact_id = one(db, luck, where)
        db.execute(f"UPDATE contacts SET {column} = {value} WHERE id = ?", (contact_id,))
        return contact_id

    return tamper


def run(statement: str, who: str | None = None) -> Tamper:
    """An SQL statement about the whole day, or about the contact that another one finds."""

    def tamper(db: Database, luck: random.Random) -> int | None:
        found = db.execute(who).fetchone()[0] if who else None
        db.execute(statement)
        return found

    return tamper


def delete(db: Database, luck: random.Random) -> None:
    db.execute("DELETE FROM contacts WHERE id = ?", (one(db, luck, "reason NOT IN ('queued', 'denied_queue')"),))


def swap(db: Database, luck: random.Random) -> int:
    contact_id = one(db, luck, "draw_sequence BETWEEN 2 AND 9000")
    at = db.execute("SELECT draw_sequence FROM contacts WHERE id = ?", (contact_id,)).fetchone()[0]
    for was, becomes in ((at, -1), (at + 1, at), (-1, at + 1)):
        db.execute("UPDATE contacts SET draw_sequence = ? WHERE draw_sequence = ?", (becomes, was))
    return contact_id


def add(db: Database, luck: random.Random) -> int:
    """A favour: one more row that says queued, the counts of the day put right."""
    columns = "ended_at, queue, wait_seconds, talk_seconds, direction, answered, decided_at, draw_day, share, policy_id"
    cursor = db.execute(
        f"""INSERT INTO contacts (source, source_call_id, reason, draw_sequence, draw_digest, {columns})
            SELECT 'test', 'favour', 'queued', (SELECT decisions + 1 FROM draw_days WHERE day = draw_day),
              randomblob(32), {columns} FROM contacts WHERE reason = 'queued' LIMIT 1"""
    )
    db.execute("UPDATE draw_days SET decisions = decisions + 1, queued = queued + 1 WHERE day = ?", (str(TODAY),))
    return int(cursor.lastrowid or 0)


REVISED = "SELECT contact_id FROM revisions"
TAMPERINGS: dict[str, Tamper] = {
    "a changed share": put("share", "share + 0.01", "share IS NOT NULL"),
    "a share for one who was not asked": put("share", "0.25", "share IS NULL"),
    "not drawn becomes queued": put("reason", "'queued'", "reason = 'not_drawn'"),
    "queued becomes not drawn": put("reason", "'not_drawn'", "reason = 'queued'"),
    "queued becomes quota full": put("reason", "'quota_full'", "reason = 'queued'"),
    "queued becomes too late": put("reason", "'too_late'", "reason = 'queued'"),
    "queued becomes opted out": put("reason", "'opted_out'", "reason = 'queued'"),
    "too short becomes not answered": put("reason", "'not_answered'", "reason = 'too_short'"),
    "denied becomes queued": put("reason", "'queued'", "reason = 'denied_queue'"),
    "a changed call id": put("source_call_id", "source_call_id || 'x'"),
    "a changed source": put("source", "'other'"),
    "a changed queue": put("queue", "queue || 'x'"),
    "a changed policy version": put("policy_id", "3 - policy_id"),
    "a changed digest": put("draw_digest", "randomblob(32)"),
    "a deleted row": delete,
    "an added row": add,
    "a swapped order": swap,
    "a policy with another share": run("UPDATE policies SET content = replace(content, '0.4', '0.5')"),
    "a policy by another person": run("UPDATE policies SET changed_by = 'kalle' WHERE id = 2"),
    "a policy with another time": run("UPDATE policies SET since = '2026-11-24T14:00:00.000Z' WHERE id = 1"),
    "a policy that is no policy": run("UPDATE policies SET content = '{}' WHERE id = 1"),
    "another seed": run("UPDATE draw_days SET seed = randomblob(32)"),
    "another digest of the day": run("UPDATE draw_days SET digest = randomblob(32)"),
    "another number of decisions": run("UPDATE draw_days SET decisions = decisions + 1"),
    "fewer decisions": run("UPDATE draw_days SET decisions = decisions - 1"),
    "another number of queued": run("UPDATE draw_days SET queued = queued - 1"),
    "a withdrawal undone": run(
        "UPDATE contacts SET reason = 'queued' WHERE id = (SELECT contact_id FROM revisions)", REVISED
    ),
    "a withdrawal deleted": run("DELETE FROM revisions", REVISED),
    "a withdrawal with another reason": run("UPDATE revisions SET reason = 'opted_out'", REVISED),
    "a withdrawal of what was not queued": run("UPDATE revisions SET was_reason = 'not_drawn'", REVISED),
}


def test_an_untouched_day_is_right(day: MadeUp) -> None:
    audit = made(day)
    assert audit.findings == ()
    assert audit.reasons.total() + audit.revisions == DECISIONS
    assert audit.revisions == 1
    assert set(audit.reasons) >= {"not_drawn", "queued", "quota_full", "too_short", "anonymous", "denied_queue"}


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_one_change_is_found_and_the_contact_named(day: MadeUp, kind: str) -> None:
    _is_found(day, kind, random.Random(1))


@pytest.mark.slow
@pytest.mark.parametrize("kind", TAMPERINGS)
def test_whichever_decision_it_is(day: MadeUp, kind: str) -> None:
    for seed in range(20):
        _is_found(day, kind, random.Random(seed))


def _is_found(day: MadeUp, kind: str, luck: random.Random) -> None:
    with trying(day.db):
        who = TAMPERINGS[kind](day.db, luck)
        findings = made(day).findings
    assert findings, kind
    named = {finding.contact_id for finding in findings} - {None}
    if who is not None:
        assert who in named, kind
        assert len(named) <= 3, "nobody but neighbours are suspected"


def test_a_deleted_row_leaves_a_gap_that_has_its_number(day: MadeUp) -> None:
    with trying(day.db):
        contact_id = one(day.db, random.Random(1), "reason = 'too_short'")
        at = day.db.execute("SELECT draw_sequence FROM contacts WHERE id = ?", (contact_id,)).fetchone()[0]
        day.db.execute("DELETE FROM contacts WHERE id = ?", (contact_id,))
        found = {(finding.fault, finding.sequence) for finding in made(day).findings}
    assert found == {(Fault.MISSING, at), (Fault.DIGEST, None), (Fault.COUNT, None)}


def test_a_seed_that_is_not_the_day_s_is_told(day: MadeUp) -> None:
    faults = {finding.fault for finding in audit_day(day.db, TODAY, bytes(32))[1].findings}
    assert faults == {Fault.SEED, Fault.DRAW}


def test_one_who_was_favoured_by_policy_is_seen_from_the_rules_alone(tmp_path: Path) -> None:
    """A forger who writes the whole chain anew still cannot draw other than the seed, nor by another share."""
    assert _forged(MadeUp(tmp_path / "share"), "share", 0.251) == {Fault.SHARE}
    assert _forged(MadeUp(tmp_path / "reason"), "reason", "quota_full") == {Fault.DRAW}
    assert _forged(MadeUp(tmp_path / "queue"), "queue", "Socialtjänst") == {Fault.DENIED}


def _forged(box: MadeUp, column: str, value: object) -> set[Fault]:
    """What an audit says of a day whose chain was written anew over one changed decision."""
    register_of(box.db, box.directory, SETTINGS).admit_all(
        [contact(str(n), NUMBERS[n], queue="Växel") for n in range(40)], NOW
    )
    box.db.execute(
        f"UPDATE contacts SET {column} = ? WHERE id = (SELECT min(id) FROM contacts WHERE reason = 'not_drawn')",
        (value,),
    )
    today = draws.day_of(box.db, TODAY)
    assert today
    digest = today.begin
    for recorded in list(draws.entries_of(box.db, TODAY)):
        digest = recorded.entry.link(digest)
        box.db.execute("UPDATE contacts SET draw_digest = ? WHERE id = ?", (digest, recorded.contact_id))
    box.db.execute("UPDATE draw_days SET digest = ?", (digest,))
    found = {finding.fault for finding in audit_day(box.db, TODAY)[1].findings}
    box.db.close()
    return found

from datetime import timedelta
from pathlib import Path

from made_up import MadeUp

from appliance.store import contacts, interviews
from appliance.store.rehearsal import Records, rehearsal
from appliance.types import Direction, DrawReason, EndedContact, Outcome

HOUR = timedelta(hours=1)


def records(box: MadeUp) -> Records:
    return Records("pbx", box.now - 2 * HOUR, box.now)


def test_it_knows_what_has_ended_since_and_holds_no_number(box: MadeUp, tmp_path: Path) -> None:
    box.ended(Outcome.COMPLETED, box.now - timedelta(days=40))
    waiting = box.queued(box.now)
    with rehearsal(box.db, box.now - timedelta(days=30), records(box), tmp_path) as copy:
        assert interviews.all_ids(copy) == [waiting]
        assert copy.execute("SELECT number_sealed FROM interviews").fetchall() == [(None,)]
        assert copy.execute("SELECT count(*) FROM contacts").fetchone() == (1,)
    assert box.db.execute("SELECT count(number_sealed) FROM interviews").fetchone() == (1,)


def test_what_is_changed_in_it_stays_in_it_and_nothing_of_it_is_left(box: MadeUp, tmp_path: Path) -> None:
    box.contact()
    before = set(tmp_path.iterdir())
    with rehearsal(box.db, box.now - timedelta(days=30), records(box), tmp_path) as copy:
        copy.execute("UPDATE contacts SET reason = ?", (DrawReason.QUEUED,))
        copy.conn.commit()
    assert contacts.reason_of(box.db, "test", "call-0") is DrawReason.NOT_DRAWN
    assert set(tmp_path.iterdir()) == before


def test_the_box_is_written_to_while_it_lasts(box: MadeUp, tmp_path: Path) -> None:
    box.db.execute("PRAGMA busy_timeout = 0")
    with rehearsal(box.db, box.now, records(box), tmp_path) as copy:
        copy.execute("BEGIN IMMEDIATE")
        box.contact()
        copy.conn.rollback()


def test_of_those_who_were_not_surveyed_it_knows_only_what_may_be_another_part_of_a_call(
    box: MadeUp, tmp_path: Path
) -> None:
    def told(call_id: str, hours: int, linked: str, reason: DrawReason, source: str = "pbx") -> None:
        at = box.now + hours * HOUR
        ended = EndedContact(source, call_id, at, None, "", 0, 60, Direction.INBOUND, answered=True, linked_id=linked)
        assert contacts.add(box.db, ended, None, reason, at)

    told("a part", -26, "1", DrawReason.NOT_DRAWN)
    told("a later part", 24, "2", DrawReason.TOO_SHORT)
    told("a part of nothing", 0, "", DrawReason.NOT_DRAWN)
    told("too long before", -27, "1", DrawReason.NOT_DRAWN)
    told("too long after", 25, "1", DrawReason.NOT_DRAWN)
    told("another PBX's", 0, "1", DrawReason.NOT_DRAWN, "other")
    told("surveyed", 0, "1", DrawReason.QUEUED)
    told("put through", -24 * 29, "", DrawReason.TRANSFERRED, "other")
    told("long ago", -24 * 31, "", DrawReason.QUEUED)
    with rehearsal(box.db, box.now - timedelta(days=30), records(box), tmp_path) as copy:
        kept = {row[0] for row in copy.execute("SELECT source_call_id FROM contacts")}
    assert kept == {"a part", "a later part", "surveyed", "put through"}

from datetime import timedelta
from pathlib import Path

from made_up import MadeUp

from appliance.store import contacts, interviews
from appliance.store.rehearsal import rehearsal
from appliance.types import DrawReason, Outcome


def test_it_knows_what_has_ended_since_and_holds_no_number(box: MadeUp, tmp_path: Path) -> None:
    box.ended(Outcome.COMPLETED, box.now - timedelta(days=40))
    waiting = box.queued(box.now)
    with rehearsal(box.db, box.now - timedelta(days=30), tmp_path) as copy:
        assert interviews.all_ids(copy) == [waiting]
        assert copy.execute("SELECT number_sealed FROM interviews").fetchall() == [(None,)]
        assert copy.execute("SELECT count(*) FROM contacts").fetchone() == (1,)
    assert box.db.execute("SELECT count(number_sealed) FROM interviews").fetchone() == (1,)


def test_what_is_changed_in_it_stays_in_it_and_nothing_of_it_is_left(box: MadeUp, tmp_path: Path) -> None:
    box.contact()
    before = set(tmp_path.iterdir())
    with rehearsal(box.db, box.now - timedelta(days=30), tmp_path) as copy:
        copy.execute("UPDATE contacts SET reason = ?", (DrawReason.QUEUED,))
        copy.conn.commit()
    assert contacts.reason_of(box.db, "test", "call-0") is DrawReason.NOT_DRAWN
    assert set(tmp_path.iterdir()) == before


def test_the_box_is_written_to_while_it_lasts(box: MadeUp, tmp_path: Path) -> None:
    box.db.execute("PRAGMA busy_timeout = 0")
    with rehearsal(box.db, box.now, tmp_path) as copy:
        copy.execute("BEGIN IMMEDIATE")
        box.contact()
        copy.conn.rollback()

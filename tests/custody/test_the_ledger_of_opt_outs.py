import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from full_disk import fill, small_disk
from hypothesis import given
from hypothesis import strategies as st
from made_up import NOW, MadeUp

from appliance.custody import opt_outs
from appliance.custody.ledger import ledger_path, open_ledger
from appliance.errors import CustodyError
from appliance.store import space
from appliance.store.opt_outs import Change, contains, every, last
from appliance.types import NumberHash

ONE, TWO = (NumberHash(bytes([each]) * 32) for each in (1, 2))
LATER = NOW + timedelta(hours=1)

changes = st.lists(
    st.builds(
        Change,
        st.sampled_from([ONE, TWO]),
        st.integers(0, 5).map(lambda minutes: NOW + timedelta(minutes=minutes)),
        st.booleans(),
        st.just("staff"),
    ),
    max_size=12,
)


def block(box: MadeUp, number: NumberHash = ONE) -> bool:
    return opt_outs.add(box.db, box.keys, number, "staff", LATER, "anna")


def known(box: MadeUp) -> dict[NumberHash, tuple[object, bool]]:
    return {change.number_hash: change.rank for change in every(box.db)}


def test_what_is_blocked_already_is_not_written_twice(box: MadeUp) -> None:
    assert block(box)
    size = ledger_path(box.directory).stat().st_size
    assert not block(box)
    assert opt_outs.add_all(box.db, box.keys, [ONE, TWO, TWO], "list", LATER) == 1
    assert ledger_path(box.directory).read_bytes().count(b"\n") == 3
    assert ledger_path(box.directory).stat().st_size > size


def test_what_is_not_blocked_cannot_be_lifted(box: MadeUp) -> None:
    assert not opt_outs.lift(box.db, box.keys, ONE, "staff", LATER, "anna")
    assert block(box)
    assert opt_outs.lift(box.db, box.keys, ONE, "staff", LATER, "anna")
    assert not contains(box.db, ONE)


@given(
    moves=st.lists(
        st.tuples(st.sampled_from([ONE, TWO]), st.booleans(), st.integers(-90_000, 90_000)), min_size=1, max_size=10
    )
)
def test_the_last_move_stands_whatever_the_clock_does_and_an_empty_database_learns_it(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[NumberHash, bool, int]]
) -> None:
    box = MadeUp(tmp_path_factory.mktemp("box"))
    meant = {ONE: False, TWO: False}
    for number, is_blocked, seconds in moves:
        now = NOW + timedelta(seconds=seconds)
        if is_blocked:
            opt_outs.add(box.db, box.keys, number, "staff", now, "anna")
        else:
            opt_outs.lift(box.db, box.keys, number, "staff", now, "anna")
        meant[number] = is_blocked
    assert {number: contains(box.db, number) for number in meant} == meant
    box.db.execute("DELETE FROM opt_outs")
    box.db.execute("DELETE FROM opt_outs_ledger")
    opt_outs.catch_up(box.db, box.keys, NOW)
    assert {number: contains(box.db, number) for number in meant} == meant
    box.db.close()


@given(mine=changes, theirs=changes, ours=changes)
def test_ledgers_come_to_the_same_in_any_order_and_however_often(
    tmp_path_factory: pytest.TempPathFactory, mine: list[Change], theirs: list[Change], ours: list[Change]
) -> None:
    folder = tmp_path_factory.mktemp("boxes")
    first = MadeUp(folder / "first")
    shutil.copytree(folder / "first" / "keys", folder / "second" / "keys")
    second = MadeUp(folder / "second")
    for box, changes_of_it in ((first, [*mine, *ours]), (second, [*ours, *theirs])):
        open_ledger(ledger_path(box.directory), box.keys).append(changes_of_it)
        opt_outs.catch_up(box.db, box.keys, NOW)
    opt_outs.merge(first.db, first.keys, ledger_path(second.directory), NOW)
    opt_outs.merge(second.db, second.keys, ledger_path(first.directory), NOW)
    assert known(first) == known(second)
    assert opt_outs.merge(first.db, first.keys, ledger_path(second.directory), NOW) == 0
    for number, rank in known(first).items():
        assert rank == max(change.rank for change in [*mine, *theirs, *ours] if change.number_hash == number)
    first.db.close()
    second.db.close()


@pytest.mark.parametrize("kept", [1, 20, 60, -2, -1])
def test_a_line_that_a_power_cut_has_torn_is_passed_over(box: MadeUp, kept: int) -> None:
    block(box, ONE)
    path = ledger_path(box.directory)
    whole = path.read_bytes()
    block(box, TWO)
    torn = path.read_bytes()[len(whole) :][:kept]
    path.write_bytes(whole + torn)
    box.db.execute("DELETE FROM opt_outs")
    box.db.execute("DELETE FROM opt_outs_ledger")
    opt_outs.catch_up(box.db, box.keys, LATER)
    assert contains(box.db, ONE)
    assert block(box, NumberHash(bytes(32)))
    box.db.execute("DELETE FROM opt_outs")
    opt_outs.catch_up(box.db, box.keys, LATER)
    box.db.execute("DELETE FROM opt_outs_ledger")
    opt_outs.catch_up(box.db, box.keys, LATER)
    assert contains(box.db, ONE)
    assert contains(box.db, NumberHash(bytes(32)))


@pytest.mark.parametrize(
    "line",
    [
        *('{"at": "0001-01-01T00:00:00+23:59"}', '{"at": "9999-12-31T23:59:59.999-23:59"}'),
        *('{"at": "9999-12-31T23:59:59.999Z"}', '{"at": "2026-11-21T14:32:00"}', '{"at": 5}'),
        *('{"by": "\\ud800"}', '{"number": "å"}', '{"is": []}', "[" * 100_000, "\0" * 3000, "9" * 5000),
    ],
)
def test_a_damaged_line_stops_nothing(box: MadeUp, line: str) -> None:
    block(box, ONE)
    path = ledger_path(box.directory)
    sound = json.loads(path.read_text().splitlines()[-1])
    damaged = json.dumps({**sound, "number": TWO.hex(), **json.loads(line)}) if line.startswith("{") else line
    path.write_text(f"{path.read_text()}{damaged}\n", encoding="utf-8")
    box.db.execute("DELETE FROM opt_outs")
    box.db.execute("DELETE FROM opt_outs_ledger")
    opt_outs.open_box(box.directory, LATER)[0].close()
    assert (contains(box.db, ONE), contains(box.db, TWO)) == (True, False)
    assert block(box, TWO)
    assert opt_outs.lift(box.db, box.keys, TWO, "staff", LATER, "anna")


def test_a_ledger_of_another_master_key_is_refused(box: MadeUp, tmp_path: Path) -> None:
    other = MadeUp(tmp_path / "other")
    block(other)
    with pytest.raises(CustodyError, match="belongs to another master key"):
        opt_outs.merge(box.db, box.keys, ledger_path(other.directory), LATER)
    ledger_path(box.directory).write_bytes(ledger_path(other.directory).read_bytes())
    with pytest.raises(CustodyError, match="belongs to another master key"):
        opt_outs.open_box(box.directory, LATER)
    other.db.close()


@pytest.mark.parametrize("content", ["", "\n", "no ledger\n", '{"ledger": "another"}\n', "[]\n"])
def test_what_is_no_ledger_stops_the_box_but_loses_nobody(box: MadeUp, content: str) -> None:
    """Nobody knows then whom it knew, so nobody is rung; who opts out in a call that is live is kept all the same."""
    path = ledger_path(box.directory)
    path.write_text(content)
    with pytest.raises(CustodyError, match="no ledger of opted-out numbers"):
        opt_outs.open_box(box.directory, LATER)
    assert block(box)
    assert contains(box.db, ONE)
    assert path.read_text() == content
    path.unlink()
    opt_outs.catch_up(box.db, box.keys, LATER)
    assert ONE.hex() in path.read_text()


def test_a_ledger_that_is_shorter_than_it_was_is_completed(box: MadeUp) -> None:
    block(box, ONE)
    whole = ledger_path(box.directory).read_bytes()
    block(box, TWO)
    ledger_path(box.directory).write_bytes(whole)
    opt_outs.catch_up(box.db, box.keys, LATER)
    assert TWO.hex().encode() in ledger_path(box.directory).read_bytes()


def test_the_newest_ledger_wins_where_the_whole_directory_is_put_back(box: MadeUp, tmp_path: Path) -> None:
    block(box, ONE)
    old = ledger_path(box.directory).read_bytes()
    block(box, TWO)
    opt_outs.lift(box.db, box.keys, ONE, "staff", LATER, "bo")
    aside = tmp_path / "aside.ledger"
    aside.write_bytes(ledger_path(box.directory).read_bytes())
    box.db.execute("DELETE FROM opt_outs")
    box.db.execute("DELETE FROM opt_outs_ledger")
    ledger_path(box.directory).write_bytes(old)
    opt_outs.catch_up(box.db, box.keys, LATER)
    assert (contains(box.db, ONE), contains(box.db, TWO)) == (True, False)
    assert opt_outs.merge(box.db, box.keys, aside, LATER) == 2
    assert (contains(box.db, ONE), contains(box.db, TWO)) == (False, True)
    lifted = last(box.db, ONE)
    assert lifted is not None
    assert lifted.changed_by == "bo"


def test_on_a_full_disk_it_takes_the_reserve(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 96):
        box = MadeUp(tmp_path / "disk" / "box")
        opt_outs.catch_up(box.db, box.keys, NOW)
        assert space.hold_reserve(box.directory)
        fill(tmp_path / "disk")
        assert block(box)
        assert contains(box.db, ONE)
        assert ONE.hex().encode() in ledger_path(box.directory).read_bytes()
        box.db.close()


def test_a_ledger_that_takes_nothing_is_completed_later(box: MadeUp, monkeypatch: pytest.MonkeyPatch) -> None:
    opt_outs.catch_up(box.db, box.keys, NOW)

    def refuse(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr("appliance.custody.ledger._append", refuse)
        assert block(box)
        opt_outs.catch_up(box.db, box.keys, LATER)
        assert block(box, TWO)
    assert contains(box.db, ONE)
    assert contains(box.db, TWO)
    assert ONE.hex().encode() not in ledger_path(box.directory).read_bytes()
    opt_outs.catch_up(box.db, box.keys, LATER)
    assert ONE.hex().encode() in ledger_path(box.directory).read_bytes()

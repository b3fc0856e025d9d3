import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import NOW, MadeUp

from appliance.custody import opt_outs
from appliance.custody.opt_out_list import ListTally, block_all, decode
from appliance.store.opt_outs import contains, count, newest

ONE, TWO, THREE = "+46701740605", "+46313900699", "+4684650042"


def block(box: MadeUp, text: str) -> ListTally:
    return block_all(box.db, box.keys, text, NOW, "anna")


def blocked(box: MadeUp, *numbers: str) -> list[bool]:
    return [contains(box.db, box.hash_of(number)) for number in numbers]


@pytest.mark.parametrize(
    "line",
    [
        "070-174 06 05", "0701740605", "+46 70 174 06 05", "0046701740605", "46701740605", "701740605",
        "  070-174 06 05  ", '"070-174 06 05"', "Anna Ek;070-174 06 05", "17;Anna;0701740605;2026-11-22",
        "Ek, Anna\t070-174 06 05",
    ],
)  # fmt: skip
def test_however_it_is_written(box: MadeUp, line: str) -> None:
    assert block(box, f"{line}\n") == ListTally(new=1, lines=1)
    assert blocked(box, ONE) == [True]


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("Anna;070-174 06 05;031-390 06 99", [ONE, TWO]),
        ("081234567;070-174 06 05", [ONE]),  # a customer's id
        ("040512-1234;070-174 06 05", [ONE]),  # no personal number: its check digit is wrong
        ("070-174 06 05 / 031-390 06 99", [ONE, TWO]),
        ('Anna;"070-174 06 05, 031-390 06 99";084650042', [ONE, TWO, THREE]),
    ],
)
def test_every_number_of_a_line(box: MadeUp, line: str, numbers: list[str]) -> None:
    """Nobody can tell which is the citizen's own."""
    tally = block(box, f"a;b;c\n{line}\n")
    assert tally.lines == 1
    assert tally.new >= len(numbers)
    assert all(blocked(box, *numbers))


@pytest.mark.parametrize("personal", ["040512-1237", "20040512-1237", '"040512–1237"', "040572-1234"])
def test_a_personal_number_is_none_to_ring(box: MadeUp, personal: str) -> None:
    assert block(box, f"personnr;tel\n{personal};070-174 06 05\n") == ListTally(new=1, lines=1)
    assert blocked(box, ONE) == [True]


def test_what_looks_like_a_personal_number_is_blocked_where_it_stands_alone(box: MadeUp) -> None:
    assert block(box, "namn;tel\nAnna;040512-1237\n") == ListTally(new=1, lines=1)


def test_it_is_told_how_many_were_new_known_and_unreadable(box: MadeUp) -> None:
    opt_outs.add(box.db, box.keys, box.hash_of(TWO), "call", NOW)
    known = "031-390 06 99;Bo\n070 174 06 05;Anna\n"
    tally = block(box, f"Nummer;Namn\n070-174 06 05;Anna\n\n{known}+47 22 22 22 22;Kari\n;\nhemligt;Eva\n")
    assert tally == ListTally(new=1, known_before=1, repeated=1, lines=3, unreadable=[6, 8])
    assert {change.changed_by for change in newest(box.db, 9)} == {"", "anna"}
    assert count(box.db) == 2


def test_a_list_longer_than_a_transaction_is_blocked_whole(box: MadeUp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.custody.opt_out_list._AT_A_TIME", 50)
    lines = [f"0980-319 {number:03}" for number in range(200, 300)] + [f"0701740{number}" for number in range(605, 700)]
    assert block(box, "\n".join(lines * 6)) == ListTally(new=195, repeated=195 * 5, lines=195 * 6)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_as_any_spreadsheet_writes_it(box: MadeUp, encoding: str, end: str) -> None:
    text = end.join(["Namn;Telefon", "Åsa Öst;070-174 06 05", ""])
    assert block(box, decode(text.encode(encoding))) == ListTally(new=1, lines=1)


@given(content=st.binary(max_size=400) | st.text('0123456789;,\t\n"+- å', max_size=200).map(str.encode))
def test_no_bytes_break_it(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    box = MadeUp(tmp_path_factory.mktemp("box"))
    tally = block(box, decode(content))
    assert count(box.db) == tally.new
    lines = len(decode(content).splitlines())
    assert tally.lines + len(tally.unreadable) <= lines
    assert tally.new + tally.repeated >= tally.lines
    box.db.close()

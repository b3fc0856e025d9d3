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
        "81234567,070-174 06 05", "Ek, Anna\t070-174 06 05",
    ],
)  # fmt: skip
def test_however_it_is_written(box: MadeUp, line: str) -> None:
    assert block(box, f"{line}\n") == ListTally(new=1)
    assert blocked(box, ONE) == [True]


def test_it_is_told_how_many_were_new_known_and_unreadable(box: MadeUp) -> None:
    opt_outs.add(box.db, box.keys, box.hash_of(TWO), "call", NOW)
    known = "031-390 06 99;Bo\n070 174 06 05;Anna\n"
    tally = block(box, f"Nummer;Namn\n070-174 06 05;Anna\n\n{known}+47 22 22 22 22;Kari\n;\nhemligt;Eva\n")
    assert tally == ListTally(new=1, known_before=2, unreadable=[6, 8])
    assert {change.changed_by for change in newest(box.db, 9)} == {"", "anna"}
    assert count(box.db) == 2


def test_a_list_longer_than_a_transaction_is_blocked_whole(box: MadeUp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.custody.opt_out_list._AT_A_TIME", 50)
    lines = [f"0980-319 {number:03}" for number in range(200, 300)] + [f"0701740{number}" for number in range(605, 700)]
    assert block(box, "\n".join(lines * 6)) == ListTally(new=195, known_before=195 * 5)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_as_any_spreadsheet_writes_it(box: MadeUp, encoding: str, end: str) -> None:
    text = end.join(["Namn;Telefon", "Åsa Öst;070-174 06 05", ""])
    assert block(box, decode(text.encode(encoding))) == ListTally(new=1)


@given(content=st.binary(max_size=400) | st.text('0123456789;,\t\n"+- å', max_size=200).map(str.encode))
def test_no_bytes_break_it(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    box = MadeUp(tmp_path_factory.mktemp("box"))
    tally = block(box, decode(content))
    assert count(box.db) == tally.new
    lines = len(decode(content).splitlines())
    assert tally.new + tally.known_before + len(tally.unreadable) <= lines
    box.db.close()

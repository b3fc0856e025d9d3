from datetime import UTC, datetime
from pathlib import Path

import pytest
from profiles import read
from records import HEADER, NUMBERS, row, write

from appliance.errors import IntakeError
from appliance.intake.record import Rejected
from appliance.types import Direction, EndedContact


def test_each_line_is_one_contact(tmp_path: Path) -> None:
    path = write(tmp_path / "calls.csv", "7,2026-11-24T15:05:00,070-174 06 05,Bygg och bo,41,180,outbound,0")
    assert read(path) == [
        EndedContact(
            source="csv",
            source_call_id="7",
            ended_at=datetime(2026, 11, 24, 14, 5, tzinfo=UTC),
            number="070-174 06 05",
            queue="Bygg och bo",
            wait_seconds=41,
            talk_seconds=0,
            direction=Direction.OUTBOUND,
            answered=False,
        )
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_commas_semicolons_marks_and_line_ends_are_all_one(
    tmp_path: Path, encoding: str, separator: str, line_end: str
) -> None:
    path = tmp_path / "calls.csv"
    text = f"{HEADER}\n{row('1')}\n{row('2')}\n".replace(",", separator).replace("\n", line_end)
    path.write_bytes(text.encode(encoding))
    found = read(path)
    assert [contact.source_call_id for contact in found if isinstance(contact, EndedContact)] == ["1", "2"]
    assert {contact.queue for contact in found if isinstance(contact, EndedContact)} == {"Växel"}


def test_three_columns_are_enough_in_any_order_among_others(tmp_path: Path) -> None:
    path = write(
        tmp_path / "calls.csv", f"kalle,{NUMBERS[0]},2026-11-24T15:05,9", header="agent,number,ended_at,call_id"
    )
    (contact,) = read(path)
    assert isinstance(contact, EndedContact)
    assert (contact.queue, contact.wait_seconds, contact.talk_seconds) == ("", 0, 0)
    assert (contact.direction, contact.answered) == (Direction.INBOUND, True)
    assert "kalle" not in repr(contact), "the agent is dropped at the door"


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-11-24T15:05:00", "14:05"),  # the municipality's own time
        ("2026-07-01 15:05", "13:05"),  # in summer
        ("2026-11-24T15:05:00+00:00", "15:05"),
        ("2026-11-24T15:05:00Z", "15:05"),
        ("20261124T150500", "14:05"),
    ],
)
def test_a_time_without_an_offset_is_local(tmp_path: Path, written: str, utc: str) -> None:
    (contact,) = read(write(tmp_path / "calls.csv", row("1", ended_at=written)))
    assert isinstance(contact, EndedContact)
    assert f"{contact.ended_at.astimezone(UTC):%H:%M}" == utc


@pytest.mark.parametrize(
    "header",
    ["samtal,slut,nummer", "call_id,ended_at", "call_id\tended_at\tnumber", "CALL_ID,ENDED_AT,NUMBER"],
)
def test_a_header_that_lacks_a_column_is_one_clear_line(tmp_path: Path, header: str) -> None:
    path = write(tmp_path / "calls.csv", "1,2026-11-24T15:05,0701740605", header=header)
    with pytest.raises(IntakeError) as caught:
        read(path)
    message = str(caught.value)
    assert message.startswith("the heading lacks the column ")
    assert message.endswith("columns are " + ", ".join(sorted([*HEADER.split(","), "linked_id"])))
    assert "\n" not in message
    assert "0701740605" not in message


def test_an_empty_file_holds_no_contacts(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.touch()
    assert read(path) == []


def test_a_line_in_another_encoding_is_rejected_and_the_others_are_read(tmp_path: Path) -> None:
    path = write(tmp_path / "calls.csv", row("1", queue="Vaxel"), row("2"), row("3", queue="Vaxel"), encoding="latin-1")
    assert [type(item) for item in read(path)] == [EndedContact, Rejected, EndedContact]
    assert read(path)[1] == Rejected(3, "is not written in utf-8")


def test_a_line_without_end_is_one_rejected_line(tmp_path: Path) -> None:
    path = write(tmp_path / "calls.csv", row("1"), '"' + "x" * 200_000, row("3"))
    assert read(path)[1] == Rejected(3, "is longer than 16384 characters")
    assert [type(item) for item in read(path)] == [EndedContact, Rejected, EndedContact]


def test_a_quote_without_end_is_one_rejected_line(tmp_path: Path) -> None:
    path = write(tmp_path / "calls.csv", row("1"), row("2", queue='"Växel'), row("3"))
    assert [type(item) for item in read(path)] == [EndedContact, Rejected, EndedContact]
    assert read(path)[1] == Rejected(3, "has a quote that does not end, or something behind one")


def test_a_heading_comes_again_where_files_were_put_together(tmp_path: Path) -> None:
    assert len(read(write(tmp_path / "calls.csv", row("1"), HEADER, row("2")))) == 2


def test_empty_lines_are_no_contacts(tmp_path: Path) -> None:
    assert len(read(write(tmp_path / "calls.csv", "", row("1"), "", ""))) == 1


def test_a_heading_that_has_a_column_twice_is_one_clear_line(tmp_path: Path) -> None:
    path = write(tmp_path / "calls.csv", header=f"{HEADER},number")
    with pytest.raises(IntakeError, match=r"the heading has the column number twice$"):
        read(path)
    assert read(write(tmp_path / "calls.csv", f"{row('1')},a,b", header=f"{HEADER},other,other")) != []

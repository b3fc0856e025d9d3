"""What a vendor's document says of single records, beside what every day has."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from days import profile_for
from profiles import read as read_file
from profiles import reader_of
from records import HEADER, NOW, row, write
from vendors import VENDORS, Part

from appliance.errors import IntakeError
from appliance.intake.record import Rejected
from appliance.types import Direction, EndedContact

PART = Part(
    call=4711,
    part=0,
    begin=datetime(2026, 11, 24, 12, tzinfo=UTC),
    before_seconds=0,
    wait_seconds=20,
    talk_seconds=95,
    hold_seconds=0,
    direction=Direction.INBOUND,
    number="0701740605",
    queue="5100",
    agent="4712",
    answered=True,
)


def read(name: str, part: Part = PART, **columns: str) -> EndedContact | Rejected | None:
    """The record with other values in some columns."""
    vendor = VENDORS[name]
    reader = reader_of(profile_for(name))
    for number, heading in enumerate(vendor.headings, 1):
        assert reader.read(number, heading, NOW) is None
    return reader.read(3, vendor.join({**vendor.columns(part), **columns}), NOW)


def contact(name: str, part: Part = PART, **columns: str) -> EndedContact:
    item = read(name, part, **columns)
    assert isinstance(item, EndedContact), item
    return item


def test_mx_one_writes_an_operator_s_queue_time_behind_the_dialled_number() -> None:
    assert contact("mx-one", dialled=f"{'5100 012':20} ").queue == "Växel"


def test_mx_one_may_leave_out_the_blanks_at_the_end_of_a_line() -> None:
    reader, vendor = reader_of(profile_for("mx-one")), VENDORS["mx-one"]
    line = vendor.join({**vendor.columns(PART), "line": " " * 9})
    item = reader.read(1, line.rstrip(), NOW)
    assert isinstance(item, EndedContact)
    assert item.number == PART.number


@pytest.mark.parametrize("code", ["G", "4"])
def test_avaya_s_records_of_ringing_and_of_ten_hours_are_followed_by_the_call_s_own(code: str) -> None:
    assert read("avaya-cm", **{"cond-code": code}) is None


@pytest.mark.parametrize("code", ["H", "I", "E", "6"])
def test_avaya_s_seconds_are_no_talk_where_nobody_answered(code: str) -> None:
    unanswered = contact("avaya-cm", **{"cond-code": code})
    assert (unanswered.answered, unanswered.talk_seconds) == (False, 0)


def test_avaya_without_universal_ids_joins_no_strangers() -> None:
    assert contact("avaya-cm", ucid="0" * 20).linked_id == contact("avaya-cm", ucid=" " * 20).linked_id == ""


def test_ip_office_s_voicemail_is_nobody() -> None:
    assert not contact("ip-office", **{"11": "V9501"}).answered


def test_ip_office_s_later_releases_write_more_columns() -> None:
    more = VENDORS["ip-office"].columns(PART)
    assert contact("ip-office", **{str(place): "x" for place in range(len(more), len(more) + 7)}).answered


def test_ip_office_s_names_with_a_comma_are_rejected_and_not_misread() -> None:
    assert read("ip-office", **{"14": "Bygg, och bo"}) == Rejected(3, "Hold Time is no whole number")


def test_cucm_s_records_of_quality_are_none_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "cmr_StandAloneCluster_01"
    path.write_text(
        '"cdrRecordType","globalCallID_callManagerId","globalCallID_callId"\nINTEGER,INTEGER,INTEGER\n2,1,7\n'
    )
    with pytest.raises(IntakeError, match="the heading lacks the column callingPartyNumber"):
        read_file(path, "cucm")


def test_excel_s_own_first_line_is_none_of_ours(tmp_path: Path) -> None:
    path = write(tmp_path / "calls.csv", HEADER.replace(",", ";"), row("1").replace(",", ";"), header="sep=;")
    assert len(read_file(path)) == 1

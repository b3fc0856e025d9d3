from datetime import UTC, datetime
from typing import Any

import pytest
from profiles import fingerprint, reader_of
from pydantic import ValidationError
from records import NOW

from appliance.intake.profile import Profile
from appliance.intake.record import Rejected
from appliance.types import Direction, EndedContact

BASE: dict[str, Any] = {
    "name": "ours",
    "layout": {"kind": "delimited", "delimiter": "|", "columns": ["id", "at", "from", "to", "talk", "more"]},
    "call_id": ["id"],
    "ended": {"columns": ["at"]},
    "number": {"inbound": "from", "outbound": "to"},
    "talk": {"columns": ["talk"]},
}


def profile(**changes: Any) -> Profile:
    return Profile.model_validate({**BASE, **changes})


def read(line: str, **changes: Any) -> EndedContact:
    item = reader_of(profile(**changes)).read(1, line, NOW)
    assert isinstance(item, EndedContact), item
    return item


def reason(line: str, **changes: Any) -> str:
    item = reader_of(profile(**changes)).read(7, line, NOW)
    assert isinstance(item, Rejected), item
    assert item.line == 7
    return item.reason


LINE = "1|2026-11-24T12:00|0701740605|5100|60|x"


@pytest.mark.parametrize(
    ("written", "seconds", "how"),
    [
        ("60", 60, "seconds"),
        ("", 0, "seconds"),
        ("61999", 61, "milliseconds"),
        ("1:02:03", 3723, "h:mm:ss"),
        ("00:00:07.250", 7, "h:mm:ss"),
        ("62:03", 3723, "m:ss"),
        ("010203", 3723, "hhmmss"),
        ("10203", 3723, "hmmss"),
        ("0203", 123, "hmmss"),  # a blank in the hours' place
        ("1025", 3750, "hmmt"),
    ],
)
def test_durations_are_whole_seconds_however_they_are_written(written: str, seconds: int, how: str) -> None:
    contact = read(f"1|2026-11-24T12:00|0701740605|5100|{written}|", talk={"columns": ["talk"], "format": how})
    assert contact.talk_seconds == seconds
    assert contact.answered is (seconds > 0)


@pytest.mark.parametrize(
    ("written", "how"),
    [
        *(("1e3", "seconds"), ("١٢", "seconds"), ("1_0", "seconds"), ("9" * 16, "seconds"), ("1:60:00", "h:mm:ss")),
        *(("1:00", "h:mm:ss"), ("1:00:00", "m:ss"), ("1275", "hhmmss"), ("1670", "hmmt"), ("25:00:00", "h:mm:ss")),
    ],
)
def test_what_is_no_duration_is_told_without_its_content(written: str, how: str) -> None:
    told = reason(f"1|2026-11-24T12:00|0701740605|5100|{written}|", talk={"columns": ["talk"], "format": how})
    assert told in {"talk is no whole number", f"talk is no duration; expected {how}", "talk is not within a day"}


def test_a_duration_is_what_passes_between_two_moments_or_the_sum_of_columns() -> None:
    moments = {"begin": "at", "end": ["to", "more"]}
    line = "1|2026-11-24T12:00|0701740605|{}|60|2026-11-24T12:03"
    assert read(line.format(""), wait=moments).wait_seconds == 180
    assert read(line.format("2026-11-24T12:01"), wait=moments).wait_seconds == 60
    assert reason(line.format("2026-11-24T11:59"), wait=moments) == "the time from at is not within a day"
    assert read("1|2026-11-24T12:00|0|5|60|3", wait={"columns": ["to", "talk", "more"]}).wait_seconds == 68


def test_a_begin_and_what_passed_since_give_the_end() -> None:
    ended = {"columns": ["at"], "after": [{"columns": ["talk"]}, {"columns": ["more"], "format": "h:mm:ss"}]}
    contact = read("1|2026-11-24T12:00|0701740605|5100|60|0:02:00", ended=ended)
    assert contact.ended_at == datetime(2026, 11, 24, 11, 3, tzinfo=UTC)
    assert "lies in the future" in reason("1|2026-11-24T16:20|0701740605|5100|3600|0:02:00", ended=ended)


def test_date_and_time_may_stand_apart_and_be_of_another_zone() -> None:
    ended = {"columns": ["at", "more"], "format": "%d.%m.%y %H:%M", "zone": "UTC"}
    assert read("1|24.11.26|0|5|60|12:00", ended=ended).ended_at == datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    assert reason("1|24.11.26|0|5|60|", ended=ended) == "at and more is no time; expected %d.%m.%y %H:%M"


@pytest.mark.parametrize(
    ("caller", "called", "direction", "number"),
    [
        ("0701740605", "5100", Direction.INBOUND, "0701740605"),
        ("", "5100", Direction.INBOUND, None),
        ("4711", "0701740605", Direction.OUTBOUND, "0701740605"),
        ("4711", "4712", Direction.INTERNAL, "4711"),
        ("0701740605", "0701740606", Direction.INBOUND, "0701740605"),
    ],
)
def test_the_internal_number_tells_the_direction_and_whose_number_is_the_citizen_s(
    caller: str, called: str, direction: Direction, number: str | None
) -> None:
    rule = {"caller": "from", "called": "to", "internal": "[1-9][0-9]{1,6}"}
    contact = read(f"1|2026-11-24T12:00|{caller}|{called}|60|", direction=rule)
    assert (contact.direction, contact.number) == (direction, number)


def test_a_written_direction_is_looked_up_whatever_its_case() -> None:
    rule = {"columns": ["to", "more"], "values": {"I 0": "inbound", "O 1": "internal"}}
    assert read("1|2026-11-24T12:00|0|o|60|1", direction=rule).direction is Direction.INTERNAL
    assert read("1|2026-11-24T12:00|0||60|", direction=rule).direction is Direction.INBOUND
    assert reason("1|2026-11-24T12:00|0|O|60|0", direction=rule) == "to and more is none of I 0, O 1"
    strict = {**rule, "default": None}
    assert read("1|2026-11-24T12:00|0|i|60|0", direction=strict).direction is Direction.INBOUND


def test_access_digits_are_taken_away_from_outside_numbers_only() -> None:
    number = {"inbound": "from", "access_digits": "0"}
    assert read("1|2026-11-24T12:00|00701740605|5|60|", number=number).number == "0701740605"
    internal = {"caller": "from", "called": "to", "internal": "0?[0-9]{4}"}
    assert read("1|2026-11-24T12:00|04711|4712|60|", number=number, direction=internal).number == "04711"


def test_a_queue_has_the_name_that_staff_use() -> None:
    names = {"5100": "Växel"}
    assert read(LINE, queue={"columns": ["to"], "names": names}).queue == "Växel"
    assert read(LINE, queue={"columns": ["to"]}).queue == "5100"
    assert read(LINE, queue={"columns": ["more", "to"], "names": names, "only_named": True}).queue == "Växel"
    assert read(LINE, queue={"columns": ["to"], "names": {"5": "Skola"}, "only_named": True}).queue == ""
    assert read(LINE, queue={"columns": ["to"], "match": "5(.*)"}).queue == "100"
    assert read(LINE, queue={"columns": ["more"], "match": "[0-9]+"}).queue == ""


@pytest.mark.parametrize(
    ("rule", "written", "answered"),
    [
        ({}, "", False),
        ({}, "2026-11-24T12:00", True),
        ({}, "0", False),
        ({"yes": ["answered"]}, "ANSWERED", True),
        ({"yes": ["answered"]}, "busy", False),
        ({"no": ["V.*"]}, "v9501", False),
        ({"no": ["V.*"]}, "E4711", True),
        ({"no": ["V.*"], "default": True}, "", True),
    ],
)
def test_whether_somebody_answered_is_read_from_columns(rule: dict[str, Any], written: str, answered: bool) -> None:
    contact = read(f"1|2026-11-24T12:00|0701740605|5100|60|{written}", answered={"columns": ["more"], **rule})
    assert contact.answered is answered
    assert contact.talk_seconds == (60 if answered else 0), "nobody talks in a call that nobody answers"


def test_no_talk_is_no_answer_where_the_profile_says_so() -> None:
    rule = {"columns": ["more"], "default": True, "needs_talk": True}
    assert not read("1|2026-11-24T12:00|0701740605|5100|0|", answered=rule).answered
    assert read("1|2026-11-24T12:00|0701740605|5100|1|", answered=rule).answered


def test_a_record_without_a_name_of_its_own_is_named_by_a_keyed_hash_of_its_line() -> None:
    first, again, other = (read(line, call_id=[]) for line in (LINE, f"{LINE}\r\n", LINE.replace("60", "61")))
    assert first.source_call_id == again.source_call_id == fingerprint(LINE)
    assert other.source_call_id != first.source_call_id


@pytest.mark.parametrize(("written", "linked_id"), [("7", "1-7"), ("", ""), ("000", "")])
def test_calls_are_linked_only_by_what_is_really_written(written: str, linked_id: str) -> None:
    assert read(f"1|2026-11-24T12:00|0701740605|5100|60|{written}", linked_id=["id", "more"]).linked_id == linked_id


def test_one_expression_may_say_it_all() -> None:
    layout = {"kind": "pattern", "pattern": r"\[(?P<at>[^]]+)\] (?P<from>\d+)>(?P<to>\d+) (?P<talk>\d+)s(?P<id>)"}
    contact = read("[2026-11-24 12:00] 0701740605>5100 60s", layout=layout, call_id=[])
    assert (contact.number, contact.talk_seconds) == ("0701740605", 60)
    assert reason("0701740605", layout=layout, call_id=[]) == "does not match the profile's pattern"


def test_fixed_columns_have_nothing_between_them() -> None:
    layout = {
        "kind": "fixed",
        "columns": {"at": [1, 16], "from": [18, 27], "to": [29, 32], "talk": [34, 36]},
        "most": 40,
    }
    line = "2026-11-24T12:00 0701740605 5100  60"
    changes = {"layout": layout, "call_id": []}
    assert read(line, **changes).talk_seconds == 60
    assert reason(line[:-1], **changes) == "has 35 characters; at least 36 are expected"
    assert reason(line + " " * 5, **changes) == "has 41 characters; at most 40 are expected"
    assert reason(line[1:] + " ", **changes) == "has something between its columns"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"talk": {"columns": ["samtal"]}}, "the layout has no column samtal; it has at, from, id, more, talk, to"),
        ({"layout": {"kind": "delimited"}}, "either header = true or columns"),
        ({"layout": {"kind": "delimited", "columns": ["a", "a"]}}, "names a column twice"),
        ({"layout": {"kind": "delimited", "columns": ["a"], "delimiter": ",;"}}, "delimiter must be one character"),
        ({"layout": {"kind": "fixed", "columns": {"a": [3, 1]}}}, "must be [first, last], counted from 1"),
        ({"layout": {"kind": "fixed", "columns": {"a": [1, 3], "b": [3, 4]}}}, "two columns share a position"),
        ({"layout": {"kind": "pattern", "pattern": "("}}, "is no regular expression"),
        ({"wait": {"begin": "at"}}, "needs either columns, or begin and end"),
        ({"direction": {"columns": ["to"]}}, "needs either columns with values, or caller with internal"),
        ({"ended": {"columns": ["at"], "format": "date"}}, 'format must be "iso", "epoch"'),
        ({"ended": {"columns": ["at"], "zone": "Europe/Exempelköping"}}, "is no time zone"),
    ],
)
def test_an_impossible_profile_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        profile(**changes)
    assert told in str(caught.value)

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from days import FORMATS, NUMBERS, Line, day, profile_for, write_day
from profiles import read
from vendors import QUEUES, SOURCE

from appliance.intake.record import Rejected
from appliance.types import Direction, EndedContact

RECORDS = 20_000


every_pbx = pytest.mark.parametrize("name", FORMATS)


@cache
def lines_of(name: str) -> list[Line]:
    return day(name, RECORDS, seed=4)


@cache
def items_of(name: str, path: Path) -> list[EndedContact | Rejected]:
    return read(path, profile_for(name), SOURCE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("days")
    for name in FORMATS:
        write_day(made / name, lines_of(name))
    return made


@every_pbx
def test_every_line_is_a_heading_or_the_contact_it_means_or_rejected_with_its_number(folder: Path, name: str) -> None:
    found = iter(items_of(name, folder / name))
    for number, line in enumerate(lines_of(name), 1):
        if line.is_heading:
            continue
        item = next(found)
        if line.meant is not None:
            assert item == line.meant, line.text
        else:
            assert isinstance(item, Rejected), line.text
            assert item.line == number
    assert next(found, None) is None


@every_pbx
def test_no_reason_holds_anything_of_its_line(folder: Path, name: str) -> None:
    reasons = {item.reason for item in items_of(name, folder / name) if isinstance(item, Rejected)}
    assert len(reasons) > 3
    told = {re.sub("^has [0-9]+ (values|characters);", "has so many;", reason) for reason in reasons}
    assert len(told) < 12, "the reasons are of few kinds, whatever stood in the lines"
    assert [reason for reason in told if re.search("[0-9]{5}", reason)] == []


@every_pbx
def test_the_day_is_such_as_days_are(name: str) -> None:
    lines = lines_of(name)
    contacts = [line.meant for line in lines if line.meant]
    assert len(lines) == RECORDS + sum(line.is_heading for line in lines)
    assert 0.005 < 1 - len(contacts) / RECORDS < 0.02
    assert len({contact.source_call_id for contact in contacts}) == len(contacts)
    assert {contact.queue for contact in contacts} == {"", *QUEUES.values()}
    assert set(Counter(contact.direction for contact in contacts)) == set(Direction)
    assert len({contact.number for contact in contacts}) > len(NUMBERS)
    assert any(contact.number in {None, "Anonymous"} for contact in contacts)
    assert any(not contact.answered for contact in contacts)
    if name != "mx-one":  # it does not say which records belong to one call
        assert max(Counter(contact.linked_id for contact in contacts).values()) == 3

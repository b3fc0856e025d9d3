from datetime import timedelta

import pytest
from hypothesis import given, settings
from made_up_records import MadeUpFormat, formats
from records import NOW, STOCKHOLM

from appliance.errors import IntakeError
from appliance.intake.wizard.questions import Question
from appliance.intake.wizard.wizard import Proposal, propose
from appliance.numbers import read_number

HEADED = (
    "Samtalsid;Sluttid;Telefon;Kö;Väntetid;Samtalstid;Riktning;Besvarat",
    "1;21/11/2026 14:05;070-174 06 05;Bygg;10;120;In;Ja",
    "2;22/11/2026 14:07;070-174 06 06;Bygg;12;90;In;Nej",
    "3;23/11/2026 14:09;031-390 06 00;Växel;9;45;Ut;Ja",
)


def ask(lines: tuple[str, ...], **given: str) -> Proposal | tuple[Question, ...]:
    answers = {key.replace("_", "-"): value for key, value in given.items()}
    return propose([line.encode() for line in lines], answers, NOW, STOCKHOLM)


def keys(found: Proposal | tuple[Question, ...]) -> list[str]:
    assert not isinstance(found, Proposal), found.text
    return [question.key for question in found]


def changed(lines: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple(line.replace(old, new) for line in lines)


def test_a_clear_sample_needs_no_answer() -> None:
    found = ask(HEADED)
    assert isinstance(found, Proposal)
    assert [contact.source_call_id for contact in found.contacts] == ["1", "2", "3"]
    assert [contact.answered for contact in found.contacts] == [True, False, True]
    assert f"{found.contacts[0].ended_at:%m-%d %H:%M}" == "11-21 13:05"


def test_day_and_month_that_may_be_either_are_asked_for() -> None:
    either = changed(changed(changed(HEADED, "21/11", "01/11"), "22/11", "02/11"), "23/11", "03/11")
    assert keys(ask(either)) == ["time-format"]
    for written, month_and_day in (("%d/%m/%Y %H:%M", "11-01"), ("%m/%d/%Y %H:%M", "01-11")):
        found = ask(either, time_format=written)
        assert isinstance(found, Proposal)
        assert f"{found.contacts[0].ended_at:%m-%d}" == month_and_day


def test_a_reading_that_lies_in_the_future_is_none() -> None:
    lines = changed(changed(changed(HEADED, "21/11", "05/12"), "22/11", "06/12"), "23/11", "07/12")
    found = ask(lines)
    assert isinstance(found, Proposal)
    assert f"{found.contacts[0].ended_at:%m-%d}" == "05-12", "the fifth of December is still to come"


def test_which_of_two_numbers_is_the_citizen_s_is_asked_for() -> None:
    lines = tuple(f"{line};{line.split(';')[2]}" for line in changed(HEADED, "Telefon", "Kontakt"))
    two = (lines[0].removesuffix("Kontakt") + "Motpart", *lines[1:])
    assert "number" in keys(ask(two))
    (question,) = (each for each in _questions(ask(two)) if each.key == "number")
    assert question.options == ("Kontakt", "Motpart")


def test_two_ends_are_asked_for_and_one_end_beats_a_begin() -> None:
    two = (f"{HEADED[0]};Avslutat", *(f"{line};{line.split(';')[1]}" for line in HEADED[1:]))
    assert keys(ask(two)) == ["time"]
    begin = (two[0].replace("Avslutat", "Starttid"), *two[1:])
    found = ask(begin)
    assert isinstance(found, Proposal)
    assert found.profile.ended.columns == ("Sluttid",)


def test_whether_a_time_is_the_end_or_the_begin_is_asked_for() -> None:
    lines = changed(HEADED, "Sluttid", "Tid")
    assert keys(ask(lines)) == ["time-is"]
    ends = {}
    for meaning in ("end", "begin", "answer"):
        found = ask(lines, time_is=meaning)
        assert isinstance(found, Proposal)
        ends[meaning] = found.contacts[0].ended_at
    assert ends["begin"] - ends["end"] == timedelta(seconds=130)
    assert ends["answer"] - ends["end"] == timedelta(seconds=120)


def test_words_that_nobody_knows_are_asked_for() -> None:
    lines = changed(changed(HEADED, ";In;", ";Typ A;"), ";Ut;", ";Typ B;")
    assert keys(ask(lines)) == ["direction.Typ A", "direction.Typ B"]


def test_seconds_that_may_be_milliseconds_are_asked_for() -> None:
    lines = changed(changed(changed(HEADED, ";120;", ";1200;"), ";90;", ";9000;"), ";45;", ";4500;")
    assert keys(ask(lines)) == ["talk-format"]


def test_what_the_pbx_puts_before_outside_numbers_is_found() -> None:
    found = ask(changed(changed(HEADED, ";070", ";9070"), ";031", ";9031"))
    assert isinstance(found, Proposal)
    assert found.profile.number.access_digits == "9"
    assert found.contacts[0].number == "070-174 06 05"


def test_without_a_heading_hardly_anything_is_clear() -> None:
    assert {"number", "time"} & set(keys(ask(HEADED[1:]))) == set()
    assert {"time-is", "talk", "wait", "queue", "call-id"} <= set(keys(ask(HEADED[1:])))


def test_an_answer_that_is_none_of_the_options_or_to_no_question_is_one_clear_line() -> None:
    with pytest.raises(IntakeError, match=r"^--answer time-is: must be one of end, begin, answer$"):
        ask(changed(HEADED, "Sluttid", "Tid"), time_is="slut")
    with pytest.raises(IntakeError, match=r"^--answer colour: nobody asked"):
        ask(HEADED, colour="red")


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("070-174 06 05",),
        ("hej", "hopp", "070-174 06 05"),
        ("PK\x03\x04\0\0", "\0\0", "\0"),
        ("a;b;c", "1;2;3", "4;5;6"),
        ("1;2026-11-21 14:05;4021", "2;2026-11-21 14:06;4022", "3;2026-11-21 14:07;4023"),
        ("{", '"a": 1,', "}"),
    ],
)
def test_garbage_is_one_clear_line(lines: tuple[str, ...]) -> None:
    with pytest.raises(IntakeError) as caught:
        ask(lines)
    assert "\n" not in str(caught.value)
    assert "0605" not in str(caught.value).replace(" ", "")


@given(made=formats())
@settings(max_examples=30)
def test_every_line_reads_as_it_was_meant_or_there_was_a_question(made: MadeUpFormat) -> None:
    """Nothing is read otherwise in silence; and whoever knows the PBX comes to the right profile by its answers."""
    given: dict[str, str] = {}
    while not isinstance(found := propose(made.lines, given, NOW, STOCKHOLM), Proposal):
        question = found[0]
        assert question.key not in given
        given[question.key] = made.truth.get(question.key, "none")
        assert given[question.key] in question.options, f"{question} has no true answer"
    assert len(found.contacts) == len(made.records)
    for contact, meant in zip(found.contacts, made.records, strict=True):
        assert read_number(contact.number).e164 == read_number(meant.number).e164
        assert (contact.queue, contact.wait_seconds, contact.talk_seconds) == (
            meant.queue, meant.wait_seconds, meant.talk_seconds,
        )  # fmt: skip
        assert (contact.direction, contact.answered) == (meant.direction, meant.answered)
        assert abs(contact.ended_at - meant.ended_at) < timedelta(minutes=1), given


def _questions(found: Proposal | tuple[Question, ...]) -> tuple[Question, ...]:
    assert not isinstance(found, Proposal)
    return found

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest
from telephony.dummy_phone import DummyPhone

from appliance.dialer.dialer import Dialer
from appliance.intake.register import Register
from appliance.settings import PRACTICE_CALLER_ID, practice_trunk
from appliance.store import interviews
from appliance.survey.atlas import Atlas
from appliance.survey.questionnaire import Questionnaire
from appliance.telephony.desk import Desk
from appliance.telephony.line import Line
from appliance.telephony.reception import Reception
from appliance.telephony.repertoire import Repertoire
from appliance.types import E164, InterviewId, Outcome

DAY = timedelta(days=1)
Turn = Callable[[str, bool], tuple[DummyPhone, InterviewId]]


@pytest.fixture
def turn(desk: Desk, questionnaire: Questionnaire) -> Turn:
    """Queue an interview with any number, as if the intake had not looked, and let a line take it."""

    def make(number: str, by_staff: bool) -> tuple[DummyPhone, InterviewId]:
        settings = desk.settings.model_copy(update={"sip": practice_trunk(5060, 4)})
        now = datetime.now(UTC)
        interview_id = Register(desk.db, desk.keys, settings).admit_test_call(E164(number), now)
        only = interview_id if by_staff else None
        dialer = Dialer(desk.db, settings, "line-1", only)
        later = replace(desk, settings=settings, dialer=dialer, now=lambda: now + 2 * DAY - timedelta(minutes=1))
        interviews.requeue(desk.db, interview_id, now)
        phone = DummyPhone()
        repertoire = Repertoire(questionnaire, Atlas(Path("unused.wav"), MappingProxyType({})))
        reception = Reception("line-1", practice_trunk(5060, 4), phone, repertoire, later, None)
        Line("line-1", phone, repertoire, later, reception).turn()
        return phone, interview_id

    return make


@pytest.mark.parametrize("by_staff", [False, True])
@pytest.mark.parametrize("number", ["112", "90000", "+46112", "+469001234567", "+4722123456", PRACTICE_CALLER_ID])
def test_its_interview_is_over_and_the_log_does_not_hold_it(
    turn: Turn, desk: Desk, caplog: pytest.LogCaptureFixture, number: str, by_staff: bool
) -> None:
    with caplog.at_level(logging.INFO):
        phone, interview_id = turn(number, by_staff)
    assert phone.told == []
    assert interviews.outcome_of(desk.db, interview_id) == ("over", Outcome.BAD_NUMBER)
    assert "this number is not rung" in caplog.text
    assert number not in caplog.text


@pytest.mark.parametrize("by_staff", [False, True])
def test_a_citizen_s_number_does(turn: Turn, by_staff: bool) -> None:
    phone, _ = turn("+46701740605", by_staff)
    assert phone.told == [("dial", "+46701740605")]


def test_an_extension_does_only_where_staff_asked_for_it(turn: Turn, desk: Desk) -> None:
    phone, _ = turn("4021", True)
    assert phone.told == [("dial", "4021")]
    phone, interview_id = turn("4022", False)
    assert phone.told == []
    assert interviews.is_over(desk.db, interview_id)

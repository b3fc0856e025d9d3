from datetime import UTC, datetime

import pytest
from made_up import MadeUp
from telephony.callers import Callers
from telephony.conversation import CALL

from appliance.store import dialing
from appliance.store.dialing import DialingState
from appliance.telephony._api import Incoming, PhoneEvent
from appliance.telephony.line import Line


def stop_and_resume(made: MadeUp) -> None:
    for state in (DialingState.STOPPED, DialingState.RUNNING):
        assert dialing.change(made.db, state, "anna", datetime.now(UTC))


def turn(line: Line) -> None:
    line._dial_at = 0.0
    line.turn()


def test_the_calls_of_then_end_and_later_ones_go_on(
    made: MadeUp, callers: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[PhoneEvent] = []
    monkeypatch.setattr(callers.phone, "poll", lambda _: [events.pop()] if events else [])
    made.queued()
    line = Line("line-1", callers.phone, callers.repertoire, callers.desk, callers.reception)
    turn(line)
    assert [told for told, _ in callers.phone.told] == ["dial"]
    stop_and_resume(made)
    turn(line)
    assert ("hang_up", CALL) in callers.phone.told
    callers.phone.told.clear()
    line._sessions.clear()
    events.append(Incoming(CALL, "efterklang", ("0701740699",)))
    for _ in range(2):
        turn(line)
    assert callers.phone.told == [("ring", CALL)]


def test_an_old_stop_is_none_to_a_line_that_starts(made: MadeUp, callers: Callers) -> None:
    stop_and_resume(made)
    made.queued()
    line = Line("line-1", callers.phone, callers.repertoire, callers.desk, callers.reception)
    for _ in range(2):
        turn(line)
    assert [told for told, _ in callers.phone.told] == ["dial"]

from pathlib import Path

import pytest
from made_up import MadeUp
from telephony.callers import Callers
from telephony.conversation import CALL

from appliance.store import callers as stored_callers
from appliance.telephony._api import Incoming, PhoneEvent
from appliance.telephony.line import Line


def test_a_caller_who_cannot_be_looked_up_is_let_go_and_the_line_goes_on(
    made: MadeUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    callers = Callers(made, tmp_path)
    arrivals: list[PhoneEvent] = [Incoming(CALL, "efterklang", ("0701740605",))]
    monkeypatch.setattr(callers.phone, "poll", lambda _: [arrivals.pop()] if arrivals else [])

    def unreadable(*_: object) -> bool:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(stored_callers, "is_live", unreadable)
    line = Line("line-1", callers.phone, callers.repertoire, callers.desk, callers.reception)
    line.turn()
    line.turn()
    assert ("hang_up", CALL) in callers.phone.told
    assert "a caller cannot be received" in caplog.text
    assert "0740605" not in caplog.text

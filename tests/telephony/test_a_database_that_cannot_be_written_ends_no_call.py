import pytest
from made_up import MadeUp
from telephony.callers import Callers

from appliance.errors import StoreError
from appliance.store import interviews, processes
from appliance.telephony.line import Line


@pytest.mark.parametrize("place", ["hold", "lease_due"])
def test_the_line_goes_on(
    made: MadeUp, callers: Callers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, place: str
) -> None:
    made.queued()

    def full(*_: object) -> None:
        raise StoreError("cannot write to the database: disk full")

    monkeypatch.setattr(processes if place == "hold" else interviews, place, full)
    callers.phone.live_calls = int(place == "hold")  # of a stranger
    line = Line("line-1", callers.phone, callers.repertoire, callers.desk, callers.reception)
    line.turn()
    assert "disk full" in caplog.text

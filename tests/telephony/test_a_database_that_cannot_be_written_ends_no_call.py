from types import ModuleType

import pytest
from made_up import MadeUp
from telephony.callers import Callers

from appliance.errors import StoreError
from appliance.store import Database, dialing, interviews, processes
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


@pytest.mark.parametrize(("module", "look"), [(dialing, "current"), (interviews, "any_due"), (processes, "beat")])
def test_nor_does_one_that_cannot_be_read(
    made: MadeUp, callers: Callers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    module: ModuleType, look: str,
) -> None:  # fmt: skip
    made.queued()
    line = Line("line-1", callers.phone, callers.repertoire, callers.desk, callers.reception)

    def unreadable(db: Database, *_: object) -> None:
        db.execute("SELECT * FROM a_table_on_a_bad_block")

    monkeypatch.setattr(module, look, unreadable)
    line.turn()
    assert "cannot read the database: no such table" in caplog.text
    assert bool(callers.phone.told) == (look == "beat"), "what must be known before a call is not known"

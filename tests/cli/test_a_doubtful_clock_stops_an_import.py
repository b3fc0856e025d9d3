from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from made_up import MadeUp

from appliance.cli.contacts import contacts
from appliance.intake.doubt import ClockInDoubtError
from appliance.settings import Settings
from appliance.store.timekeeping import HouseClock
from appliance.timepiece import Timepiece

LINES = """call_id,ended_at,number,queue,wait_seconds,talk_seconds,direction,answered
1,2026-11-20T12:00:00,070-174 06 05,Växel,10,90,inbound,1
"""


def test_nothing_is_taken_in_but_the_box_may_be_asked(
    box: MadeUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    HouseClock(box.db).mind()
    monkeypatch.setattr(Timepiece, "wall", lambda _: datetime.now(UTC) + timedelta(days=365))
    monkeypatch.setattr(Timepiece, "is_synchronized", lambda _: False)
    file = tmp_path / "calls.csv"
    file.write_text(LINES, encoding="utf-8")
    settings = Settings.model_validate({"storage": {"directory": box.directory}})
    result = CliRunner().invoke(contacts, ["import", str(file)], obj=settings)
    assert isinstance(result.exception, ClockInDoubtError)
    assert "trust-clock" in str(result.exception)
    assert box.db.execute("SELECT count(*) FROM contacts").fetchone() == (0,)
    assert CliRunner().invoke(contacts, ["import", str(file), "--dry-run"], obj=settings).exit_code == 0

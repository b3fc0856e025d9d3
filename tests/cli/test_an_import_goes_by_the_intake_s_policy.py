from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from made_up import MadeUp

from appliance.cli.contacts import contacts
from appliance.intake.policy import current
from appliance.intake.register import Register
from appliance.settings import Settings
from appliance.store import processes


@pytest.mark.parametrize(("beats", "talk_seconds"), [(True, 15), (False, 40)])
def test_a_file_is_adopted_only_where_no_intake_has_read_it(
    box: MadeUp, tmp_path: Path, beats: bool, talk_seconds: int
) -> None:
    storage = {"storage": {"directory": box.directory}}
    now = datetime.now(UTC)
    Register(box.db, box.keys, Settings.model_validate(storage)).prepare(now)
    processes.begin(box.db, "intake", 1, now if beats else now - timedelta(hours=1))
    edited = Settings.model_validate({**storage, "funnel": {"min_talk_seconds": 40}})
    ended_at = f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M:%S}"
    file = tmp_path / "calls.csv"
    heading = "call_id,ended_at,number,queue,wait_seconds,talk_seconds,direction,answered"
    file.write_text(f"{heading}\n1,{ended_at},070-174 06 05,Växel,10,90,inbound,1\n", encoding="utf-8")
    result = CliRunner().invoke(contacts, ["import", str(file)], obj=edited)
    assert result.exit_code == 0
    assert current(box.db, edited).min_talk_seconds == talk_seconds

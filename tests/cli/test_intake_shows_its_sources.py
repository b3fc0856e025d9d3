import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from appliance.cli import root
from appliance.store import intake_sources, open_store, rejected_lines
from appliance.store.intake_sources import SourceState
from appliance.store.rejected_lines import RejectedLine

NOW = datetime(2026, 11, 24, 14, 32, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    db = open_store(tmp_path / "box")
    intake_sources.set_state(db, "pbx", SourceState.CONNECTED, NOW)
    intake_sources.count(db, "pbx", NOW, decided=3, repeated=2, rejected=1, no_record=4)
    rejected_lines.add(db, "pbx", [RejectedLine(17, "has 2 values; at least 5 are expected", "2,0xx-xxx xx xx")], NOW)
    db.close()
    path = tmp_path / "efterklang.toml"
    path.write_text(f'[storage]\ndirectory = "{tmp_path / "box"}"\n', encoding="utf-8")
    return path


def run(config: Path, *arguments: str) -> str:
    done = CliRunner().invoke(root, ["--config", str(config), "intake", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_each_source_with_its_state_and_counts(config: Path) -> None:
    assert "pbx\tconnected\t3 decided, 2 repeated, 1 rejected, 4 no records\tlast 2026-11-24" in run(config, "sources")
    told = json.loads(run(config, "sources", "--json"))
    assert (told["name"], told["state"], told["decided"]) == ("pbx", "connected", 3)


def test_the_newest_rejected_lines_with_their_reasons(config: Path) -> None:
    told = run(config, "rejected", "pbx")
    assert "pbx, line 17: has 2 values; at least 5 are expected\t2,0xx-xxx xx xx" in told
    assert run(config, "rejected", "other") == ""

"""Schemathesis reads the description and tries a running page with all that it allows, and with what it does not."""

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from inbox import TOKEN
from made_up import MadeUp
from served import serving, status_of

from appliance.intake.http_inbox import EndedContactBody

pytest.importorskip("schemathesis", reason="run: pip install -e '.[test]'")


@pytest.fixture
def description() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("appliance.web").joinpath("openapi.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("examples", [40, pytest.param(3000, marks=pytest.mark.slow)])
def test_in_every_check_that_schemathesis_knows(made: MadeUp, tmp_path: Path, examples: int) -> None:
    token = tmp_path / "token"
    token.write_text(TOKEN, encoding="ascii")
    with serving(made.directory, f'[intake]\nhttp_token_file = "{token}"\n') as address:
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/api/v1/openapi.json"]
        options = ["--checks", "all", "--continue-on-failure", "--max-examples", f"{examples}"]
        bearer = ["--header", f"Authorization: Bearer {TOKEN}"]
        folder = Path(__file__).parent
        environment = {**os.environ, "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": _path(folder)}
        done = subprocess.run(
            [*command, *options, *bearer], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        assert status_of(address, "/health") == 200
    taken = made.db.execute("SELECT count(*) FROM contacts WHERE source LIKE 'http%'").fetchone()[0]
    assert taken > 0, "what is allowed was taken in"
    assert made.db.execute("SELECT rejected FROM intake_sources WHERE name = 'http'").fetchone()[0] > 20


def _path(folder: Path) -> str:
    return os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH", "")]))


def test_the_description_and_the_code_know_the_same_fields(description: dict[str, Any]) -> None:
    coded = EndedContactBody.model_json_schema()
    told = description["components"]["schemas"]
    assert _plain(told["EndedContact"]) == _plain({name: value for name, value in coded.items() if name != "$defs"})
    assert _plain(told["Direction"]) == _plain(coded["$defs"]["Direction"])
    assert {"agent", "agent_id", "agent_name"}.isdisjoint(told["EndedContact"]["properties"])


def _plain(schema: Any) -> Any:
    """Without what is only told to people; a reference is where it leads, whatever it is called."""
    if isinstance(schema, list):
        return sorted(map(_plain, schema), key=lambda each: json.dumps(each, sort_keys=True))
    if not isinstance(schema, dict):
        return schema.rpartition("/")[2] if isinstance(schema, str) and schema.startswith("#/") else schema
    words = {"title", "description"} if "type" in schema or "$ref" in schema or "anyOf" in schema else set()
    return {name: _plain(value) for name, value in schema.items() if name not in words}


def test_whoever_builds_the_other_end_reads_it_without_a_log_in(made: MadeUp, description: dict[str, Any]) -> None:
    with serving(made.directory) as address:
        assert status_of(address, "/api/v1/openapi.json") == 200
    assert description["openapi"].startswith("3.1")
    assert TOKEN not in json.dumps(description)

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from made_up import NOW, NUMBER, MadeUp

from appliance.cli import root
from appliance.errors import ModelError, UsageError
from appliance.store import comments as stored
from appliance.store import processes


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The model that is set lies here."""
    monkeypatch.setenv("EFTERKLANG_MODELS", str(tmp_path / "shelf"))
    (tmp_path / "shelf" / "whisper-base").mkdir(parents=True)
    return tmp_path / "shelf"


def run(box: MadeUp, *arguments: str) -> Result:
    return CliRunner().invoke(root, ["--storage", str(box.directory), "comments", *arguments])


def rows(box: MadeUp, *arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(box, "list", "--json", *arguments).stdout.splitlines()]


def test_the_list_tells_how_far_each_has_come_and_never_what_was_said(box: MadeUp) -> None:
    done = box.comment("en hemlighet")
    new = box.recorded(NOW.replace(hour=15))
    stored.add_lost(box.db, box.ended(), NOW.replace(hour=13))
    told = rows(box)
    assert [(row["id"], row["state"]) for row in told] == [(new, "recorded"), (done, "done"), (3, "lost")]
    assert told[1] == {
        "id": done, "recorded_at": "2026-11-21T14:32:00+00:00", "state": "done", "seconds": 1.0,
        "model": "whisper-base", "digest": "0" * 64, "language": "sv", "confidence": 0.9, "doubts": [], "texts": 1,
        "tries": 0, "fault": None, "again": False, "recording": True,
    }  # fmt: skip
    plain = run(box, "list").stdout
    assert len(plain.splitlines()) == 3
    for secret in ("hemlighet", NUMBER, NUMBER[4:]):
        assert secret not in plain + json.dumps(told)


def test_the_list_can_be_of_one_state_and_of_the_newest(box: MadeUp) -> None:
    box.comment()
    new = box.recorded(NOW.replace(hour=15))
    assert [row["id"] for row in rows(box, "--state", "recorded")] == [new]
    assert [row["id"] for row in rows(box, "--limit", "1")] == [new]


@pytest.mark.parametrize(
    ("wish", "asked"), [(["--made-by", "whisper-base"], 2), (["--not-made-by", "whisper-base"], 0), (["1"], 1)]
)
def test_what_is_asked_for_is_counted_and_marked(box: MadeUp, wish: list[str], asked: int) -> None:
    box.comment(), box.comment()
    done = run(box, "again", *wish)
    assert done.stdout == f"{asked} to be heard again with whisper-base\n"
    assert sum(row["again"] for row in rows(box)) == asked
    assert json.loads(run(box, "again", *wish, "--json").stdout) == {"asked": 0, "waiting": asked, "erased": 0}


def test_erased_recordings_are_said_and_no_error(box: MadeUp) -> None:
    box.db.execute("UPDATE comments SET file = NULL, key_wrapped = NULL WHERE id = ?", (box.comment(),))
    done = run(box, "again", "--made-by", "whisper-base")
    assert done.exit_code == 0
    assert "1 stay as they are: their recordings have been erased" in done.stderr


def test_a_model_that_made_nothing_is_answered_with_those_that_did(box: MadeUp) -> None:
    box.comment()
    assert (
        "no text is by kb-whisper; texts there are: whisper-base 1"
        in run(box, "again", "--made-by", "kb-whisper").stderr
    )


@pytest.mark.parametrize("wish", [[], ["--parked", "1"], ["--made-by", "a", "--not-made-by", "b"]])
def test_a_wish_that_is_not_one_is_a_usage_error(box: MadeUp, wish: list[str]) -> None:
    done = run(box, "again", *wish)
    assert isinstance(done.exception, UsageError)


def test_an_unknown_id_changes_nothing(box: MadeUp) -> None:
    known = box.comment()
    done = run(box, "again", str(known), "99")
    assert isinstance(done.exception, UsageError | click.ClickException)
    assert str(done.exception) == "no comment 99; nothing was done"
    assert not rows(box)[0]["again"]


def test_a_model_that_is_not_installed_is_refused(box: MadeUp, tmp_path: Path) -> None:
    (tmp_path / "box.toml").write_text('[speech]\nmodel = "kb-whisper-large"\n')
    wish = ["--config", str(tmp_path / "box.toml"), "--storage", str(box.directory), "comments", "again"]
    box.comment()
    done = CliRunner().invoke(root, [*wish, "--not-made-by", "kb-whisper-large"])
    assert isinstance(done.exception, ModelError)
    assert str(done.exception).endswith("run: efterklang models install kb-whisper-large")
    assert not rows(box)[0]["again"]


@pytest.mark.parametrize(
    ("model", "seconds_ago", "said"),
    [("whisper-base", 0, False), (None, 0, False), ("kb-whisper-tiny", 31, False), ("kb-whisper-tiny", 0, True)],
)
def test_an_analyst_that_has_another_model_is_told(
    box: MadeUp, model: str | None, seconds_ago: int, said: bool
) -> None:
    at = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    processes.begin(box.db, "analyst", 1, at)
    processes.beat(box.db, "analyst", "listening", at, model)
    told = run(box, "again", str(box.comment())).stderr
    line = "the analyst still works with kb-whisper-tiny; restart it: systemctl restart efterklang-analyst\n"
    assert told == line * said


def test_parked_are_also_those_that_were_heard_again_in_vain(box: MadeUp) -> None:
    box.db["comments"].update(box.recorded(), {"state": "parked", "fault": "why"})
    box.db["comments"].update(box.comment(), {"fault": "why"})
    box.comment()
    assert run(box, "again", "--parked").stdout == "2 to be heard again with whisper-base\n"


@pytest.mark.parametrize("number", ["0", "99999999999999999999"])
def test_an_id_that_no_database_has_is_a_usage_error(box: MadeUp, number: str) -> None:
    done = run(box, "again", number)
    assert done.exit_code == 2
    assert "is not in the range" in done.stderr


def test_a_slip_of_the_keys_has_nothing_heard_again(box: MadeUp) -> None:
    box.comment()
    done = run(box, "again", "--not-made-by", "kb-whisper-smal")
    assert isinstance(done.exception, UsageError)
    assert str(done.exception).startswith("no model is called kb-whisper-smal; ")
    assert not rows(box)[0]["again"]
    assert run(box, "again", "--not-made-by", "kb-whisper-small").stdout == "1 to be heard again with whisper-base\n"

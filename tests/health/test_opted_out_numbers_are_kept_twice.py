from collections.abc import Callable
from pathlib import Path

import pytest
from made_up import MadeUp

from appliance.custody import opt_outs
from appliance.custody.ledger import ledger_path
from appliance.health import Context, Issue, Severity
from appliance.health.checks import opt_outs as check
from appliance.settings import Settings
from appliance.types import NumberHash

Look = Callable[[], list[str | Issue]]


@pytest.fixture
def look(box: MadeUp) -> Look:
    settings = Settings.model_validate({"storage": {"directory": box.directory}})
    opt_outs.add(box.db, box.keys, NumberHash(bytes(32)), "call", box.now)
    return lambda: list(check.run(Context(settings, box.now, None, box.db)))


def whats(found: list[str | Issue]) -> list[tuple[Severity, str]]:
    return [(each.severity, each.what) for each in found if isinstance(each, Issue)]


def test_all_is_well(look: Look) -> None:
    assert look() == ["1 blocked"]


def test_a_box_without_a_store_has_nothing_to_look_at(tmp_path: Path) -> None:
    settings = Settings.model_validate({"storage": {"directory": tmp_path}})
    assert list(check.run(Context(settings, MadeUp(tmp_path / "other").now, None, None))) == []


def test_a_ledger_that_is_gone_is_named(look: Look, box: MadeUp) -> None:
    ledger_path(box.directory).unlink()
    assert whats(look()) == [(Severity.ERROR, "the ledger of opted-out numbers is gone")]


def test_what_is_no_ledger_of_this_box_is_named(look: Look, box: MadeUp) -> None:
    ledger_path(box.directory).write_text("no ledger\n")
    ((severity, what),) = whats(look())
    assert severity is Severity.ERROR
    assert "no ledger of opted-out numbers" in what


def test_a_database_that_lags_behind_is_named(look: Look, box: MadeUp) -> None:
    box.db.execute("UPDATE opt_outs_ledger SET merged_bytes = merged_bytes - 1")
    assert whats(look()) == [(Severity.WARNING, "ledger and database do not know the same")]


def test_a_torn_line_is_named(look: Look, box: MadeUp) -> None:
    with ledger_path(box.directory).open("ab") as file:
        file.write(b'{"at": "2026\n')
    opt_outs.catch_up(box.db, box.keys, box.now)
    assert whats(look()) == [(Severity.WARNING, "1 lines cannot be read: after a power cut one is no harm")]

from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.custody.keys import load_keys, master_key_path
from appliance.health import Context
from appliance.health.checks import master_key
from appliance.store import Database, comments

Box = Callable[..., Context]


def whats(context: Context) -> list[str]:
    return [issue.what for issue in master_key.run(context)]


def test_a_box_that_never_ran_has_no_key_and_is_well(practice: Box) -> None:
    assert whats(practice()) == []


def test_a_key_as_the_box_makes_it_is_well(practice: Box, storage: Path) -> None:
    load_keys(storage)
    assert whats(practice()) == []


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o644])
def test_a_key_that_others_can_read_is_named(practice: Box, storage: Path, mode: int) -> None:
    load_keys(storage)
    master_key_path(storage).chmod(mode)
    assert whats(practice()) == ["other users of this machine can read it"]


def test_a_cut_key_is_named(practice: Box, storage: Path) -> None:
    load_keys(storage)
    path = master_key_path(storage)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:31])
    assert whats(practice()) == ["it has 31 bytes where 32 belong"]


def test_a_lost_key_is_named_where_something_is_sealed_with_it(
    practice: Box, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert whats(practice(db)) == []
    monkeypatch.setattr(comments, "files", lambda _: {"a.sealed"})
    assert whats(practice(db)) == ["the key that the comments are sealed with is gone"]

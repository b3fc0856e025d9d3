import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from appliance.health import Context
from appliance.health.checks import storage as check

Box = Callable[..., Context]
GIB = 1 << 30


def whats(context: Context) -> list[str]:
    return [issue.what for issue in check.run(context) if "are free" not in issue.what]


def test_a_private_directory_is_well(practice: Box) -> None:
    assert whats(practice()) == []


@pytest.mark.parametrize("mode", [0o750, 0o705, 0o755])
def test_a_directory_that_others_can_enter_is_named(practice: Box, storage: Path, mode: int) -> None:
    storage.chmod(mode)
    issue = next(iter(check.run(practice())))
    assert issue.what == "other users of this machine can look into it"
    assert issue.todo == f"run: chmod 700 {storage}"


def test_a_missing_directory_matters_to_a_real_box_only(practice: Box, installed: Box, storage: Path) -> None:
    storage.rmdir()
    assert whats(practice()) == []
    assert whats(installed()) == ["the directory is not there"]


@given(total=st.integers(1, 10_000 * GIB), share=st.floats(0, 1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_two_gib_and_five_percent_must_be_free(practice: Box, total: int, share: float) -> None:
    free = int(total * share)
    assume(abs(free * 20 - total) > 40)  # a byte more or less is nobody's concern
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(total, total - free, free))
        complains = any("are free" in issue.what for issue in check.run(practice()))
    assert complains == (free < 2 * GIB or free * 20 < total)

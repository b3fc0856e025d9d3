from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.health import Context, Severity
from appliance.health.checks import memory

Box = Callable[..., Context]

MOUNTS = r"""/dev/sda1 / ext4 rw 0 0
tmpfs /run tmpfs rw 0 0
tmpfs /srv/with\040space tmpfs rw 0 0
/dev/sdb1 /run/disk ext4 rw 0 0
/dev/sda2 /mnt ext4 rw 0 0
ramfs /mnt ramfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib", "ext4"),
        ("/run/efterklang-nobody", "tmpfs"),
        ("/runner", "ext4"),
        ("/srv/with space/x", "tmpfs"),
        ("/run/disk/x", "ext4"),
        ("/mnt", "ramfs"),
    ],
)
def test_the_innermost_and_latest_mount_counts(path: str, kind: str) -> None:
    assert memory.filesystem_of(Path(path), MOUNTS) == kind


def test_the_default_is_in_memory(practice: Box) -> None:
    assert [issue for issue in memory.run(practice()) if issue.severity is Severity.ERROR] == []


def test_a_directory_on_a_disk_is_an_error(practice: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "filesystem_of", lambda *_: "ext4")
    issues = list(memory.run(practice(storage={"memory_directory": tmp_path})))
    assert [issue.what for issue in issues] == ["it is on a disk (ext4), where speech would lie in plain"]


def test_a_missing_directory_is_an_error(practice: Box, tmp_path: Path) -> None:
    issues = list(memory.run(practice(storage={"memory_directory": tmp_path / "none"})))
    assert [issue.what for issue in issues] == ["the directory is not there"]

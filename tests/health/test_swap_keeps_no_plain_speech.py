from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.health import Context, Severity
from appliance.health.checks import swap

Box = Callable[..., Context]


def device(folder: Path, name: str, uuid: str = "", slaves: tuple[Path, ...] = ()) -> Path:
    """A block device as /sys shows it."""
    made = folder / name
    (made / "slaves").mkdir(parents=True)
    if uuid:
        (made / "dm").mkdir()
        (made / "dm" / "uuid").write_text(uuid)
    for slave in slaves:
        (made / "slaves" / slave.name).symlink_to(slave)
    return made


def test_a_plain_partition_is_not_safe(tmp_path: Path) -> None:
    assert not swap.is_safe(device(tmp_path, "sda3"))


def test_compressed_memory_is_safe(tmp_path: Path) -> None:
    assert swap.is_safe(device(tmp_path, "zram0"))


def test_an_encrypted_device_is_safe(tmp_path: Path) -> None:
    assert swap.is_safe(device(tmp_path, "dm-0", "CRYPT-PLAIN-swap"))


def test_a_volume_is_as_safe_as_everything_below_it(tmp_path: Path) -> None:
    encrypted = device(tmp_path, "dm-0", "CRYPT-LUKS2-x")
    plain = device(tmp_path, "sda3")
    assert swap.is_safe(device(tmp_path, "dm-1", "LVM-a", (encrypted,)))
    assert not swap.is_safe(device(tmp_path, "dm-2", "LVM-b", (encrypted, plain)))
    assert not swap.is_safe(device(tmp_path, "dm-3", "LVM-c", (plain,)))


def test_what_cannot_be_seen_is_said_to_be_unknown(
    practice: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swap, "_SWAPS", tmp_path / "swaps")
    assert [issue.severity for issue in swap.run(practice())] == [Severity.UNKNOWN]


def test_a_machine_without_swap_is_well(practice: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    swaps = tmp_path / "swaps"
    swaps.write_text("Filename Type Size Used Priority\n")
    monkeypatch.setattr(swap, "_SWAPS", swaps)
    assert list(swap.run(practice())) == []


def test_a_plain_swap_area_is_named(practice: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    area = tmp_path / "swapfile"
    area.touch()
    swaps = tmp_path / "swaps"
    swaps.write_text(f"Filename Type Size Used Priority\n{area} file 1024 0 -2\n")
    monkeypatch.setattr(swap, "_SWAPS", swaps)
    monkeypatch.setattr(swap, "is_safe", lambda _: False)
    assert [issue.where for issue in swap.run(practice())] == [f"{area}"]

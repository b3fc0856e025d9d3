import os
from pathlib import Path

import pytest

from appliance import machine


def test_the_machine_is_what_it_is() -> None:
    assert 1 <= machine.cores() <= (os.cpu_count() or 1)
    assert machine.processor()
    assert 1 << 20 < machine.used_memory_bytes() < machine.memory_bytes()


def test_what_the_sandbox_hides_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """systemd's ProcSubset=pid: of /proc the processes are left."""
    seen = (machine.cores(), machine.processor(), machine.memory_bytes(), machine.used_memory_bytes() > 0)
    read_text = Path.read_text

    def hidden(path: Path, encoding: str, errors: str) -> str:
        if path.is_relative_to("/proc") and not path.is_relative_to("/proc/self"):
            raise FileNotFoundError
        return read_text(path, encoding, errors)

    monkeypatch.setattr(Path, "read_text", hidden)
    assert (machine.cores(), machine.processor(), machine.memory_bytes(), machine.used_memory_bytes() > 0) == seen


def test_the_memory_of_a_service_is_what_its_group_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = machine.memory_bytes()
    own = machine._first(r"^0::/(.*)$", Path("/proc/self/cgroup"))
    group = tmp_path / own
    group.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(machine, "_GROUPS", tmp_path)
    (group / "memory.max").write_text("max\n")
    assert machine.memory_bytes() >= whole
    (group / "memory.max").write_text("1000000\n")
    assert machine.memory_bytes() == 1_000_000

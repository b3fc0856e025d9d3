import stat
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.custody.keys import load_keys, master_key_path
from appliance.errors import CustodyError

PROCESSES = 8
LOAD = """
import sys
from pathlib import Path
from appliance.custody.keys import load_keys
print("ready", flush=True)
sys.stdin.readline()
print(load_keys(Path(sys.argv[1])).sealing.hex())
"""


def test_eight_processes_that_start_at_once_have_the_same_key(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LOAD, str(tmp_path)]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)
    ]
    for process in started:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    keys = {process.communicate(timeout=60)[0].strip() for process in started}
    assert keys == {load_keys(tmp_path).sealing.hex()}
    assert [path.name for path in master_key_path(tmp_path).parent.iterdir()] == ["master.key"]


def test_only_our_own_user_may_read_it(tmp_path: Path) -> None:
    load_keys(tmp_path)
    path = master_key_path(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.stat().st_size == 32


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_key_of_another_length_is_refused_in_one_line_and_left_alone(tmp_path: Path, length: int) -> None:
    path = master_key_path(tmp_path)
    path.parent.mkdir()
    path.write_bytes(bytes(length))
    with pytest.raises(CustodyError) as caught:
        load_keys(tmp_path)
    assert str(caught.value) == (
        f"{path}: the master key must be 32 bytes but has {length}; put back the backup of this file"
    )
    assert path.stat().st_size == length


def test_a_key_that_cannot_be_read_is_refused_in_one_line(tmp_path: Path) -> None:
    master_key_path(tmp_path).mkdir(parents=True)
    with pytest.raises(CustodyError, match=r"master\.key: cannot read the master key: Is a directory$"):
        load_keys(tmp_path)


def test_what_a_dead_process_left_half_made_is_no_hindrance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getpid", lambda: 1)
    path = master_key_path(tmp_path)
    path.parent.mkdir()
    half = path.with_name(".master.key.1")
    half.write_bytes(b"half")
    half.chmod(0o400)
    load_keys(tmp_path)
    assert path.stat().st_size == 32
    assert not half.exists()


def test_a_systemd_credential_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = tmp_path / "credentials" / "master-key"
    given.parent.mkdir()
    given.write_bytes(b"k" * 32)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(given.parent))
    load_keys(tmp_path / "box")
    assert master_key_path(tmp_path / "box") == given
    assert not (tmp_path / "box" / "keys").exists()

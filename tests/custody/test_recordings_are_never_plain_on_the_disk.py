import random
import resource
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.custody.keys import Keys, load_keys
from appliance.custody.recordings import (
    comments_directory,
    decrypt_recording,
    encrypt_recording,
    seal_text,
    unseal_text,
)
from appliance.errors import CustodyError

PCM = random.Random(7).randbytes(32_000)
TEXT = "Jag fick vänta länge i telefon, men hon som svarade var mycket trevlig."


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return load_keys(tmp_path)


def holds(directory: Path, data: bytes) -> bool:
    return any(data in path.read_bytes() for path in directory.rglob("*") if path.is_file())


def test_a_recording_comes_back_as_it_was(tmp_path: Path, keys: Keys) -> None:
    recording = encrypt_recording(keys, tmp_path, PCM)
    assert decrypt_recording(keys, tmp_path, recording) == PCM
    assert recording.seconds == 2.0


def test_no_piece_of_it_is_plain_in_any_file(tmp_path: Path, keys: Keys) -> None:
    encrypt_recording(keys, tmp_path, PCM)
    assert not any(holds(tmp_path, PCM[at : at + 16]) for at in range(0, len(PCM), 1600))


def test_its_file_is_our_own_user_s_and_no_draft_is_left(tmp_path: Path, keys: Keys) -> None:
    recording = encrypt_recording(keys, tmp_path, PCM)
    (path,) = comments_directory(tmp_path).iterdir()
    assert path.name == recording.file
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_two_recordings_have_keys_of_their_own(tmp_path: Path, keys: Keys) -> None:
    one, other = (encrypt_recording(keys, tmp_path, PCM) for _ in range(2))
    assert one.file != other.file
    with pytest.raises(CustodyError, match="a sealed key does not open"):
        decrypt_recording(keys, tmp_path, replace(one, key_wrapped=other.key_wrapped))


def test_without_its_key_it_is_gone(tmp_path: Path, keys: Keys) -> None:
    recording = encrypt_recording(keys, tmp_path, PCM)
    with pytest.raises(CustodyError):
        decrypt_recording(keys, tmp_path, replace(recording, key_wrapped=b""))
    with pytest.raises(CustodyError):
        decrypt_recording(load_keys(tmp_path / "another box"), tmp_path, recording)


@pytest.mark.parametrize("at", [0, 12, 5000, -1])
def test_a_damaged_file_is_refused(tmp_path: Path, keys: Keys, at: int) -> None:
    recording = encrypt_recording(keys, tmp_path, PCM)
    path = comments_directory(tmp_path) / recording.file
    damaged = bytearray(path.read_bytes())
    damaged[at] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(CustodyError, match="a sealed recording does not open"):
        decrypt_recording(keys, tmp_path, recording)


def test_a_missing_file_is_one_clear_line(tmp_path: Path, keys: Keys) -> None:
    recording = encrypt_recording(keys, tmp_path, PCM)
    (comments_directory(tmp_path) / recording.file).unlink()
    with pytest.raises(CustodyError, match=r"^a recording's file is gone$"):
        decrypt_recording(keys, tmp_path, recording)


def test_another_recording_s_file_is_refused(tmp_path: Path, keys: Keys) -> None:
    one, other = (encrypt_recording(keys, tmp_path, PCM) for _ in range(2))
    folder = comments_directory(tmp_path)
    (folder / one.file).replace(folder / other.file)
    with pytest.raises(CustodyError):
        decrypt_recording(keys, tmp_path, other)


def test_its_words_are_sealed_with_its_own_key(tmp_path: Path, keys: Keys) -> None:
    one, other = (encrypt_recording(keys, tmp_path, PCM) for _ in range(2))
    sealed = seal_text(keys, one, TEXT)
    assert unseal_text(keys, one, sealed) == TEXT
    assert b"telefon" not in sealed
    with pytest.raises(CustodyError, match="a sealed text does not open"):
        unseal_text(keys, other, sealed)


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """The system refuses longer files, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_is_one_clear_line_and_leaves_no_half_file(tmp_path: Path, keys: Keys) -> None:
    whole = encrypt_recording(keys, tmp_path, PCM)
    with largest_file(10_000), pytest.raises(CustodyError, match=r"comments: cannot keep a recording: File too large"):
        encrypt_recording(keys, tmp_path, PCM)
    assert [path.name for path in comments_directory(tmp_path).iterdir()] == [whole.file]
    assert decrypt_recording(keys, tmp_path, whole) == PCM

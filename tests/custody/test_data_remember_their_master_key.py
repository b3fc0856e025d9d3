from pathlib import Path

import pytest

from appliance.custody.keys import load_keys, master_key_path
from appliance.errors import CustodyError


def test_a_missing_key_is_not_replaced_once_there_are_data(tmp_path: Path) -> None:
    load_keys(tmp_path)
    master_key_path(tmp_path).unlink()
    with pytest.raises(CustodyError, match=r"the master key is missing.*put back its backup"):
        load_keys(tmp_path)
    assert not master_key_path(tmp_path).exists()


def test_another_boxs_key_is_refused(tmp_path: Path) -> None:
    load_keys(tmp_path / "ours")
    load_keys(tmp_path / "theirs")
    ours = master_key_path(tmp_path / "ours")
    ours.unlink()
    ours.write_bytes(master_key_path(tmp_path / "theirs").read_bytes())
    with pytest.raises(CustodyError, match="not the master key that the data"):
        load_keys(tmp_path / "ours")


def test_the_fingerprint_tells_nothing_of_the_key(tmp_path: Path) -> None:
    keys = load_keys(tmp_path)
    fingerprint = (tmp_path / "master-key.fingerprint").read_text(encoding="ascii")
    secrets = [master_key_path(tmp_path).read_bytes(), keys.sealing, keys.wrapping, keys.hashing, keys.web]
    assert not [secret for secret in secrets if secret.hex() in fingerprint]

import hashlib
import os
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from full_disk import fill, small_disk
from model_host import Host, body, model_host, one_after_another, status
from model_shelf import CONFIG, WEIGHTS, write_catalog
from pbx.certificates import Authority

from appliance import catalog
from appliance.errors import ModelError

_POINTER = (
    f"version https://git-lfs.github.com/spec/v1\n"
    f"oid sha256:{hashlib.sha256(WEIGHTS).hexdigest()}\nsize {len(WEIGHTS)}\n"
).encode()
_REPOSITORY = "/Example/hub-whisper"
_WEIGHTS_PATH = f"{_REPOSITORY}/resolve/0123abcd/model.bin"


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_catalog(tmp_path / "shipped")
    monkeypatch.setattr("appliance.catalog._entries.shipped_directory", lambda: tmp_path / "shipped")
    monkeypatch.setattr("appliance.catalog._download._WAIT_SECONDS", 0.0)
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    return tmp_path / "shelf"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """A repository whose weights lie where each test says."""
    with model_host() as host:
        host.answers = {
            f"{_REPOSITORY}/raw/0123abcd/model.bin": body(_POINTER),
            f"{_REPOSITORY}/raw/0123abcd/config.json": body(CONFIG),
        }
        monkeypatch.setenv("HF_ENDPOINT", host.address)
        yield host


def refusal(shelf: Path) -> str:
    with pytest.raises(ModelError) as refused:
        catalog.install("hub-whisper", shelf)
    assert "\n" not in str(refused.value)
    assert not (shelf / "hub-whisper").exists()
    assert [path for path in shelf.iterdir() if path.name != "filler"] == []
    return str(refused.value)


def test_weights_may_lie_on_another_host(hub: Host, shelf: Path) -> None:
    with model_host() as store:
        store.answers["/blobs/1?signature=x"] = body(WEIGHTS)
        hub.answers[_WEIGHTS_PATH] = status(302, f"{store.address}/blobs/1?signature=x")
        assert (catalog.install("hub-whisper", shelf) / "model.bin").read_bytes() == WEIGHTS
    assert len(store.asked) == 1


def test_a_redirection_away_from_tls_is_refused(hub: Host, shelf: Path) -> None:
    hub.answers[_WEIGHTS_PATH] = status(302, "http://models.example/blobs/1")
    assert "http://models.example/blobs/1: a model is fetched over https only" in refusal(shelf)


def test_a_circle_of_redirections_ends(hub: Host, shelf: Path) -> None:
    hub.answers[_WEIGHTS_PATH] = status(302, f"{hub.address}{_WEIGHTS_PATH}")
    assert "redirect" in refusal(shelf)


def test_a_connection_that_is_cut_is_taken_up_where_it_ended(hub: Host, shelf: Path) -> None:
    hub.answers[_WEIGHTS_PATH] = body(WEIGHTS, at_most=2000)
    assert (catalog.install("hub-whisper", shelf) / "model.bin").read_bytes() == WEIGHTS
    assert hub.ranges(_WEIGHTS_PATH) == ["", "bytes=2000-", "bytes=4000-"]


def test_a_host_that_cannot_resume_sends_it_again(hub: Host, shelf: Path) -> None:
    hub.answers[_WEIGHTS_PATH] = one_after_another(body(WEIGHTS, at_most=2000), body(WEIGHTS, resumes=False))
    assert (catalog.install("hub-whisper", shelf) / "model.bin").read_bytes() == WEIGHTS


def test_a_busy_host_is_asked_again(hub: Host, shelf: Path) -> None:
    hub.answers[_WEIGHTS_PATH] = one_after_another(status(503), status(429), body(WEIGHTS))
    catalog.verify(catalog.install("hub-whisper", shelf))


def test_a_host_that_never_sends_anything_is_given_up(hub: Host, shelf: Path) -> None:
    hub.answers[_WEIGHTS_PATH] = body(WEIGHTS, at_most=0)
    assert f"{_WEIGHTS_PATH}: ended after 0 of 5000 bytes; without a network" in refusal(shelf)
    assert len(hub.ranges(_WEIGHTS_PATH)) == 5


@pytest.mark.parametrize(("code", "reason"), [(401, "Unauthorized"), (403, "Forbidden"), (404, "Not Found")])
def test_a_refusal_is_not_asked_twice(hub: Host, shelf: Path, code: int, reason: str) -> None:
    hub.answers[_WEIGHTS_PATH] = status(code)
    assert f"{_WEIGHTS_PATH}: {reason}; " in refusal(shelf)
    assert len(hub.ranges(_WEIGHTS_PATH)) == 1


def test_a_wrong_byte_is_refused(hub: Host, shelf: Path) -> None:
    hub.answers[_WEIGHTS_PATH] = body(WEIGHTS[:-1] + bytes([WEIGHTS[-1] ^ 1]))
    assert "model.bin from Example/hub-whisper@0123abcd: its SHA-256 is wrong" in refusal(shelf)


def test_a_file_longer_than_the_repository_states_is_refused(hub: Host, shelf: Path) -> None:
    hub.answers[_WEIGHTS_PATH] = body(WEIGHTS + b"!")
    assert "has 5001 bytes where 5000 belong" in refusal(shelf)


def test_nobody_there_is_one_clear_line(hub: Host, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with model_host() as gone:
        address = gone.address
    monkeypatch.setenv("HF_ENDPOINT", address)
    assert "Connection refused" in refusal(shelf)


def test_a_certificate_that_nobody_vouches_for_is_refused_and_one_of_the_house_s_own_will_do(
    hub: Host, shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority()
    certificate, key = authority.issue(("127.0.0.1",))
    (tmp_path / "host.pem").write_text(certificate + key)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "host.pem")
    hub.answers[_WEIGHTS_PATH] = body(WEIGHTS)
    with model_host(tls) as secure:
        secure.answers = hub.answers
        monkeypatch.setenv("HF_ENDPOINT", secure.address)
        assert "certificate verify failed" in refusal(shelf)
        assert secure.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.write(tmp_path / "house.pem")))
        catalog.verify(catalog.install("hub-whisper", shelf))


def test_the_proxy_of_the_environment_is_asked(hub: Host, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy is asked for whole addresses; it answers for a host that is not there."""
    with model_host() as proxy:
        there = "http://127.0.0.1:9"
        for path, answer in hub.answers.items():
            proxy.answers[there + path] = answer
        proxy.answers[there + _WEIGHTS_PATH] = body(WEIGHTS)
        monkeypatch.setenv("HF_ENDPOINT", there)
        monkeypatch.setenv("http_proxy", proxy.address)
        catalog.verify(catalog.install("hub-whisper", shelf))
    assert hub.asked == []


def test_a_disk_without_room_is_known_before_anything_is_fetched(
    hub: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "shelf", 70) as shelf:
        fill(shelf, leave_bytes=1 << 20)
        assert "MB are needed and 1 MB are free; make room" in refusal(shelf)
    assert hub.asked == []


def test_a_disk_that_fills_up_meanwhile_is_one_clear_line(
    hub: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.catalog._download.SPARE_BYTES", 0)
    large = b"weights!" * (1 << 18)
    hub.answers[_WEIGHTS_PATH] = body(large)
    with small_disk(tmp_path / "shelf", 4) as shelf:
        monkeypatch.setattr("appliance.catalog._download.demand_room", lambda *_: None)
        monkeypatch.setattr("appliance.catalog._install.demand_room", lambda *_: None)
        fill(shelf, leave_bytes=1 << 20)
        assert f"cannot install hub-whisper in {shelf}: No space left on device" in refusal(shelf)


def test_progress_is_told_in_bytes(hub: Host, shelf: Path) -> None:
    hub.answers[_WEIGHTS_PATH] = body(WEIGHTS, at_most=3000)
    told: list[tuple[str, int, int]] = []
    catalog.install("hub-whisper", shelf, watch=lambda *each: told.append(each))
    assert ("model.bin", 3000, 5000) in told
    assert ("model.bin", 5000, 5000) in told

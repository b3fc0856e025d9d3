import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from model_host import Answer, Host, body, model_host, status
from model_shelf import CONFIG, WEIGHTS, write_catalog

_PATH = "/Example/hub-whisper/raw/0123abcd"
PROGRAM = """
from pathlib import Path
from appliance import catalog
from appliance.catalog import _entries
_entries.shipped_directory = lambda: Path({shipped!r})
print(catalog.install("hub-whisper", Path({shelf!r}), say=lambda line: print(line, flush=True)), flush=True)
"""


def half(release: Event) -> Answer:
    """Half of the weights, and then nothing until it is released."""

    def answer(handler: object) -> None:
        handler.send_response(200)  # type: ignore[attr-defined]
        handler.send_header("Content-Length", str(len(WEIGHTS)))  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]
        handler.wfile.write(WEIGHTS[:2500])  # type: ignore[attr-defined]
        release.wait(60)

    return answer


@pytest.fixture
def release() -> Iterator[Event]:
    event = Event()
    yield event
    event.set()


@pytest.fixture
def hub() -> Iterator[Host]:
    with model_host() as host:
        host.answers = {f"{_PATH}/config.json": body(CONFIG), f"{_PATH}/model.bin": status(404)}
        yield host


def begin(tmp_path: Path, hub: Host) -> "subprocess.Popen[str]":
    write_catalog(tmp_path / "shipped")
    program = PROGRAM.format(shipped=f"{tmp_path / 'shipped'}", shelf=f"{tmp_path / 'shelf'}")
    environment = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    command = [sys.executable, "-c", program]
    return subprocess.Popen(command, env=environment | {"HF_ENDPOINT": hub.address}, stdout=subprocess.PIPE, text=True)


def wait_for(hub: Host, count: int) -> None:
    deadline = time.monotonic() + 30
    while len(hub.asked) < count:
        assert time.monotonic() < deadline, hub.asked
        time.sleep(0.05)


def test_one_killed_halfway_is_followed_by_a_clean_one(tmp_path: Path, hub: Host, release: Event) -> None:
    hub.answers[f"{_PATH}/model.bin"] = half(release)
    first = begin(tmp_path, hub)
    try:
        wait_for(hub, 1)
        second = begin(tmp_path, hub)  # waits for the first
        try:
            assert second.stdout
            assert second.stdout.readline().startswith("waiting for another installation")
            hub.answers[f"{_PATH}/model.bin"] = body(WEIGHTS)
            first.send_signal(signal.SIGKILL)
            said, _ = second.communicate(timeout=60)
        finally:
            second.kill()
            second.communicate()
    finally:
        first.kill()
        first.communicate()
    assert said.splitlines()[-1] == f"{tmp_path / 'shelf' / 'hub-whisper'}"
    assert [path.name for path in (tmp_path / "shelf").iterdir()] == ["hub-whisper"]
    assert (tmp_path / "shelf" / "hub-whisper" / "model.bin").read_bytes() == WEIGHTS

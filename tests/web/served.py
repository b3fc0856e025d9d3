"""The real server as a process of its own, on a free port."""

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.store import open_store, processes

_START_SECONDS = 30


def web_process(storage: Path, bind: str = "127.0.0.1:0", more: str = "") -> "subprocess.Popen[str]":
    """`efterklang web` as one starts it, with its messages on a pipe."""
    config = storage / "efterklang.toml"
    config.write_text(f'[storage]\ndirectory = "{storage}"\n[web]\nbind = "{bind}"\n{more}', encoding="utf-8")
    command = [sys.executable, "-m", "appliance", "--config", str(config), "web"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def address_of(process: "subprocess.Popen[str]", storage: Path) -> str:
    """Where it says that it answers, once it has said so."""
    db = open_store(storage)
    try:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            for beat in processes.all_beats(db):
                if beat.name == "web" and beat.note.startswith("127.0.0.1:"):
                    return f"http://{beat.note}"
            time.sleep(0.05)
    finally:
        db.close()
    process.kill()
    raise AssertionError(f"the page did not start: {process.communicate()[1]}")


@contextmanager
def serving(storage: Path, more: str = "") -> Iterator[str]:
    """The address of a page that is served while the block runs; `more` stands in its configuration."""
    with web_process(storage, more=more) as process:
        try:
            yield address_of(process, storage)
        finally:
            process.terminate()
            process.communicate(timeout=20)


def status_of(address: str, path: str) -> int:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()

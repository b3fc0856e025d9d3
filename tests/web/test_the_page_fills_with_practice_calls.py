"""`efterklang run` as a newcomer starts it: log in, and the first comment arrives while the page is open."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from browser import chromium, new_tab
from visitors import NAME, PASSWORD

_COMMENT_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(storage: Path) -> Iterator[str]:
    """The whole tree of processes in the practice municipality; Ctrl-C stops it and leaves nothing behind."""
    address = f"127.0.0.1:{free_port()}"
    config = storage / "efterklang.toml"
    config.write_text(f'[storage]\ndirectory = "{storage}"\n[web]\nbind = "{address}"\n', encoding="utf-8")
    command = [sys.executable, "-m", "appliance", "--config", str(config)]
    subprocess.run([*command, "user", "add", NAME], input=f"{PASSWORD}\n", text=True, check=True)
    with subprocess.Popen([*command, "run"]) as tree:
        try:
            yield address
        finally:
            tree.send_signal(signal.SIGINT)
            assert tree.wait(timeout=30) == 0
    left = subprocess.run(["pgrep", "-f", str(config)], capture_output=True, text=True, check=False).stdout
    assert left == "", "processes outlived Ctrl-C"


def wait_until_it_answers(address: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(f"http://{address}/health", timeout=2).close()
        except OSError:
            assert time.monotonic() < deadline, "the page did not come up"
            time.sleep(0.2)
        else:
            return


def test_the_first_comment_arrives_on_the_open_page_within_a_minute(tmp_path: Path) -> None:
    with running(tmp_path) as address, chromium() as browser:
        wait_until_it_answers(address)
        tab = new_tab(browser, f"http://{address}")
        tab.log_in()
        tab.page.wait_for_selector(".comment .tag", timeout=_COMMENT_SECONDS * 1000)
        assert tab.complaints == []
        assert tab.foreign == []

"""SIPp as the far end of a trunk: a caller, or whoever does what no well-behaved PBX does. Scenarios lie in `sipp/`."""

import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pbx.asterisk import free_port
from pbx.config import OUTSIDE_ADDRESS

_SCENARIOS: Final = Path(__file__).parent / "sipp"


def missing() -> str | None:
    """Why there is no SIPp here, None where there is."""
    return None if shutil.which("sipp") else "needs SIPp: run: sudo scripts/pbx"


class Sipp:
    """One call by a scenario; `keys` fill in [KEY]s. Says back what it hears so that the sound goes on.

    It rings `at`, a port of 127.0.0.1; without one it waits to be rung.
    """

    def __init__(self, folder: Path, scenario: str, *, echoes: bool = True, at: int = 0, **keys: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self._folder = folder
        text = (_SCENARIOS / f"{scenario}.xml").read_text(encoding="utf-8")
        for key, value in keys.items():  # SIPp itself fills in no status
            text = text.replace(f"[{key}]", value)
        filled = folder / "scenario.xml"
        filled.write_text(text, encoding="utf-8")
        media = free_port() & ~1
        own = OUTSIDE_ADDRESS if at else "127.0.0.1"
        self._command = [
            *("sipp", "-sf", str(filled), "-m", "1", "-i", own, "-p", str(self.port)),
            *("-mi", own, "-mp", str(media), "-nostdin", "-trace_err", "-trace_msg"),
            *("-message_file", str(folder / "messages"), "-error_file", str(folder / "errors")),
            *(["-rtp_echo"] if echoes else []),
            *([f"127.0.0.1:{at}"] if at else []),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with (self._folder / "console").open("wb") as console:
            self._process = subprocess.Popen(self._command, cwd=self._folder, stdout=console, stderr=console)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def wait(self, seconds: float) -> None:
        """Until its call is over as the scenario has it."""
        assert self._process is not None
        assert self._process.wait(seconds) == 0, self.messages()[-2000:]

    def messages(self) -> str:
        """Every SIP message that it sent or got."""
        file = self._folder / "messages"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

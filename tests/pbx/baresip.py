"""A telephone that this project did not write: baresip, on the exchange's extension `phone` or beside any other."""

import shutil
import socket
import subprocess
import time
import wave
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pbx.asterisk import free_port
from pbx.config import PASSWORD

from appliance.sound import CALL_RATE_HZ

_CONFIG: Final = """
sip_listen 127.0.0.1:{port}
net_interface 127.0.0.1
call_local_timeout 120
call_max_calls 8
audio_source aufile,{folder}/says.wav
audio_srate 8000-8000
audio_channels 1-1
ausrc_srate 8000
auplay_srate 8000
audio_path /nowhere
rtp_ports {rtp}-{rtp_end}
module_path {modules}
module stdio.so
module g711.so
module aufile.so
module_tmp account.so
module_app menu.so
"""
_GREATEST_SECONDS: Final = 400
_MODULES: Final = Path("/usr/lib/baresip/modules")


def missing() -> str | None:
    """Why there is no such telephone here, None where there is."""
    return None if shutil.which("baresip") else "needs baresip: run: sudo scripts/pbx"


def _write_speech(path: Path, says: Path | None) -> None:
    """A file longer than any call: baresip hangs up when it ends."""
    pcm = bytes(2 * CALL_RATE_HZ)
    if says is not None:
        with wave.open(str(says)) as file:
            pcm = file.readframes(file.getnframes())
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, CALL_RATE_HZ, 0, "NONE", ""))
        file.writeframes(pcm * (_GREATEST_SECONDS * 2 * CALL_RATE_HZ // len(pcm) + 1))


def _free_ports() -> int:
    """A port that is free for SIP by UDP and TCP, and whose next one is for TLS."""
    while True:
        port = free_port()
        try:
            for each in (port, port + 1):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", each))
        except OSError:
            continue
        return port


class Baresip:
    """Registers at the exchange's UDP port on entering. `says` is an 8 kHz WAV file that it speaks all the time."""

    def __init__(
        self, folder: Path, exchange_port: int, says: Path | None = None, *, user: str = "phone", answers: bool = True
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = _free_ports()
        rtp = min(free_port() & ~1, 65000)
        _write_speech(folder / "says.wav", says)
        text = _CONFIG.format(port=self.port, folder=folder, modules=_MODULES, rtp=rtp, rtp_end=rtp + 40)
        (folder / "config").write_text(text, encoding="utf-8")
        account = f"<sip:{user}@127.0.0.1:{exchange_port}>;auth_pass={PASSWORD};regint=60"
        mode = "auto" if answers else "manual"
        (folder / "accounts").write_text(f"{account};answermode={mode};audio_codecs=PCMA,PCMU\n", encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with (self.folder / "console").open("wb") as console:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "baresip", "-f", str(self.folder)],
                stdin=subprocess.PIPE, stdout=console, stderr=console, cwd=self.folder,
            )  # fmt: skip
        try:
            self.wait_for("200 OK", 10)
        except AssertionError:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.communicate()

    def said(self) -> str:
        """What its console shows."""
        return (self.folder / "console").read_text(encoding="utf-8", errors="replace")

    def wait_for(self, text: str, seconds: float, times: int = 1) -> None:
        """Until its console has shown a text so often."""
        end = time.monotonic() + seconds
        while self.said().count(text) < times:
            assert time.monotonic() < end, f"baresip did not say {text!r}: {self.said()[-1500:]}"
            time.sleep(0.05)

    def dial(self, asked: str) -> None:
        self._tell(f"/dial {asked}\n")

    def answer(self) -> None:
        self._tell("/accept\n")

    def hang_up(self) -> None:
        self._tell("/hangup\n")

    def hold(self) -> None:
        """By re-INVITE: it wants to hear and say nothing for a while."""
        self._tell("/hold\n")

    def resume(self) -> None:
        self._tell("/resume\n")

    def transfer(self, to: str) -> None:
        """Put the other end of a call through to a SIP address, without a word (REFER)."""
        self._tell(f"/transfer {to}\n")

    def press(self, key: str) -> None:
        """In a call, by RFC 4733."""
        self._tell(key)

    def _tell(self, text: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(text.encode())
        self._process.stdin.flush()

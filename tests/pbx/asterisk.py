"""A real PBX to ring: one Asterisk in the folder that `scripts/pbx` made, on loopback, configured afresh."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pbx import contact_center
from pbx.certificates import Authority
from pbx.citizens import COMMENTS, Citizen, dialplan
from pbx.config import MODULES, Ports, files

RELEASES: Final = ("16", "22")
PLACE: Final = Path(os.environ.get("EFTERKLANG_PBX", "/var/cache/efterklang-pbx"))
_BOOT_SECONDS: Final = 30.0
_TICKS_A_SECOND: Final = os.sysconf("SC_CLK_TCK")


def missing(release: str) -> str | None:
    """Why this Asterisk cannot be started here, None where it can."""
    if os.geteuid() != 0:
        return "needs root, for chroot"
    if not (PLACE / f"asterisk-{release}" / "usr/sbin/asterisk").exists():
        return f"needs Asterisk {release}: run: sudo scripts/pbx"
    return None


def free_port(kind: socket.SocketKind = socket.SOCK_DGRAM) -> int:
    """A port of 127.0.0.1 that nobody has at this moment."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Asterisk:
    """Started on entering; many at once do not meet. `box_port` is where a trunk's box can be rung (0: nowhere)."""

    def __init__(
        self, release: str = "22", *, citizens: Iterable[Citizen] | None = None, authority: Authority | None = None,
        certificate_names: tuple[str, ...] = ("localhost", "127.0.0.1"), box_port: int = 0, extra_dialplan: str = "",
        extra_pjsip: str = "",
    ) -> None:  # fmt: skip
        self.release = release
        self.authority = authority or Authority()
        tcp, tls, ami, ami_tls = (free_port(socket.SOCK_STREAM) for _ in range(4))
        self.ports = Ports(free_port(), tcp, tls, box_port or free_port(), ami, ami_tls)
        self._root = PLACE / f"asterisk-{release}"
        self._folder = Path(tempfile.mkdtemp(prefix="efterklang-", dir=self._root / "tmp"))
        self._process: subprocess.Popen[bytes] | None = None
        inside = Path("/") / self._folder.relative_to(self._root)
        modules = next((self._root / "usr/lib").rglob("chan_pjsip.so")).parent
        there = [f"load = {name}.so" for name in MODULES if (modules / f"{name}.so").exists()]
        certificate, key = self.authority.issue(certificate_names)
        written = {
            **files(inside, Path("/") / modules.relative_to(self._root), self.ports),
            "modules.conf": "\n".join(["[modules]", "autoload = no", *there]),
            "certificate.pem": certificate,
            "key.pem": key,
            "extensions.conf": dialplan(inside, citizens) + contact_center.DIALPLAN + extra_dialplan,
        }
        written["pjsip.conf"] += extra_pjsip
        for name, text in written.items():
            (self._folder / name).write_text(text + "\n", encoding="utf-8")
        for name in ("run", "db", "log", "spool", "data"):
            (self._folder / name).mkdir()
        shutil.copytree(self._root / "usr/share/asterisk/documentation", self._folder / "data" / "documentation")
        shutil.copytree(COMMENTS, self._folder / "comments")
        self._conf = str(inside / "asterisk.conf")

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def folder(self) -> Path:
        """Its configuration, log and spool, as seen from outside its root; gone after `stop`."""
        return self._folder

    @property
    def pid(self) -> int:
        assert self._process is not None, "it does not run"
        return self._process.pid

    def start(self, *, forget: bool = False) -> None:
        """Begin, or begin again on the same ports after `kill`; `forget`: without the registrations it knew."""
        if forget:
            for file in (self._folder / "db").iterdir():
                file.unlink()
        with (self._folder / "console").open("ab") as console:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "chroot", self._root, "asterisk", "-f", "-C", self._conf],
                stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True,
            )  # fmt: skip
        end = time.monotonic() + _BOOT_SECONDS
        while "fully booted" not in self.cli("core waitfullybooted"):
            said = (self._folder / "console").read_text(errors="replace")[-2000:]
            assert self._process.poll() is None, f"Asterisk ended at once: {said}"
            assert time.monotonic() < end, f"Asterisk does not come up: {said}"
            time.sleep(0.1)

    def kill(self) -> None:
        """As a power cut would; `start` brings it back."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def pause(self) -> None:
        """Neither SIP nor RTP goes on, and no port is closed: the cable is out."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def stop(self) -> None:
        """End it and remove what it wrote."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def cli(self, command: str) -> str:
        """What its console says to a command; empty where it does not run."""
        arguments = ["chroot", self._root, "asterisk", "-C", self._conf, "-rx", command]
        return subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=60).stdout

    def channels(self) -> int:
        """How many calls' ends it holds at this moment."""
        return int(self.cli("core show channels count").split()[0])

    def contacts(self, user: str = "efterklang") -> int:
        """How many phones are registered under a user."""
        return sum(f"Contact:  {user}/" in line for line in self.cli("pjsip show contacts").splitlines())

    def listen_in(self) -> None:
        """From here on `sip_messages` has every SIP message that it sends or gets."""
        self.cli("pjsip set logger on")

    def sip_messages(self) -> str:
        return (self._folder / "log" / "sip").read_text(encoding="utf-8", errors="replace")

    def heard(self) -> list[Path]:
        """What the box has said in each call that went to a telephone, a WAV file each, the oldest first."""
        return sorted((self._folder / "spool").glob("*.wav"))

    def hang_up(self) -> None:
        """End every call, as an operator would."""
        self.cli("channel request hangup all")

    def ring_box(self, citizen: Citizen, asked: str, *, registered: bool = False) -> None:
        """Let a citizen ring the box at `asked`; once it answers, the citizen does what it would do if it were rung."""
        way = "registered" if registered else "trunk"
        caller = citizen.number
        self.cli(f"channel originate Local/{caller}*{asked}@outside-{way}/n extension {caller}@citizens")

    def cpu_seconds(self) -> float:
        """Processor time used since the start, user and system."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND

    def rss_bytes(self) -> int:
        pages = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

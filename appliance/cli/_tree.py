"""A tree of processes in the foreground: started in order, watched, started again after a crash, stopped in reverse."""

import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Final

from appliance.cli import Invocation
from appliance.cli._keeper import Keeper
from appliance.errors import EfterklangError
from appliance.signals import child_environment

_STOP_SECONDS: Final = 8.0
_EARLY_SECONDS: Final = 5.0
_MAX_BACK_OFF_SECONDS: Final = 30.0


@dataclass
class _Child:
    name: str
    arguments: list[str]
    keeper: Keeper | None
    process: "subprocess.Popen[bytes]"
    started_at: float
    ever_lived: bool = False
    back_off_seconds: float = 0.5
    again_at: float | None = None


class ProcessTree:
    """Our own commands as child processes; their output goes to stderr."""

    def __init__(self, invocation: Invocation) -> None:
        self._base = [sys.executable, "-m", "appliance", *invocation.options()]
        self._children: list[_Child] = []

    def start(self, name: str, *arguments: str, keeps_sockets: bool = False) -> int:
        """Start a command as a child; returns its process id. One that keeps sockets must be watched."""
        keeper = Keeper() if keeps_sockets else None
        child = _Child(name, list(arguments), keeper, self._spawn(arguments, keeper), time.monotonic())
        self._children.append(child)
        return child.process.pid

    def watch(self) -> None:
        """Start again what has crashed; EfterklangError where a child could not even begin its work."""
        now = time.monotonic()
        for child in self._children:
            if child.keeper:
                child.keeper.collect()
            if child.again_at is not None:
                if now >= child.again_at:
                    child.process = self._spawn(child.arguments, child.keeper)
                    child.started_at, child.again_at = now, None
            elif (code := child.process.poll()) is not None:
                if code > 0 and not child.ever_lived:
                    raise ChildError(child.name, code)
                self._later(child, code, now)
            elif now - child.started_at > _EARLY_SECONDS:
                child.ever_lived = True
                child.back_off_seconds = 0.5

    def is_alive(self, name: str) -> bool:
        return any(child.name == name and child.process.poll() is None for child in self._children)

    def stop(self) -> None:
        """Ask each to stop, the last one first; whoever does not is killed."""
        for child in reversed(self._children):
            if child.process.poll() is None:
                child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        for child in reversed(self._children):
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
            if child.keeper:
                child.keeper.close()
        self._children.clear()

    def _spawn(self, arguments: "list[str] | tuple[str, ...]", keeper: Keeper | None) -> "subprocess.Popen[bytes]":
        command, environment = [*self._base, *arguments], child_environment()
        if keeper:
            command, environment = keeper.command(command), environment | keeper.environment()
        # A session of its own: Ctrl-C reaches only us, and we stop the children in order.
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno(),
            env=environment,
            pass_fds=keeper.descriptors if keeper else (),
            start_new_session=True,
        )

    @staticmethod
    def _later(child: _Child, code: int, now: float) -> None:
        why = f"signal {-code}" if code < 0 else f"exit code {code}"
        print(f"efterklang: {child.name} ended with {why}; starting it again", file=sys.stderr)  # noqa: T201 -- to the operator
        child.again_at = now + child.back_off_seconds
        child.back_off_seconds = min(_MAX_BACK_OFF_SECONDS, child.back_off_seconds * 2)


class ChildError(EfterklangError):
    """A child ended at once; it has said why itself."""

    def __init__(self, name: str, code: int) -> None:
        super().__init__(f"{name} could not start (its reason stands above); everything is stopped")
        self.exit_code = code

"""How far something long has come, on stderr: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from typing import Final

import click

_QUIET_SECONDS: Final = 2.0
"""Work that is done sooner needs no word of progress."""
_REDRAW_SECONDS: Final = 0.2
_LINE_SECONDS: Final = 10.0
_WIDTH: Final = 24


class ProgressBar:
    """Told bytes done; one piece of work after another, each by its name."""

    def __init__(self) -> None:
        self._what = ""
        self._next_at = 0.0
        self._is_drawn = False

    def __call__(self, what: str, done_bytes: int, total_bytes: int) -> None:
        """Draw where there is anything new to see; the total is 0 where nobody knows it."""
        now = time.monotonic()
        if what != self._what or done_bytes == 0:
            self.end()
            self._what, self._next_at = what, now + _QUIET_SECONDS
        is_terminal = sys.stderr.isatty()
        if now >= self._next_at or (self._is_drawn and done_bytes == total_bytes):
            self._next_at = now + (_REDRAW_SECONDS if is_terminal else _LINE_SECONDS)
            self._is_drawn = is_terminal
            line = f"{what}: {_bar(done_bytes, total_bytes)}"
            click.echo(f"\r{line}" if is_terminal else line, nl=not is_terminal, err=True)

    def end(self) -> None:
        """Leave the line, so that the next message begins on one of its own."""
        if self._is_drawn:
            click.echo(err=True)
        self._is_drawn = False


def _bar(done_bytes: int, total_bytes: int) -> str:
    if not total_bytes:
        return f"{done_bytes / 1e6:.0f} MB"
    filled = _WIDTH * done_bytes // total_bytes
    megabytes = f"{done_bytes / 1e6:.0f} of {total_bytes / 1e6:.0f} MB"
    return f"[{'#' * filled:<{_WIDTH}}] {100 * done_bytes // total_bytes:3} %  {megabytes}"

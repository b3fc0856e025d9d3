"""Logging: one line to stderr (systemd's journal keeps it), and never a telephone number in it."""

import logging
import re
import sys
from typing import Final

_DIGITS: Final = re.compile(r"\+?\d(?:[\s-]?\d){6,}")


class Redacting(logging.Formatter):
    """Masks every run of seven digits or more: whatever it was, the log does not need it."""

    def format(self, record: logging.LogRecord) -> str:
        return _DIGITS.sub("[digits]", super().format(record))


def set_up(process: str) -> None:
    """Send INFO and above to stderr, with the process's name."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(f"%(levelname)-7s {process}: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)

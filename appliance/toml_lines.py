"""Where a key stands in a TOML file, for messages that name the line."""

import re


def line_of(text: str, keys: list[str]) -> int | None:
    """The line (from 1) where a dotted key stands; the nearest parent's line where it stands nowhere."""
    table: list[str] = []
    best, best_depth = None, 0
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
            table = [part.strip().strip("\"'") for part in header[1].split(".")]
            here = table
        elif key := re.match(r"\s*([A-Za-z0-9_.\-\"']+)\s*=", line):
            here = table + [part.strip("\"'") for part in key[1].split(".")]
        else:
            continue
        if here == keys[: len(here)] and len(here) > best_depth:
            best, best_depth = number, len(here)
    return best

"""How fast, how rightly and how soon comments become words, beside faster-whisper on the same model and machine.

    scripts/bench speech [--speech FOLDER] [--comments N] [--rounds N] [--only SECTION,…] [--json]

Sections: throughput, bands, confidence, silence, hang_up. FOLDER holds human sentences and a manifest.jsonl that says
what is said in them; without it the shipped comments stand in. Markdown tables, or JSON lines. faster-whisper is
installed by scripts/setup --extra bench.
"""

import argparse
import importlib.util
import json
import os
import platform
import re
import sys
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.parts import accuracy, hang_up, spoken, throughput
from bench.parts.recognisers import LANGUAGE, Task, settings

from appliance.speech import load_engine

Rows = list[dict[str, Any]]


class Session:
    """What was asked for, and where its figures go."""

    def __init__(self, asked: argparse.Namespace, folder: Path) -> None:
        self.asked = asked
        self.folder = folder
        self.has_peer = _is_here("faster_whisper")
        self.task = Task([], asked.model, asked.beam, asked.threads or os.cpu_count() or 1)

    def tell(self, title: str, rows: Iterable[dict[str, Any]], table: Callable[[Rows], list[str]]) -> None:
        """Each row as it comes, or their table at the end."""
        kept: Rows = []
        for row in rows:
            kept.append(row)
            if self.asked.json:
                print(json.dumps(row, ensure_ascii=False), flush=True)
        if not self.asked.json:
            print("\n".join([f"\n### {title}", *table(kept)]), flush=True)

    def throughput(self) -> None:
        comments = spoken.comments(self.asked.speech, self.asked.comments)
        files = throughput.write(comments, self.folder / "comments")
        task = Task([str(file) for file in files], self.task.model, self.task.beam, self.task.threads)
        seconds = sum(one.sound.seconds for one in comments)
        who = self.asked.who.split(",") if self.asked.who else throughput.names(has_peer=self.has_peer)
        rows = throughput.measure(comments, task, self.folder, who, self.asked.rounds)
        title = f"Throughput: {len(comments)} comments of 5–30 s, {seconds:.0f} s"
        self.tell(title, rows, throughput.table)

    def bands(self) -> None:
        named = accuracy.sets(self.asked.speech, self.asked.comments)
        rows = accuracy.by_band(load_engine(settings(self.task)), LANGUAGE, named)
        self.tell("Word error rate by line", rows, accuracy.by_band_table)

    def confidence(self) -> None:
        comments = spoken.comments(self.asked.speech, self.asked.comments)
        rows = accuracy.by_confidence(load_engine(settings(self.task)), LANGUAGE, comments)
        self.tell("Confidence", rows, accuracy.by_confidence_table)

    def silence(self) -> None:
        if not _is_here("scipy"):
            print("no sounds can be made without scipy; scripts/setup --extra bench gets it", file=sys.stderr)
            return
        from bench.parts import silence

        rows = silence.measure(self.task, self.folder, self.asked.clips, self.asked.peer_clips if self.has_peer else 0)
        self.tell("Nobody speaks", rows, silence.table)

    def hang_up(self) -> None:
        pool = spoken.comments(self.asked.speech, 100)
        rows = hang_up.measure(self.folder, pool, self.asked.waits, self.asked.live_calls)
        self.tell("From hang-up to opinions", rows, hang_up.table)


def _is_here(library: str) -> bool:
    return importlib.util.find_spec(library) is not None


def machine(session: Session) -> str:
    """What a figure is worth nothing without."""
    about = dict(
        re.findall(r"^(model name|cpu family)\s*: (.*)$", Path("/proc/cpuinfo").read_text("utf-8"), re.MULTILINE)
    )
    peer = version("faster-whisper") if session.has_peer else "missing"
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores of {about.get('model name', '?')} "
        f"(family {about.get('cpu family', '?')}), load {os.getloadavg()[0]:.1f}; Python {platform.python_version()}, "
        f"CTranslate2 {version('ctranslate2')}, faster-whisper {peer}; {session.task.model}, int8, "
        f"beam {session.task.beam}, {session.task.threads} threads, {LANGUAGE}"
    )


SECTIONS: dict[str, Callable[[Session], None]] = {
    "throughput": Session.throughput,
    "bands": Session.bands,
    "confidence": Session.confidence,
    "silence": Session.silence,
    "hang_up": Session.hang_up,
}


def options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speech", type=Path, help="a folder of human sentences with a manifest.jsonl")
    parser.add_argument("--comments", type=int, default=100, help="how many of a kind")
    parser.add_argument("--rounds", type=int, default=2, help="turns of each recogniser; its quickest counts")
    parser.add_argument("--who", help="these recognisers only: " + ", ".join(throughput.NAMES))
    parser.add_argument("--clips", type=int, default=2000, help="sounds in which nobody speaks")
    parser.add_argument("--peer-clips", type=int, default=200, help="how many of them faster-whisper hears")
    parser.add_argument("--waits", type=int, default=30, help="comments from hang-up to page")
    parser.add_argument("--live-calls", type=int, default=0, help="calls under way meanwhile")
    parser.add_argument("--model", default="whisper-base")
    parser.add_argument("--beam", type=int, default=5)
    parser.add_argument("--threads", type=int, default=0, help="cores; 0 is all of them")
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, with commas between them")
    parser.add_argument("--json", action="store_true", help="JSON lines")
    return parser


def main() -> int:
    parser = options()
    asked = parser.parse_args()
    names = asked.only.split(",")
    if strange := [name for name in names if name not in SECTIONS]:
        parser.error(f"there is no section {', '.join(strange)}; there are {', '.join(SECTIONS)}")
    with tempfile.TemporaryDirectory() as folder:
        session = Session(asked, Path(folder))
        if not session.has_peer:
            print("faster-whisper is not here and is left out; scripts/setup --extra bench gets it", file=sys.stderr)
        about = machine(session)
        print(json.dumps({"section": "machine", "about": about}) if asked.json else about, flush=True)
        for name in names:
            SECTIONS[name](session)
    return 0


if __name__ == "__main__":
    sys.exit(main())

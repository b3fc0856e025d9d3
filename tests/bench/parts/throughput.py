"""Comments an hour, ours beside faster-whisper's: each in a process of its own, in turn, over the same files."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.parts.errors import Errors, difference, errors, rate
from bench.parts.recognisers import RECOGNISERS, Run, Task
from bench.parts.spoken import Spoken

from appliance.sound import write_wav

COMMAND: Final = "command"
NAMES: Final = {
    "engine": "Efterklang, `Engine.transcribe_all`",
    COMMAND: "Efterklang, `efterklang transcribe --json FILE…`, start and load included",
    "engine_one_by_one": "Efterklang, one comment after the other",
    "peer_default": "faster-whisper, default call",
    "peer_batched": "faster-whisper, batched pipeline, 8, a file a call",
    "peer_batched_across": "faster-whisper, batched pipeline, 8, all comments end to end",
}


def write(comments: Sequence[Spoken], folder: Path) -> list[Path]:
    """As files of 8 kHz, which everybody reads."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{number:04}.wav" for number in range(len(comments))]
    for file, comment in zip(files, comments, strict=True):
        write_wav(file, comment.sound.at(8000).samples)
    return files


def run(name: str, task: Task, folder: Path) -> Run:
    """One recogniser over the files, in a fresh process."""
    if name == COMMAND:
        return _command(task, folder)
    command = [sys.executable, "-W", "ignore", "-m", "bench.parts.recognisers", name]
    done = subprocess.run(command, input=json.dumps(asdict(task)), stdout=subprocess.PIPE, text=True, check=True)
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def _command(task: Task, folder: Path) -> Run:
    """The whole command as the shell sees it."""
    config, out = folder / "efterklang.toml", folder / "command.jsonl"
    speech = f'model = "{task.model}"\nbeam = {task.beam}\nthreads = {task.threads}\n'
    config.write_text(f"[speech]\n{speech}", encoding="utf-8")
    command = [sys.executable, "-m", "appliance", "--config", str(config), "transcribe", "--json", *task.files]
    begun = time.perf_counter()
    with out.open("w") as stdout:
        process = subprocess.Popen(command, stdout=stdout, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{' '.join(command[:7])} … ended with {process.returncode}"
    wall = time.perf_counter() - begun
    rows = [json.loads(row) for row in out.read_text("utf-8").splitlines()]
    texts = {row["file"]: row["text"] for row in rows}
    read = [texts[file] for file in task.files]
    return Run(read, 0.0, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def names(*, has_peer: bool) -> list[str]:
    ours = ["engine", COMMAND, "engine_one_by_one"]
    return [*ours, *(name for name in RECOGNISERS if name.startswith("peer"))] if has_peer else ours


def measure(
    comments: Sequence[Spoken], task: Task, folder: Path, who: Sequence[str], rounds: int
) -> Iterator[dict[str, Any]]:
    """A row a recogniser, the first of which is ours; they take turns, and the quickest turn of each counts."""
    runs: dict[str, list[Run]] = {name: [] for name in who}
    for turn in range(rounds):
        for name in who:
            made = run(name, task, folder)
            runs[name].append(made)
            print(f"round {turn + 1}, {name}: {made.wall_seconds:.1f} s", file=sys.stderr, flush=True)
            if turn + 1 == rounds:
                ours = _errors(comments, runs[who[0]][0].texts)
                yield {"section": "throughput", "who": name} | _row(comments, runs[name], ours) | _with(task)


def _with(task: Task) -> dict[str, Any]:
    return {"model": task.model, "beam": task.beam, "threads": task.threads}


def _row(comments: Sequence[Spoken], runs: Sequence[Run], ours: Sequence[Errors]) -> dict[str, Any]:
    best = min(runs, key=lambda each: each.wall_seconds)
    seconds = sum(comment.sound.seconds for comment in comments)
    found = _errors(comments, best.texts)
    return {
        "comments": len(comments),
        "audio_seconds": round(seconds),
        "load_seconds": round(median(each.load_seconds for each in runs), 2),
        "wall_seconds": [round(each.wall_seconds, 1) for each in runs],
        "cpu_seconds": [round(each.cpu_seconds, 1) for each in runs],
        "comments_per_hour": round(len(comments) / best.wall_seconds * 3600),
        "times_real_time": round(seconds / best.wall_seconds, 1),
        "peak_mib": round(max(each.peak_mib for each in runs)),
        "wer": str(rate(found)),
        "wer_by_kind": {kind: str(rate(part)) for kind, part in _by_kind(comments, found).items()},
        "wer_ours_minus_this": str(difference(ours, found)),
        "texts": best.texts,
    }


def _errors(comments: Sequence[Spoken], texts: Sequence[str]) -> list[Errors]:
    return [errors(comment.text, text) for comment, text in zip(comments, texts, strict=True)]


def _by_kind(comments: Sequence[Spoken], found: Sequence[Errors]) -> dict[str, list[Errors]]:
    kinds: dict[str, list[Errors]] = {}
    for comment, each in zip(comments, found, strict=True):
        kinds.setdefault(comment.kind, []).append(each)
    return kinds


def table(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Markdown."""
    ours = rows[0]["comments_per_hour"]
    lines = [
        "| | comments an hour | ours is | wall s (each round) | CPU s | peak MiB | WER % | ours minus this |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        times = "" if row is rows[0] else f"{ours / row['comments_per_hour']:.1f} ×"
        walls, cpu = (", ".join(f"{value:.0f}" for value in row[key]) for key in ("wall_seconds", "cpu_seconds"))
        more = "" if row is rows[0] else row["wer_ours_minus_this"]
        figures = f"{row['comments_per_hour']} | {times} | {walls} | {cpu} | {row['peak_mib']} | {row['wer']} | {more}"
        lines.append(f"| {NAMES[row['who']]} | {figures} |")
    kinds = list(rows[0]["wer_by_kind"])
    lines += ["", f"| WER % of | {' | '.join(kinds)} |", "|---" * (1 + len(kinds)) + "|"]
    return lines + [
        f"| {NAMES[row['who']]} | {' | '.join(row['wer_by_kind'][kind] for kind in kinds)} |" for row in rows
    ]

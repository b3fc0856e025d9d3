"""How well the line hears when a comment ends: on real speech with the noise of real lines, faster than real time.

    scripts/bench hearing [--speech FOLDER] [--each N] [--json]

Reads the project's own spoken comments, and any folder of WAV files beside them. For each noise and signal-to-noise
ratio: how many of N comments were cut off in mid-speech though no pause was over 3.4 s, how many ran on for 12 s of
noise alone after the last word, and when the others ended. Exit 1 where a clear line is not heard without fault.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.telephone import NOISES, Comment, Samples, comment, load_voices
from sounds import COMMENTS

from appliance.telephony.ear import FRAME_SECONDS, Ear

SILENCE_SECONDS = 4.0
LEVELS_DBFS = (-35, -26, -15, -3)
RATIOS_DB = (30, 20, 15, 10, 5)


@dataclass
class Figures:
    """Of one kind of line."""

    voices: str
    level_dbfs: int
    noise: str
    snr_db: int | None
    comments: int = 0
    cut_off: int = 0
    ran_on: int = 0
    late_p50: float = 0.0
    """Seconds from the last word to the end."""
    late_max: float = 0.0


def ended_at(spoken: Comment) -> float | None:
    """Seconds until the silence stop; None where the noise kept it open."""
    ear = Ear()
    for frame in spoken.frames:
        ear.hear(frame)
        if ear.quiet_seconds >= SILENCE_SECONDS - FRAME_SECONDS / 2:
            return ear.seconds
    return None


def measure_line(figures: Figures, clips: Sequence[Samples], each: int) -> Figures:
    late = []
    for seed in range(each):
        noise = None if figures.snr_db is None else figures.noise
        spoken = comment(clips, seed, figures.level_dbfs, noise, figures.snr_db or 0)
        end = ended_at(spoken)
        figures.comments += 1
        figures.ran_on += end is None
        figures.cut_off += end is not None and end < spoken.ends_at
        if end is not None and end >= spoken.ends_at:
            late.append(end - spoken.ends_at)
    if late:
        figures.late_p50, figures.late_max = round(statistics.median(late), 2), round(max(late), 2)
    return figures


def lines(voices: str) -> Iterator[Figures]:
    for level in LEVELS_DBFS:
        yield Figures(voices, level, "none", None)
    for noise in NOISES:
        for ratio in RATIOS_DB:
            yield Figures(voices, -20, noise, ratio)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speech", type=Path, help="a folder of WAV files with speech")
    parser.add_argument("--each", type=int, default=12, help="comments of each kind")
    parser.add_argument("--json", action="store_true", help="JSON lines")
    asked = parser.parse_args()
    folders = {"practice": COMMENTS} | ({asked.speech.name: asked.speech} if asked.speech else {})
    begun = time.monotonic()
    faults = 0
    for voices, folder in folders.items():
        clips = load_voices(folder)
        for figures in lines(voices):
            measure_line(figures, clips, asked.each)
            faults += (figures.snr_db is None or figures.snr_db >= 20) and figures.cut_off
            print(json.dumps(asdict(figures)) if asked.json else row(figures), flush=True)
    print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr)
    return 1 if faults else 0


def row(figures: Figures) -> str:
    ratio = "clear" if figures.snr_db is None else f"{figures.snr_db} dB"
    return (
        f"{figures.voices:9} {figures.level_dbfs:4} dBFS  {figures.noise:10} {ratio:>6}"
        f"  cut off {figures.cut_off:3}/{figures.comments}  ran on {figures.ran_on:3}"
        f"  ended after {figures.late_p50:5.2f} s, at most {figures.late_max:5.2f} s"
    )


if __name__ == "__main__":
    sys.exit(main())

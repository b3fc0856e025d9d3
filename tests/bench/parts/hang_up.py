"""How soon after the hang-up a comment's words and opinions stand on the page: analyst and page are real processes."""

import random
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from argon2 import PasswordHasher
from bench.crowd import Crowd, crowd
from bench.parts.spoken import Spoken, joined
from bench.rig import Rig, rig, wait_for
from made_up import MadeUp
from web.served import serving
from web.visitors import NAME, PASSWORD

import appliance
from appliance.custody.recordings import encrypt_recording
from appliance.signals import child_environment
from appliance.store import comments, processes, users
from appliance.types import CommentState, InterviewId

_LENGTHS_SECONDS: Final = (14.0, 16.0)
_BETWEEN_SECONDS: Final = (0.5, 2.5)
_MOST_SECONDS: Final = 120.0
_PHASES: Final = 200
_KEY_SECONDS: Final = 2.0
"""Between two keys of a citizen in the calls beside."""
_LIVE_SCRIPT: Final = Path(appliance.__file__).parent / "web" / "static" / "live.js"


class Reader:
    """Somebody who is logged in, over HTTP."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/login"))
        assert token, "the log-in page has no form"
        form = urllib.parse.urlencode({"name": NAME, "password": PASSWORD, "csrf_token": token[1]})
        self._opener.open(f"{address}/login", form.encode(), timeout=30).close()

    def get(self, path: str) -> str:
        with self._opener.open(self._address + path, timeout=30) as answer:
            return str(answer.read().decode())


@contextmanager
def analyst(box: MadeUp) -> Iterator[None]:
    """`efterklang analyst`, once its models are loaded."""
    config = box.directory / "efterklang.toml"
    command = [sys.executable, "-m", "appliance", "--config", str(config), "analyst"]
    log = box.directory / "analyst.log"
    with log.open("ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=child_environment())
    try:
        wait_for(
            lambda: any(
                beat.name == "analyst" and beat.note != "no usable model" for beat in processes.all_beats(box.db)
            ),
            60,
            "the analyst is not ready",
        )
        yield
    finally:
        process.terminate()
        process.wait(20)


def poll_seconds() -> float:
    """How often an open page asks for news."""
    found = re.search(r"POLL_MS = (\d+)", _LIVE_SCRIPT.read_text("utf-8"))
    assert found, "live.js does not say how often it asks"
    return int(found[1]) / 1000


def measure(folder: Path, pool: Sequence[Spoken], count: int, live_calls: int) -> Iterator[dict[str, Any]]:
    """One row: comments of 15 s, one at a time at moments of chance."""
    spoken = joined([one for one in pool if one.sound.seconds < _LENGTHS_SECONDS[1] - 1], count, 7, _LENGTHS_SECONDS)
    with ExitStack() as stack:
        lines = stack.enter_context(rig(folder / "hang-up", calls=max(1, live_calls)))
        box = MadeUp(lines.storage, datetime.now(UTC))
        stack.callback(box.db.close)
        users.add(box.db, NAME, PasswordHasher().hash(PASSWORD), box.now)
        interviews = [box.ended() for _ in spoken]  # before there is a line that might ring them
        reader = Reader(stack.enter_context(serving(box.directory)))
        stack.enter_context(analyst(box))
        town = _town(lines) if live_calls else None
        waits = list(_waits(box, reader, zip(spoken, interviews, strict=True), town))
    stored, shown, live = (np.array(each) for each in zip(*waits, strict=True))
    phases = np.linspace(0, poll_seconds(), _PHASES)
    yield {
        "section": "hang_up",
        "comments": count,
        "audio_seconds": round(float(np.mean([one.sound.seconds for one in spoken])), 1),
        "live_calls": round(float(live.mean()), 1),
        "stored": _spread(stored),
        "served": _spread(shown),
        "open_page": _spread((shown[:, None] + phases).ravel()),
        "poll_seconds": poll_seconds(),
    }


def _town(lines: Rig) -> Crowd:
    """Calls on all of a line's places, always."""
    town = crowd(lines, 1, _KEY_SECONDS, speaks=False)
    town.feed()
    wait_for(lambda: len(lines.live()) == town.places, 30, "the calls do not come about")
    return town


def _waits(
    box: MadeUp, reader: Reader, spoken: Iterable[tuple[Spoken, InterviewId]], town: Crowd | None
) -> Iterator[tuple[float, float, int]]:
    """Seconds from each hang-up until the opinions are in the store, until the page shows them; calls live then."""
    luck = random.Random(3)
    for one, interview in spoken:
        resume = time.monotonic() + luck.uniform(*_BETWEEN_SECONDS)
        while time.monotonic() < resume:
            if town:
                town.feed()
            time.sleep(0.1)
        pcm = (one.sound.samples * 32767).astype("<i2").tobytes()
        hung_up = time.monotonic()
        comment = comments.add(box.db, interview, encrypt_recording(box.keys, box.directory, pcm), datetime.now(UTC))
        wait_for(lambda interview=interview: _is_done(box, interview), _MOST_SECONDS, "no opinions yet")
        stored = time.monotonic() - hung_up
        assert f'id="comment-{comment}"' in reader.get("/comments"), "the page does not show what the store has"
        yield stored, time.monotonic() - hung_up, len(town.box.live()) if town else 0


def _is_done(box: MadeUp, interview: InterviewId) -> bool:
    stored = comments.of_interview(box.db, interview)
    return stored is not None and stored.state is not CommentState.RECORDED


def _spread(seconds: np.ndarray) -> dict[str, float]:
    p50, p95 = np.percentile(seconds, [50, 95])
    return {"p50": round(float(p50), 2), "p95": round(float(p95), 2), "longest": round(float(seconds.max()), 2)}


def table(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Markdown."""
    lines = ["| from hang-up, seconds | comments | p50 | p95 | longest |", "|---|---|---|---|---|"]
    for row in rows:
        beside = f", {row['live_calls']} calls live" if row["live_calls"] else ""
        what = {
            "stored": "opinions in the store",
            "served": "the page, loaded",
            "open_page": f"an open page, which asks every {row['poll_seconds']:.0f} s",
        }
        for key, name in what.items():
            spread = row[key]
            figures = f"{spread['p50']} | {spread['p95']} | {spread['longest']}"
            lines.append(f"| {name}{beside} | {row['comments']} of {row['audio_seconds']} s | {figures} |")
    return lines

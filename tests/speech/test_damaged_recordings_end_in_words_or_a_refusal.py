import json
import subprocess
import sys
import tracemalloc
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from mutated_wavs import good, mutated

from appliance.catalog import find_model
from appliance.errors import AudioError, ModelError
from appliance.settings import Settings
from appliance.sound import Sound, parse_wav
from appliance.speech.voice import find_speech, pieces

_COMMAND = [sys.executable, "-c", "from appliance.cli import main; main()"]
_MIB = 1 << 20


def test_what_the_damaged_ones_are_made_of_is_whole() -> None:
    first, *others = [parse_wav(data) for data in good()]
    assert first.seconds == pytest.approx(1.5)
    for sound in others:
        assert sound.seconds == pytest.approx(1.5, abs=0.01)
        # But for the steps of 8 bits it is the same sentence.
        narrow = sound.at(8000).samples
        assert np.corrcoef(narrow[: len(first.samples)], first.samples[: len(narrow)])[0, 1] > 0.98


def read(data: bytes) -> Sound | AudioError:
    try:
        return parse_wav(data)
    except AudioError as error:
        return error


def take(count: int, seed: int) -> Counter[str]:
    """How many were refused, were read and held speech, and every refusal's wording."""
    outcomes: Counter[str] = Counter()
    for name, data in mutated(count, seed):
        sound = read(data)
        if isinstance(sound, AudioError):
            assert len(str(sound).splitlines()) == 1, name
            outcomes["refused"] += 1
            continue
        assert np.isfinite(sound.samples).all(), name
        assert np.abs(sound.samples).max() <= 1, name
        speech = find_speech(sound)
        outcomes["read"] += 1
        if speech:
            outcomes["speech"] += 1
            assert all(np.isfinite(piece.samples).all() for piece in pieces(speech, 28)), name
    return outcomes


def test_each_of_360_is_read_or_refused_in_one_line() -> None:
    outcomes = take(360, seed=1)
    assert outcomes["refused"] > 100
    assert outcomes["read"] > 60
    assert outcomes["speech"] > 20


@pytest.mark.slow
def test_each_of_5000_is_read_or_refused_in_one_line() -> None:
    outcomes = take(5000, seed=2)
    assert outcomes.total() - outcomes["speech"] == 5000
    print(outcomes)  # noqa: T201 -- the proof's figures


def test_what_a_header_claims_takes_no_memory() -> None:
    whole = good()[0]
    lies = [whole[:40] + size.to_bytes(4, "little") + whole[44:] for size in (2**31, 2**32 - 2)]
    lies += [whole[:16] + b"\xff\xff\xff\xff" + whole[20:], whole[:12] + b"LIST\xff\xff\xff\xff" + whole[12:]]
    tracemalloc.start()
    try:
        for data in lies:
            with pytest.raises(AudioError, match="truncated"):
                parse_wav(data)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < _MIB


def transcribed(folder: Path, count: int, seed: int) -> None:
    """The whole command over damaged files: a row or a line for each, and nothing else."""
    try:
        find_model("whisper-base", Settings())
    except ModelError as error:
        pytest.skip(f"{error}")
    files = []
    for number, (_, data) in enumerate(mutated(count, seed)):
        files.append(folder / f"{number:05}.wav")
        files[-1].write_bytes(data)
    done = subprocess.run(
        [*_COMMAND, "transcribe", "--json", *map(str, files)], capture_output=True, text=True, check=False, timeout=1500
    )
    assert done.returncode == 1, done.stderr[-2000:]
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    refused = [line.partition(": ")[0] for line in done.stderr.splitlines() if line.startswith(f"{folder}")]
    assert [row["file"] for row in rows] == sorted(row["file"] for row in rows)
    assert sorted([*refused, *(row["file"] for row in rows)]) == list(map(str, files))
    told = [line for line in done.stderr.splitlines() if not line.startswith(f"{folder}")]
    assert all(line.endswith(" done") or "listening to" in line for line in told), told
    assert any(row["text"] for row in rows)


def test_the_command_has_a_row_or_a_line_for_each_of_12(tmp_path: Path) -> None:
    transcribed(tmp_path, 12, seed=3)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_command_has_a_row_or_a_line_for_each_of_600(tmp_path: Path) -> None:
    transcribed(tmp_path, 600, seed=4)

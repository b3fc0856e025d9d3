"""One recogniser in a process of its own: `python -m bench.parts.recognisers NAME`, a task on stdin, a run on stdout.

Both are JSON: what is read is a `Task`, what is written a `Run`.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from appliance.catalog import find_model
from appliance.settings import Settings, SpeechSettings
from appliance.sound import Sound, read_wav
from appliance.speech import load_engine

LANGUAGE: Final = "sv"
_BATCH: Final = 8
_GAP_SECONDS: Final = 1.0

Recognise = Callable[[list[Path]], list[str]]


@dataclass(frozen=True)
class Task:
    """What is to be recognised, and with what."""

    files: list[str]
    model: str
    beam: int
    threads: int


@dataclass(frozen=True)
class Run:
    """What came of it; the peak is of the whole process."""

    texts: list[str]
    load_seconds: float
    wall_seconds: float
    cpu_seconds: float
    peak_mib: float


def settings(task: Task) -> Settings:
    return Settings(speech=SpeechSettings(model=task.model, beam=task.beam, threads=task.threads))


def engine(task: Task) -> Recognise:
    """Ours: all comments given at once."""
    loaded = load_engine(settings(task))
    return lambda files: [each.text for each in loaded.transcribe_all([read_wav(file) for file in files], LANGUAGE)]


def engine_one_by_one(task: Task) -> Recognise:
    """Ours: a comment after the other, as they come in when little is said."""
    loaded = load_engine(settings(task))
    return lambda files: [loaded.transcribe(read_wav(file), LANGUAGE).text for file in files]


def _peer(task: Task) -> Any:
    from faster_whisper import WhisperModel

    folder = find_model(task.model, settings(task))
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=task.threads)


def _text(segments: Any) -> str:
    return " ".join(segment.text for segment in segments)


def peer_default(task: Task) -> Recognise:
    """faster-whisper as its README calls it."""
    model = _peer(task)

    def read(file: Path) -> str:
        return _text(model.transcribe(str(file), language=LANGUAGE, beam_size=task.beam)[0])

    return lambda files: [read(file) for file in files]


def peer_batched(task: Task) -> Recognise:
    """faster-whisper's batched pipeline, a file a call; it batches within a file."""
    from faster_whisper import BatchedInferencePipeline

    pipeline = BatchedInferencePipeline(_peer(task))

    def read(file: Path) -> str:
        segments, _ = pipeline.transcribe(str(file), language=LANGUAGE, beam_size=task.beam, batch_size=_BATCH)
        return _text(segments)

    return lambda files: [read(file) for file in files]


def peer_batched_across(task: Task) -> Recognise:
    """The same pipeline made to batch across comments: one long sound, told where each comment lies in it."""
    from faster_whisper import BatchedInferencePipeline

    pipeline = BatchedInferencePipeline(_peer(task))

    def read(files: list[Path]) -> list[str]:
        sounds = [read_wav(file).at(16_000) for file in files]
        long, places = _end_to_end(sounds)
        segments, _ = pipeline.transcribe(
            long, language=LANGUAGE, beam_size=task.beam, batch_size=_BATCH, clip_timestamps=places
        )
        texts = [""] * len(files)
        starts = [place["start"] for place in places]
        for segment in segments:
            middle = (segment.start + segment.end) / 2
            texts[int(np.searchsorted(starts, middle, "right")) - 1] += " " + segment.text
        return texts

    return read


def _end_to_end(sounds: list[Sound]) -> tuple[np.ndarray, list[dict[str, float]]]:
    parts, places, at = [], [], 0.0
    for sound in sounds:
        places.append({"start": at, "end": at + sound.seconds})
        parts += [sound.samples, np.zeros(round(_GAP_SECONDS * sound.rate), np.float32)]
        at = sum(map(len, parts)) / sound.rate
    return np.concatenate(parts), places


RECOGNISERS: Final[dict[str, Callable[[Task], Recognise]]] = {
    "engine": engine,
    "engine_one_by_one": engine_one_by_one,
    "peer_default": peer_default,
    "peer_batched": peer_batched,
    "peer_batched_across": peer_batched_across,
}


def peak_mib() -> float:
    """Of this process's own memory; what getrusage says begins with its parent's."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main() -> None:
    task = Task(**json.load(sys.stdin))
    begun = time.perf_counter()
    recognise = RECOGNISERS[sys.argv[1]](task)
    loaded, cpu = time.perf_counter(), time.process_time()
    texts = recognise([Path(file) for file in task.files])
    done, spent = time.perf_counter(), time.process_time() - cpu
    print(json.dumps(asdict(Run(texts, loaded - begun, done - loaded, spent, peak_mib()))))


if __name__ == "__main__":
    main()

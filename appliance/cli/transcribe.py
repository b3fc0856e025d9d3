"""`efterklang transcribe`: WAV files in, words out."""

import json
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from appliance.errors import AudioError
from appliance.settings import Settings

if TYPE_CHECKING:
    from appliance.sound import Sound
    from appliance.speech import Engine, Transcript

_QUIET_SECONDS: Final = 2
"""Work that is done sooner needs no word of progress."""
_LONG_SECONDS: Final = 15
"""Sound that lasts this long takes more than that."""
_GROUP_SECONDS: Final = 300
"""Of sound that is heard together: enough that comments of like length meet, little enough for any memory."""


@dataclass(frozen=True, slots=True, eq=False)
class _Spoken:
    """A file that holds a sound."""

    file: Path
    sound: "Sound"


@click.command()
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="JSON lines: file, text, audio_seconds, seconds, language, confidence, is_uncertain, doubts, words.",
)
@click.option(
    "--language",
    metavar="CODE",
    help="What is spoken, as sv; else the model's only language, or the survey's.",
)
@click.option("--digits", is_flag=True, help="One spoken digit a file, by a Vosk model. JSON lines.")
@click.pass_context
def transcribe(
    context: click.Context, files: tuple[Path, ...], as_json: bool, language: str | None, digits: bool
) -> None:
    """The words spoken in WAV files.

    Files are heard together, which takes less time each; their lines come in the order of the files.
    """
    if digits:
        _listen_for_digits(context, files, language)
    from appliance.speech import load_engine

    settings: Settings = context.obj
    engine = load_engine(settings)
    spoken = language or (engine.languages[0] if len(engine.languages) == 1 else settings.survey.language)
    refused: list[Path] = []
    done, started = 0, time.perf_counter()
    with closing(_heard(engine, _groups(_read(files, refused)), spoken)) as heard:
        for group, transcripts in heard:
            for row in _rows(group, transcripts, time.perf_counter() - started):
                click.echo(json.dumps(row, ensure_ascii=False) if as_json else f"{row['file']}: {row['text']}")
            done += len(group)
            far = done + len(refused)
            if time.perf_counter() - started > _QUIET_SECONDS and far < len(files):
                click.echo(f"{far} of {len(files)} done", err=True)
            started = time.perf_counter()
    context.exit(1 if refused else 0)


def _listen_for_digits(context: click.Context, files: tuple[Path, ...], language: str | None) -> NoReturn:
    """A row a file: digit 0 to 5 or skip, null where none was said; is_confirmed false where it is a guess."""
    from appliance.speech.digits import load_digits

    listener = load_digits(context.obj, language)
    refused: list[Path] = []
    for each in _read(files, refused):
        found = listener.listen(each.sound)
        row = {
            "file": click.format_filename(each.file),
            "digit": found and found.said,
            "confidence": found and round(found.confidence, 3),
            "is_confirmed": found is not None and found.is_confirmed,
        }
        click.echo(json.dumps(row, ensure_ascii=False))
    context.exit(1 if refused else 0)


def _read(files: Iterable[Path], refused: list[Path]) -> Iterator[_Spoken]:
    """What can be heard; each file that cannot be gets its line, and is `refused`."""
    from appliance.sound import read_wav

    for file in files:
        try:
            yield _Spoken(file, read_wav(file))
        except AudioError as error:
            click.echo(" ".join(str(error).split()), err=True)
            refused.append(file)


def _groups(spoken: Iterable[_Spoken]) -> Iterator[list[_Spoken]]:
    """As many at once as memory is meant for."""
    group: list[_Spoken] = []
    seconds = 0.0
    for each in spoken:
        group.append(each)
        seconds += each.sound.seconds
        if seconds >= _GROUP_SECONDS:
            yield group
            group, seconds = [], 0.0
    if group:
        yield group


def _heard(
    engine: "Engine", groups: Iterable[list[_Spoken]], language: str
) -> Generator[tuple[list[_Spoken], list["Transcript"]], None, None]:
    """Each group with its words. Two are at work at once: where one ends, the next keeps every core busy.

    Closed before its end, it leaves the rest unheard.
    """
    pool = ThreadPoolExecutor(2)
    try:
        begun: deque[tuple[list[_Spoken], Future[list[Transcript]]]] = deque()
        for group in groups:
            _say_how_long(group)
            begun.append((group, pool.submit(engine.transcribe_all, [each.sound for each in group], language)))
            if len(begun) == 2:
                first, transcripts = begun.popleft()
                yield first, transcripts.result()
        for group, transcripts in begun:
            yield group, transcripts.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        engine.stop()


def _say_how_long(group: list[_Spoken]) -> None:
    seconds = sum(each.sound.seconds for each in group)
    if seconds > _LONG_SECONDS:
        what = f"{group[0].file}" if len(group) == 1 else f"{len(group)} files"
        click.echo(f"{what}: listening to {seconds:.0f} s", err=True)


def _rows(group: list[_Spoken], transcripts: list["Transcript"], seconds: float) -> Iterator[dict[str, Any]]:
    """A row a file; the seconds that all took, shared by the length of their sound."""
    pace = seconds / sum(each.sound.seconds for each in group)
    for each, transcript in zip(group, transcripts, strict=True):
        yield _row(each, transcript, pace * each.sound.seconds)


def _row(spoken: _Spoken, transcript: "Transcript", seconds: float) -> dict[str, Any]:
    return {
        "file": click.format_filename(spoken.file),
        "text": transcript.text,
        "audio_seconds": round(spoken.sound.seconds, 3),
        "seconds": round(seconds, 3),
        "language": transcript.language,
        "confidence": round(transcript.confidence, 3),
        "is_uncertain": transcript.is_uncertain,
        "doubts": sorted(transcript.doubts),
        "words": [{"word": word.text, "confidence": round(word.confidence, 3)} for word in transcript.words],
    }

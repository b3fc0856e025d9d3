"""`efterklang classify`: what comments are about and what they think of it."""

import json
import os
import sys
from typing import Any, BinaryIO

import click

from appliance.opinions import Classifier, load_classifier
from appliance.settings import Settings


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.pass_obj
def classify(settings: Settings, file: BinaryIO) -> None:
    """JSON lines in (id, text), JSON lines out (id, opinions: [{area, tonality, score}]).

    A line that cannot be read is named on stderr and passed over; the exit code is then 1.
    """
    classifier = load_classifier(settings)
    name = getattr(file, "name", "<stdin>")
    bad_lines = 0
    with click.progressbar(length=_size(file), file=sys.stderr, hidden=not _is_watched(file)) as bar:
        for number, line in enumerate(file, 1):
            try:
                if line.strip():
                    click.echo(_answer(classifier, line))
            except ValueError as error:
                bad_lines += 1
                click.echo(f"classify: {name}, line {number}: {error}", err=True)
            bar.update(len(line))
    if bad_lines:
        click.get_current_context().exit(1)


def _answer(classifier: Classifier, line: bytes) -> str:
    """One line in, one line out; ValueError says what is wrong with it."""
    match _parsed(line):
        case {"id": str() | int() as key, "text": str() as text} if not isinstance(key, bool):
            opinions = [
                {"area": opinion.area, "tonality": opinion.tonality, "score": opinion.score}
                for opinion in classifier.classify(text)
            ]
            return json.dumps({"id": key, "opinions": opinions})
    raise ValueError('wants {"id": …, "text": "…"}, the id a string or a whole number')


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError("not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from error
    except (RecursionError, ValueError) as error:
        raise ValueError("not JSON that can be read") from error


def _size(file: BinaryIO) -> int:
    """Bytes, 0 where nobody knows yet."""
    return os.fstat(file.fileno()).st_size if _is_watched(file) else 0


def _is_watched(file: BinaryIO) -> bool:
    return sys.stderr.isatty() and not sys.stdout.isatty() and file.name != "<stdin>" and file.seekable()

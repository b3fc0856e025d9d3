"""Questionnaires that are scheduled while a line runs: their sounds are taken up between calls, and disturb none.

A file that a player reads is never changed: a new atlas is written beside it, by a thread that touches no pj object.
Then the phone makes players for it, and gives up those of the old one slot by slot as calls end.
"""

import logging
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appliance.errors import TelephonyError
from appliance.settings import Settings
from appliance.survey.atlas import Atlas, build_atlas
from appliance.survey.prompts import PromptLibrary
from appliance.survey.questionnaire import Questionnaire
from appliance.telephony._api import Phone
from appliance.telephony.desk import Desk
from appliance.telephony.repertoire import Repertoire

_REST_SECONDS: Final = 60.0
"""After a fault."""

_log = logging.getLogger(__name__)

Sounds = frozenset[tuple[str, str, Path, int]]
"""Of each question its key and words, its sound's file and when that was written (ns)."""


@dataclass(frozen=True, slots=True)
class Built:
    """An atlas and the sounds of other questionnaires in it."""

    atlas: Atlas
    sounds: Sounds


def build(settings: Settings, others: Sequence[Questionnaire], file: Path) -> Built:
    """The ordinary questionnaire's atlas with the questions of the others; PromptError as `build_atlas`."""
    libraries = _complete(settings, others)
    sounds = _sounds(settings, libraries)
    return Built(build_atlas(PromptLibrary(settings), settings.survey.language, file, libraries), sounds)


def _complete(settings: Settings, others: Sequence[Questionnaire]) -> list[PromptLibrary]:
    """Those that can be asked: recordings that are brought one by one make no atlas each."""
    libraries = [PromptLibrary(settings, each) for each in others]
    return [library for library in libraries if not library.missing(settings.survey.language)]


def _sounds(settings: Settings, libraries: Sequence[PromptLibrary]) -> Sounds:
    language = settings.survey.language
    return frozenset(
        (prompt.key, prompt.text[language], take.path, take.path.stat().st_mtime_ns)
        for library in libraries
        for prompt in library.prompts
        if (take := library.find(prompt.key, language))
    )


class Renewal:
    """Looked at every few seconds; `built` is what the phone plays from at the start."""

    def __init__(self, desk: Desk, phone: Phone, repertoire: Repertoire, built: Built) -> None:
        self._desk = desk
        self._phone = phone
        self._repertoire = repertoire
        self._built = built
        self._first = built.atlas.file
        self._count = 0
        self._worker = ThreadPoolExecutor(1, "renewal")
        self._work: Future[Built | None] | None = None
        self._rests_until = 0.0

    def look(self) -> None:
        """Begin to build where something new is to be asked; take up what has been built."""
        try:
            if self._work and self._work.done():
                work, self._work = self._work, None
                if built := work.result():
                    self._take_up(built)
            if self._work is None:
                self._begin()
        except Exception:  # noqa: BLE001 -- whatever it is, calls go on with what can be asked
            _log.exception("a scheduled questionnaire cannot be taken up; it is tried again in a minute")
            self._rests_until = time.monotonic() + _REST_SECONDS

    def close(self) -> None:
        """Wait for the thread."""
        self._worker.shutdown()

    def _begin(self) -> None:
        others = self._desk.asked_at_times(self._repertoire.ordinary)
        if others and time.monotonic() >= self._rests_until:
            file = self._first.with_name(f"{self._first.stem}-{self._count + 1}.wav")
            self._work = self._worker.submit(_build_if_new, self._desk.settings, others, file, self._built.sounds)

    def _take_up(self, built: Built) -> None:
        self._count += 1
        try:
            self._phone.load(built.atlas.file)
        except TelephonyError:
            built.atlas.file.unlink(missing_ok=True)
            raise
        self._repertoire.renew(built.atlas)
        self._built.atlas.file.unlink(missing_ok=True)  # its players have it open
        self._built = built
        _log.info("%d questions of other questionnaires can be asked", len(built.atlas.questions))


def _build_if_new(settings: Settings, others: Sequence[Questionnaire], file: Path, known: Sounds) -> Built | None:
    """None where all sounds that there are have been known."""
    if _sounds(settings, _complete(settings, others)) <= known:
        return None
    return build(settings, others, file)

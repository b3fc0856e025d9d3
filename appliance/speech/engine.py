"""One way from sound to words: find the speech, cut it where it is long, recognise, doubt, listen again, join."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appliance.catalog import Calibration, find_model, read_calibration, read_manifest, verify_noted
from appliance.errors import ModelError
from appliance.settings import Settings, SpeechSettings
from appliance.sound import Sound
from appliance.speech.doubt import Judged, better, judge
from appliance.speech.pace import pace_for
from appliance.speech.transcript import Piece, Recogniser, Transcript
from appliance.speech.voice import find_speech, pieces
from appliance.types import Doubt

_SEEN_SECONDS: Final = 300
"""Of a sound at once: what voice activity keeps in memory grows with it. Comments are never as long."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece, and whether voice activity is sure of it."""

    piece: Piece
    is_sure: bool

    def is_worth_another(self, judged: Judged) -> bool:
        """Where somebody surely speaks there must be words; where perhaps nobody does, no second try makes it surer."""
        if not judged.is_spoken:
            return self.is_sure
        return bool(judged.doubts - {Doubt.HARDLY_SPEECH})


class Engine:
    """A recogniser behind voice activity; several threads that ask share its cores."""

    def __init__(self, model: str, digest: str, languages: tuple[str, ...], recogniser: Recogniser) -> None:
        self.model = model
        self.digest = digest
        """Of the model's files: two models of one name are told apart."""
        self.languages = languages
        self._recogniser = recogniser
        self._is_stopped = False

    @property
    def is_modest(self) -> bool:
        """Whether one core has to do, as while calls are live."""
        return self._recogniser.is_modest

    @is_modest.setter
    def is_modest(self, wanted: bool) -> None:
        self._recogniser.is_modest = wanted

    @property
    def recogniser(self) -> Recogniser:
        """To be calibrated."""
        return self._recogniser

    def stop(self) -> None:
        """Leave the rest unheard: whoever waits for words gets an exception as soon as the pieces at work are done."""
        self._is_stopped = True
        self._recogniser.stop()

    def speaks(self, language: str) -> bool:
        return language in self.languages

    def require(self, language: str) -> None:
        """ModelError for a language that it does not speak."""
        if not self.speaks(language):
            raise ModelError(f"model {self.model} speaks {', '.join(self.languages)}, not {language}; set speech.model")

    def transcribe(self, sound: Sound, language: str, *, is_speech: bool = False) -> Transcript:
        """The words of one sound; see `transcribe_all`."""
        return self.transcribe_all([sound], language, is_speech=is_speech)[0]

    def transcribe_all(self, sounds: Sequence[Sound], language: str, *, is_speech: bool = False) -> list[Transcript]:
        """The words of sounds at any rates; no speech, no words. ModelError for a language it does not speak.

        Many at once take less time each, and all lie in memory. With `is_speech` the caller knows that somebody
        speaks, where a rendered voice might pass for noise.
        """
        self.require(language)
        parts = [self._parts(sound, is_speech=is_speech) for sound in sounds]
        judged = iter(self._judged([part for each in parts for part in each], language))
        return [_joined([(part, next(judged)) for part in each], language) for each in parts]

    def _parts(self, sound: Sound, *, is_speech: bool) -> list[_Part]:
        speeches = (find_speech(each, is_speech=is_speech) for each in self._seen(sound))
        return [
            _Part(piece, speech.is_sure)
            for speech in speeches
            if speech
            for piece in pieces(speech, self._recogniser.longest_seconds)
        ]

    def _seen(self, sound: Sound) -> Iterator[Sound]:
        step = _SEEN_SECONDS * sound.rate
        for start in range(0, len(sound.samples), step):
            if self._is_stopped:
                raise CancelledError
            yield Sound(sound.samples[start : start + step], sound.rate)

    def _judged(self, parts: list[_Part], language: str) -> list[Judged]:
        """Each part in words; what is doubtful is listened to a second time."""
        found = self._listen(parts, language)
        again = [at for at, part in enumerate(parts) if part.is_worth_another(found[at])]
        second = self._listen([parts[at] for at in again], language, is_careful=True)
        for at, other in zip(again, second, strict=True):
            found[at] = better(found[at], other)
        return found

    def _listen(self, parts: list[_Part], language: str, *, is_careful: bool = False) -> list[Judged]:
        if not parts:
            return []
        heard = self._recogniser.recognise([part.piece for part in parts], language, is_careful=is_careful)
        return [
            judge(each, part.piece.spoken_seconds, is_sure=part.is_sure)
            for part, each in zip(parts, heard, strict=True)
        ]


def _joined(parts: list[tuple[_Part, Judged]], language: str) -> Transcript:
    """One comment from its pieces, in the language of most of its speech."""
    kept = [(part, judged) for part, judged in parts if judged.is_spoken]
    seconds: dict[str, float] = defaultdict(float)
    for part, judged in kept:
        seconds[judged.language] += part.piece.spoken_seconds
    return Transcript(
        tuple(word for _, judged in kept for word in judged.words),
        max(seconds, key=seconds.__getitem__, default=language),
        sum(seconds.values()),
        frozenset(doubt for _, judged in kept for doubt in judged.doubts),
    )


def load_engine(settings: Settings) -> Engine:
    """The engine that `speech.model` names, verified and loaded; ModelError says what is missing."""
    name = settings.speech.model
    path = find_model(name, settings)
    verify_noted(path, settings)
    manifest = read_manifest(path)
    found = read_calibration(settings, manifest.digest)
    return Engine(name, manifest.digest, manifest.languages, _load(manifest.engine, path, settings.speech, found))


def _load(engine: str, path: Path, speech: SpeechSettings, found: Calibration | None) -> Recogniser:
    # Each engine's library is loaded only where it is used.
    if engine == "whisper":
        from appliance.speech.whisper import WhisperRecogniser

        return WhisperRecogniser(path, pace_for(speech, found), speech.words)
    if engine == "vosk":
        from appliance.speech.vosk import VoskRecogniser

        return VoskRecogniser(path, speech.threads, speech.words)
    raise ModelError(f"{path}: its manifest names the engine {engine!r}; whisper and vosk can recognise speech")

"""One way from sound to words: find the speech, cut it where it is long, recognise, doubt, join."""

from collections.abc import Sequence
from pathlib import Path

from appliance.catalog import find_model, read_manifest, verify
from appliance.errors import ModelError
from appliance.settings import Settings, SpeechSettings
from appliance.sound import Sound
from appliance.speech.doubt import doubts, is_spoken
from appliance.speech.transcript import Heard, Piece, Recogniser, Transcript
from appliance.speech.voice import Speech, find_speech, pieces
from appliance.types import Doubt


class Engine:
    """A recogniser behind voice activity; not for several threads at once."""

    def __init__(self, model: str, digest: str, languages: tuple[str, ...], recogniser: Recogniser) -> None:
        self.model = model
        self.digest = digest
        """Of the model's files: two models of one name are told apart."""
        self._languages = languages
        self._recogniser = recogniser

    @property
    def is_modest(self) -> bool:
        """Whether one core has to do, as while calls are live."""
        return self._recogniser.is_modest

    @is_modest.setter
    def is_modest(self, wanted: bool) -> None:
        self._recogniser.is_modest = wanted

    def transcribe(self, sound: Sound, language: str, *, is_speech: bool = False) -> Transcript:
        """The words of one sound; see `transcribe_all`."""
        return self.transcribe_all([sound], language, is_speech=is_speech)[0]

    def transcribe_all(self, sounds: Sequence[Sound], language: str, *, is_speech: bool = False) -> list[Transcript]:
        """The words of sounds at any rates; no speech, no words. ModelError for a language it does not speak.

        Many at once take less time each. With `is_speech` the caller knows that somebody speaks, where a rendered
        voice might pass for noise.
        """
        if language not in self._languages:
            raise ModelError(
                f"model {self.model} speaks {', '.join(self._languages)}, not {language}; set speech.model"
            )
        speeches = [find_speech(sound, is_speech=is_speech) for sound in sounds]
        cut = [pieces(speech, self._recogniser.longest_seconds) if speech else [] for speech in speeches]
        heard = iter(self._recogniser.recognise([piece for each in cut for piece in each], language))
        return [
            _joined(speech, [(piece, next(heard)) for piece in each], language)
            for speech, each in zip(speeches, cut, strict=True)
        ]


def _joined(speech: Speech | None, parts: list[tuple[Piece, Heard]], language: str) -> Transcript:
    is_sure = speech is not None and speech.is_sure
    kept = [(piece, heard) for piece, heard in parts if heard.words and is_spoken(heard, is_sure=is_sure)]
    if speech is None or not kept:
        return Transcript((), language, 0.0)
    found = frozenset(doubt for piece, heard in kept for doubt in doubts(heard, piece.spoken_seconds))
    if not is_sure:
        found |= {Doubt.HARDLY_SPEECH}
    return Transcript(tuple(word for _, heard in kept for word in heard.words), language, speech.spoken_seconds, found)


def load_engine(settings: Settings) -> Engine:
    """The engine that `speech.model` names, verified and loaded; ModelError says what is missing."""
    name = settings.speech.model
    path = find_model(name, settings)
    verify(path)
    manifest = read_manifest(path)
    return Engine(name, manifest.digest, manifest.languages, _load(manifest.engine, path, settings.speech))


def _load(engine: str, path: Path, speech: SpeechSettings) -> Recogniser:
    # Each engine's library is loaded only where it is used.
    if engine == "whisper":
        from appliance.speech.whisper import WhisperRecogniser, default_pace

        return WhisperRecogniser(path, default_pace(speech.threads))
    if engine == "vosk":
        from appliance.speech.vosk import VoskRecogniser

        return VoskRecogniser(path)
    raise ModelError(f"{path}: its manifest names the engine {engine!r}; whisper and vosk can recognise speech")

"""One way from sound to words: find the speech, cut it where it is long, recognise, join."""

import math
import os
from pathlib import Path

from appliance.catalog import find_model, read_manifest, verify
from appliance.errors import ModelError
from appliance.settings import Settings
from appliance.sound import Sound
from appliance.speech.transcript import Heard, Recogniser, Transcript
from appliance.speech.voice import find_speech, pieces


class Engine:
    """A recogniser behind voice activity; not for several threads at once."""

    def __init__(self, model: str, languages: tuple[str, ...], recogniser: Recogniser) -> None:
        self.model = model
        self._languages = languages
        self._recogniser = recogniser

    def transcribe(self, sound: Sound, language: str, *, is_speech: bool = False) -> Transcript:
        """The words of a sound at any rate; no speech, no words. ModelError for a language it does not speak.

        With `is_speech` the caller knows that somebody speaks, where a rendered voice might pass for noise.
        """
        if language not in self._languages:
            raise ModelError(
                f"model {self.model} speaks {', '.join(self._languages)}, not {language}; set speech.model"
            )
        speech = find_speech(sound)
        if speech is None:
            return Transcript("", language, 0.0, 0.0)
        parts = pieces(speech, self._recogniser.longest_seconds)
        heard = [self._recogniser.recognise(part, language) for part in parts]
        kept = [each for each in heard if each.text and _is_believed(each, speech.is_sure or is_speech)]
        if not kept:
            return Transcript("", language, 0.0, 0.0)
        text = " ".join(each.text for each in kept)
        return Transcript(text, language, speech.spoken_seconds, min(each.confidence for each in kept))


def _is_believed(heard: Heard, is_sure: bool) -> bool:
    """Whether somebody said this; the limits are those that tell clips of speech from noise in models/README.md."""
    if is_sure:
        return heard.no_speech <= 0.6 or heard.confidence >= math.exp(-1.0)  # OpenAI's
    return heard.no_speech <= 0.3 and heard.confidence >= math.exp(-1.2)


def load_engine(settings: Settings) -> Engine:
    """The engine that `speech.model` names, verified and loaded; ModelError says what is missing."""
    name = settings.speech.model
    path = find_model(name, settings)
    verify(path)
    manifest = read_manifest(path)
    threads = settings.speech.threads or min(4, os.cpu_count() or 1)
    return Engine(name, manifest.languages, _load(manifest.engine, path, threads))


def _load(engine: str, path: Path, threads: int) -> Recogniser:
    # Each engine's library is loaded only where it is used.
    if engine == "whisper":
        from appliance.speech.whisper import WhisperRecogniser

        return WhisperRecogniser(path, threads)
    if engine == "vosk":
        from appliance.speech.vosk import VoskRecogniser

        return VoskRecogniser(path)
    raise ModelError(f"{path}: its manifest names the engine {engine!r}; whisper and vosk can recognise speech")

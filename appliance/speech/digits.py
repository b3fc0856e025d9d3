"""Spoken digits: a grammar of a few words instead of a whole language. Calls are answered by keys; this is beside them.

A grammar makes a digit of nearly everything: Vosk finds the likeliest of its few words and is certain. So the same
sound is heard with all the model's words too. Where those are more, more was said than a digit; where they are the
same digit, it is confirmed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appliance.catalog import find_model, read_manifest, verify
from appliance.errors import ModelError
from appliance.settings import Settings
from appliance.sound import Sound
from appliance.speech.voice import find_speech
from appliance.speech.vosk import VoskModel

SKIP: Final = "skip"
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "sv": {
        **dict.fromkeys(("noll", "nolla"), "0"),
        **dict.fromkeys(("ett", "en"), "1"),
        "två": "2",
        "tre": "3",
        "fyra": "4",
        "fem": "5",
        "hoppa över": SKIP,
    },
    "ko": {"영": "0", "공": "0", "하나": "1", "둘": "2", "셋": "3", "넷": "4", "다섯": "5", "다음": SKIP},
}
"""What may be said, by language, and what it means."""
_MOST_SPOKEN_SECONDS: Final = 4.0
"""Longer speech is a sentence."""
_MOST_SECONDS: Final = 30.0
"""Longer sound is no answer; what voice activity keeps in memory grows with it."""


@dataclass(frozen=True, slots=True)
class SpokenDigit:
    """0 to 5, or `skip`."""

    said: str
    confidence: float
    """Vosk's own among the few words: it is high for sounds of another word, too."""
    is_confirmed: bool
    """Whether the same was heard with all the model's words; else it is a guess."""


class DigitListener:
    """A Vosk model that waits for one of a few words; for several threads at once."""

    def __init__(self, path: Path, words: Mapping[str, str]) -> None:
        """`words` gives each phrase its meaning. ModelError where it is no Vosk model or knows no phrase of one."""
        self._model = VoskModel(path)
        self._words = {
            phrase: said for phrase, said in words.items() if all(self._model.knows(word) for word in phrase.split())
        }
        if missing := sorted(set(words.values()) - set(self._words.values())):
            raise ModelError(f"{path}: the model has no word for {', '.join(missing)}; take another Vosk model")
        self._grammar = [*self._words, *filter(None, [self._model.unknown])]

    def listen(self, sound: Sound) -> SpokenDigit | None:
        """The one digit that was said; None where nobody spoke, more was said, or two different ones.

        A sound of more than 30 s is not listened to: None.
        """
        speech = find_speech(sound) if sound.seconds <= _MOST_SECONDS else None
        if speech is None or speech.spoken_seconds > _MOST_SPOKEN_SECONDS:
            return None
        freely = [word["word"] for word in self._model.words(speech.samples)]
        # A model whose graph was made beforehand has no grammar: it hears all its words again, and the list decides.
        found = self._model.words(speech.samples, self._grammar)
        said = meaning([word["word"] for word in found], self._words)
        is_confirmed = said is not None and meaning(freely, self._words) == said
        if said is None or len(freely) > len(found) or not (speech.is_sure or is_confirmed):
            return None
        return SpokenDigit(said, min(1.0, *(word["conf"] for word in found)), is_confirmed)


def meaning(heard: Sequence[str], words: Mapping[str, str]) -> str | None:
    """What a row of words means where all of it are phrases of one meaning. Pure."""
    said: set[str] = set()
    rest = " ".join(heard)
    while rest:
        phrase = next((phrase for phrase in words if f"{rest} ".startswith(f"{phrase} ")), None)
        if phrase is None:
            return None
        said.add(words[phrase])
        rest = rest[len(phrase) + 1 :]
    return said.pop() if len(said) == 1 else None


def load_digits(settings: Settings, language: str | None = None) -> DigitListener:
    """The listener of `speech.model`, verified; ModelError where it is no Vosk model or of a language without words.

    A `language` that is asked for has to be one that the model speaks.
    """
    name = settings.speech.model
    path = find_model(name, settings)
    verify(path)
    manifest = read_manifest(path)
    if manifest.engine != "vosk":
        raise ModelError(f"model {name} hears no digits by themselves; set speech.model to a Vosk model, as vosk-sv")
    spoken = ", ".join(manifest.languages)
    if language and language not in manifest.languages:
        raise ModelError(f"model {name} speaks {spoken}, not {language}; set speech.model")
    known = next((each for each in manifest.languages if each in WORDS and language in (None, each)), None)
    if known is None:
        raise ModelError(f"model {name} speaks {spoken}; spoken digits are known in {', '.join(WORDS)}")
    return DigitListener(path, WORDS[known])

"""What Whisper learnt to write under films and not on the telephone, where it begins and at its end. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from appliance.speech.transcript import Word

_FILM: Final = re.compile(
    r"(svensk)?text(ning|ad)?( av\b|:| \w+ hedin).*|svensktextning\S*|undertext\w*( av\b| från\b| \w+ hedin|:).*"
    r"|undertext\w*|översatt (av|till)\b.*|översättning( av\b|:).*|.*\bamara\.org\b.*|.*\bscandisent\b.*|www\.\S+"
    r"|.*\bprenumerera\b.*\bkanal.*|tack (så mycket )?för att (ni|du) (har )?(titta|kolla|såg|sett)\w*.*"
    r"|(transcribed|subtitles?|captions?|translated|captioning)( made| provided)? by\b.*"
    r"|thank(s| you)( so much| very much)? for watching.*|.*\bsubscribe\b.*\bchannel.*|[\[(*♪].*",
    re.IGNORECASE,
)
"""Whole sentences; nobody says them to a contact center."""
_THANKS: Final = re.compile(
    r"tack (så mycket )?för att (ni|du) (har )?lyssna\w*.*|thank(s| you)( so much| very much)? for listening.*",
    re.IGNORECASE,
)
"""They end films, and now and then a comment."""
_LEAST_CONFIDENCE: Final = 0.4
"""Mean of its words: said after a comment at least 0.52 (of 36), laid under other speech at most 0.25 (of 100)."""
_STOPS: Final = (".", "!", "?", "…")


def is_caption(text: str) -> bool:
    """Whether a whole text is what stands under films and is never said."""
    return _FILM.fullmatch(_plain(text)) is not None


def without_captions(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words without sentences at their end that belong under films and that the model itself hardly believes."""
    kept = tuple(words)
    while kept:
        start = _last_sentence(kept)
        last = kept[start:]
        text = _plain(" ".join(word.text for word in last))
        is_known = _FILM.fullmatch(text) or _THANKS.fullmatch(text)
        if not is_known or sum(word.confidence for word in last) >= _LEAST_CONFIDENCE * len(last):
            break
        kept = kept[:start]
    return kept


def _last_sentence(words: Sequence[Word]) -> int:
    """Where it begins."""
    ends = (at + 1 for at in range(len(words) - 2, -1, -1) if words[at].text.endswith(_STOPS))
    return next(ends, 0)


def _plain(text: str) -> str:
    return text.strip().rstrip(".!?… ")

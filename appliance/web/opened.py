"""Comments opened for reading: their texts are unsealed here, for one answer, and kept nowhere."""

import json
from dataclasses import dataclass
from datetime import datetime

from appliance.custody.recordings import unseal_text
from appliance.errors import CustodyError
from appliance.sound import Audibility, audibility
from appliance.store.comments import Recording
from appliance.store.listing import CommentFilter, ListedComment, list_comments
from appliance.store.transcripts import KeptText, Transcribed
from appliance.types import LEAST_WORD_CONFIDENCE, Language
from appliance.web.state import page, store


@dataclass(frozen=True, slots=True)
class ShownWord:
    text: str
    confidence: float = 1.0

    @property
    def is_unsure(self) -> bool:
        return self.confidence < LEAST_WORD_CONFIDENCE


@dataclass(frozen=True, slots=True)
class OpenedText:
    """One text that a comment was given."""

    made_at: datetime
    made: Transcribed
    language: str
    words: tuple[ShownWord, ...] | None
    """None where the seal does not open any more; one piece where each word's confidence was not kept."""

    @property
    def unsure(self) -> list[ShownWord]:
        return [word for word in self.words or () if word.is_unsure]

    @property
    def is_foreign(self) -> bool:
        """In a language in which no opinions are found."""
        return self.language != Language.SWEDISH


@dataclass(frozen=True, slots=True)
class OpenedComment:
    listed: ListedComment
    text: OpenedText | None
    """None where there is none."""
    earlier: tuple[OpenedText, ...]
    """What it was taken for before, the newest first."""

    @property
    def audibility(self) -> Audibility:
        """Of an old comment nothing is known: then it counts as clear."""
        one = self.listed
        if one.level_dbfs is None or one.clipped_share is None:
            return Audibility.CLEAR
        return audibility(one.level_dbfs, one.clipped_share)


def open_comments(wanted: CommentFilter, limit: int) -> list[OpenedComment]:
    """The newest comments that match, at most `limit`."""
    return [_open(listed) for listed in list_comments(store(), wanted, limit)]


def _open(listed: ListedComment) -> OpenedComment:
    texts = [
        OpenedText(kept.made_at, kept.transcribed, kept.transcribed.language or listed.language, _words(listed, kept))
        for kept in listed.texts
    ]
    return OpenedComment(listed, texts[0] if texts else None, tuple(texts[1:]))


def _words(listed: ListedComment, kept: KeptText) -> tuple[ShownWord, ...] | None:
    if listed.recording is None or kept.transcribed.text_sealed is None:
        return None
    try:
        return _unseal(listed.recording, kept.transcribed.text_sealed, kept.transcribed.words_sealed)
    except CustodyError:
        return None


def _unseal(recording: Recording, text_sealed: bytes, words_sealed: bytes | None) -> tuple[ShownWord, ...]:
    """The text decides: words that spell another one are left out."""
    text = unseal_text(page().keys, recording, text_sealed)
    words = json.loads(unseal_text(page().keys, recording, words_sealed, "words")) if words_sealed else []
    shown = tuple(ShownWord(word, confidence) for word, confidence in words)
    is_whole = " ".join(word.text for word in shown) == text
    return shown if is_whole else (ShownWord(text),)

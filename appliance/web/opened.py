"""Comments opened for reading: their text is unsealed here, for one answer, and kept nowhere."""

from dataclasses import dataclass

from appliance.custody.recordings import unseal_text
from appliance.errors import CustodyError
from appliance.sound import Audibility, audibility
from appliance.store.listing import CommentFilter, ListedComment, list_comments
from appliance.web.state import page, store


@dataclass(frozen=True, slots=True)
class OpenedComment:
    listed: ListedComment
    text: str | None
    """None where the seal does not open any more."""

    @property
    def audibility(self) -> Audibility:
        """Of an old comment nothing is known: then it counts as clear."""
        one = self.listed
        if one.level_dbfs is None or one.clipped_share is None:
            return Audibility.CLEAR
        return audibility(one.level_dbfs, one.clipped_share)


def open_comments(wanted: CommentFilter, limit: int) -> list[OpenedComment]:
    """The newest comments that match, at most `limit`."""
    return [OpenedComment(listed, _text(listed)) for listed in list_comments(store(), wanted, limit)]


def _text(listed: ListedComment) -> str | None:
    if listed.recording is None or listed.transcript is None or listed.transcript.text_sealed is None:
        return None
    try:
        return unseal_text(page().keys, listed.recording, listed.transcript.text_sealed)
    except CustodyError:
        return None

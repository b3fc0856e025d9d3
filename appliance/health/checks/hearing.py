"""Citizens' comments come over the line neither faint nor overdriven."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.sound import Audibility, audibility
from appliance.store import comments

TITLE: Final = "comments are loud and clear"
_RECENT: Final = timedelta(days=14)
_MOST: Final = 50
_FEWEST: Final = 5
_SHARE: Final = 0.2
"""Some telephones are bad; when every fifth comment is, it is the line."""


def run(context: Context) -> Iterator[Issue]:
    levels = comments.latest_levels(context.db, context.now - _RECENT, _MOST) if context.db is not None else []
    heard = Counter(audibility(level, clipped) for level, clipped in levels)
    for found, word, way in (
        (Audibility.FAINT, "faint", "raise"),
        (Audibility.OVERDRIVEN, "overdriven", "lower"),
    ):
        if heard[found] >= max(_FEWEST, _SHARE * len(levels)):
            what = f"{heard[found]} of the latest {len(levels)} comments are {word}: their words are hard to make out"
            todo = f"{way} the receive gain (input volume) of the trunk to this box, at the PBX or its gateway"
            yield Issue("hearing", Severity.WARNING, what, "PBX", todo)

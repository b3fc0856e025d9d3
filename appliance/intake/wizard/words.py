"""What columns are called, in Swedish and English, and the words that stand in them."""

import re
import unicodedata
from enum import StrEnum
from typing import Final

from appliance.types import Direction


class Role(StrEnum):
    """What a column may be for; in the order in which a name is looked up."""

    LINKED = "linked-id"
    CALL_ID = "call-id"
    DIRECTION = "direction"
    QUEUE = "queue"
    WAIT = "wait"
    TALK = "talk"
    ANSWER_TIME = "answer-time"
    BEGIN_TIME = "begin-time"
    END_TIME = "end-time"
    ANSWERED = "answered"
    IGNORED = "ignored"
    CALLED = "called"
    CALLER = "number"


_NAMES: Final = {
    Role.LINKED: r"linked.?id|history.?id|global.?call.?id|ucid|parent.?id|lankat.?id",
    Role.CALL_ID: r"(call|samtals?|unique|record|cdr|contact|kontakt|session)_?id|pkid|guid|uuid|id|referens",
    Role.DIRECTION: r".*direction|riktning|in_?ut|in_?out|call_?type|samtalstyp",
    Role.WAIT: r".*(wait|vant|hold_?time|ring_?(time|tid|sec)|queue_?(time|sec)|ko_?tid|svarstid).*",
    Role.QUEUE: r"(?!.*(time|tid|sec|sek)).*(queue|grupp|group|hunt|skill|tjanst|service|(^|_)ko($|_|namn)).*",
    Role.TALK: r".*(talk|samtals_?(tid|langd)|langd|tal_?tid|duration|bill_?sec|length|varaktighet).*",
    Role.ANSWER_TIME: r".*(answer|connect|besvara|svar).*(time|tid|_at|datum|date|kl).*|.*time_?(answer|connect).*",
    Role.BEGIN_TIME: r".*(start|begin|begun|borja|origination|pabor).*",
    Role.END_TIME: r".*(end(ed)?|slut|avslut|disconnect|hang_?up|stop).*",
    Role.ANSWERED: r".*(answered|besvara|svarad|disposition|utfall|resultat|result|status).*",
    Role.IGNORED: r".*(agent|handlagga|user|anvanda|medarbetar|operator|cost|kostnad|trunk|linje|puls|konto|device).*",
    Role.CALLED: r".*(called|dial|dest|dnis|mottag|uppringd|till|b_?(nummer|number|nr)).*|to|to_.*",
    Role.CALLER: r".*(caller|calling|cli|ani|uppringande|nummer|number|a_?nr|telefon|phone|msisdn).*|from|from_.*|fran",
}
_DIRECTIONS: Final = {
    Direction.INBOUND: {"in", "i", "inbound", "incoming", "inkommande", "inkommet", "ingaende"},
    Direction.OUTBOUND: {"out", "o", "u", "ut", "outbound", "outgoing", "utgaende"},
    Direction.INTERNAL: {"internal", "int", "intern", "internt"},
}
YES: Final = {"1", "true", "yes", "y", "ja", "j", "answered", "besvarat", "besvarad", "svarat", "sant"}
NO: Final = {
    *("0", "false", "no", "n", "nej", "missed", "abandoned", "unanswered", "noanswer"),
    *("obesvarat", "obesvarad", "missat", "tappat", "falskt", "busy", "failed"),
}


def plain(text: str) -> str:
    """Small letters of the alphabet and digits; everything else an underscore."""
    split = re.sub(r"(?<=[a-zåäö])(?=[A-ZÅÄÖ])", "_", text)
    letters = unicodedata.normalize("NFKD", split.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")


def role_of(name: str) -> Role | None:
    """What a column of this name is for, where its name says so."""
    return next((role for role, names in _NAMES.items() if re.fullmatch(names, plain(name))), None)


def unit_of(name: str) -> str | None:
    """The unit that a duration's name gives."""
    words = set(plain(name).split("_"))
    if words & {"ms", "msec", "milliseconds", "millisekunder"}:
        return "milliseconds"
    return "seconds" if words & {"s", "sec", "secs", "seconds", "sek", "sekunder", "billsec"} else None


def direction_of(word: str) -> Direction | None:
    written = plain(word).replace("_", "")
    return next((direction for direction, words in _DIRECTIONS.items() if written in words), None)


def is_yes(word: str) -> bool | None:
    """None of a word that is neither."""
    written = plain(word).replace("_", "")
    return True if written in YES else False if written in NO else None

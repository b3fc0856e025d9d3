"""What the columns mean: from a sample and the answers to the document of a profile."""

import re
from collections.abc import Callable
from typing import Any, Final

from appliance.errors import IntakeError
from appliance.intake.wizard.columns import Columns
from appliance.intake.wizard.kinds import access_digits
from appliance.intake.wizard.questions import NONE
from appliance.intake.wizard.words import Role, direction_of, is_yes, unit_of
from appliance.types import Direction

Document = dict[str, Any]
INTERNAL_NUMBER: Final = "[1-9][0-9]{1,5}"
_MEANING: Final = {Role.END_TIME: "end", Role.BEGIN_TIME: "begin", Role.ANSWER_TIME: "answer"}


def read_columns(columns: Columns) -> Document:
    """The profile's document as far as it is understood; what is not stands in the open questions."""
    ended = _ended(columns)
    number, called = _numbers(columns)
    direction = _direction(columns, number, called)
    talk = _duration(columns, "talk", Role.TALK, "How long was talked?")
    wait = _duration(columns, "wait", Role.WAIT, "How long did the citizen wait?")
    answered = _answered(columns)
    queue = columns.pick(
        "queue", Role.QUEUE, "Which column names the queue?", columns.free(lambda name: not columns.moments(name))
    )
    call_id, linked_id = _call_ids(columns)
    ended["after"] = [part for part, counts in _after(columns, ended.pop("is"), wait, talk) if counts]
    document: Document = {
        "call_id": call_id, "linked_id": linked_id,
        "ended": ended,
        "number": number,
        "queue": {"columns": [queue]} if queue not in {NONE, None} else {},
        "wait": wait, "talk": talk, "direction": direction, "answered": answered,
    }  # fmt: skip
    return {key: value for key, value in document.items() if value}


def _ended(columns: Columns) -> Document:
    """Columns, format, and as `is` whether they say the call's end, its begin, or when it was answered."""
    readings = _time_readings(columns)
    if not readings:
        raise IntakeError("no column can be read as date and time")
    meanings = {label: _meaning(columns, label) for label in readings}
    ends = [label for label, meaning in meanings.items() if meaning == "end"]
    label = columns.answers.choose("time", "Which column says when the call ended, or began?", ends or list(readings))
    if label is None:
        columns.take(*(name for each in readings for name in each.split("+")))
        return {"is": None}
    columns.take(*label.split("+"), *(each for each in columns.free() if columns.moments(each)))
    meaning = meanings[label] or columns.answers.ask(
        "time-is",
        f"Does {label} say when the call ended, when it began, or when it was answered?",
        list(_MEANING.values()),
    )
    written = columns.answers.choose("time-format", f"How is {label} written?", readings[label])
    return {"columns": label.split("+"), "format": written, "is": meaning}


def _time_readings(columns: Columns) -> dict[str, list[str]]:
    """Formats by column, or by two columns as date+time."""
    whole = {name: columns.moments(name) for name in columns.free(columns.moments)}
    days, clocks = columns.free(columns.days), columns.free(columns.clocks)
    never = {*columns.called(Role.TALK), *columns.called(Role.WAIT)}
    pairs = {
        f"{day}+{clock}": formats
        for day in days
        for clock in clocks
        if day != clock
        and clock not in never
        and not {day, clock} & whole.keys()
        and (formats := columns.pairs(day, clock))
    }
    return {**whole, **pairs}


def _meaning(columns: Columns, label: str) -> str | None:
    names = label.split("+")
    return next((meaning for role, meaning in _MEANING.items() if set(names) & set(columns.called(role))), None)


def _after(columns: Columns, meaning: str | None, wait: Document, talk: Document) -> list[tuple[Document, bool]]:
    """What passed after the time that is written, until the call's end."""
    if meaning in {"begin", "answer"} and not talk and not any(each.key == "talk" for each in columns.answers.open):
        raise IntakeError("the records say when a call began, but not how long it lasted: its end cannot be told")
    return [(wait, bool(wait) and meaning == "begin"), (talk, bool(talk) and meaning in {"begin", "answer"})]


def _numbers(columns: Columns) -> tuple[Document, str | None]:
    """The citizen's number by direction, and the column of the number that was called, if any."""
    candidates = columns.free(columns.has_numbers)
    if not candidates:
        raise IntakeError("no column holds the telephone numbers of Swedish subscribers")
    text = "Which column holds the citizen's number when the citizen rings?"
    inbound = columns.pick("number", Role.CALLER, text, candidates, needed=True)
    if inbound is None:
        columns.take(*candidates)
        return {}, None
    if inbound == NONE:
        raise IntakeError(
            "no column that holds telephone numbers can be the citizen's by its name; say --answer number=…"
        )
    named = [name for name in columns.called(Role.CALLED) if name in columns.free()]
    others = named or columns.free(columns.has_numbers)
    called = columns.pick("called", Role.CALLED, "Which column holds the number that was called?", others)
    begins = [begin or NONE for begin in access_digits(columns[inbound])]
    begin = columns.answers.choose(
        "access-digits", f"What does the PBX put before outside numbers in {inbound}?", begins
    )
    number = {"inbound": inbound, "outbound": called, "access_digits": begin}
    return {key: value for key, value in number.items() if value not in {NONE, None}}, called


def _direction(columns: Columns, number: Document, called: str | None) -> Document:
    def known(name: str) -> bool:
        return bool(columns.words(name)) and all(map(direction_of, columns.words(name)))

    def possible(name: str) -> bool:
        return known(name) or len(columns.words(name)) > 1

    clear = columns.free(known)
    text = "Which column says whether the citizen rang or was rung?"
    found = columns.pick(
        "direction", Role.DIRECTION, text, columns.free(possible), clear=clear[0] if len(clear) == 1 else None
    )
    if found is None:
        return {}
    if found != NONE:
        meant = _words(columns, "direction", found, direction_of, list(Direction))
        return {"columns": [found], "values": {word: str(direction) for word, direction in meant.items()}}
    if number and called and called != NONE:
        return {"caller": number["inbound"], "called": called, "internal": INTERNAL_NUMBER}
    return {}


def _answered(columns: Columns) -> Document:
    def known(name: str) -> bool:
        words = columns.words(name)
        return bool(words) and all(is_yes(word) is not None for word in words)

    def spoken(name: str) -> bool:
        return known(name) and any(word.isalpha() for word in columns.words(name))

    clear = columns.free(spoken)
    text = "Which column says whether somebody answered?"
    candidates = columns.free(lambda name: known(name) or len(columns.words(name)) > 1)
    found = columns.pick("answered", Role.ANSWERED, text, candidates, clear=clear[0] if len(clear) == 1 else None)
    if found in {None, NONE}:
        filled = columns.called(Role.ANSWER_TIME)
        return {"columns": filled[:1]} if found == NONE and filled else {}
    assert found is not None
    meant = _words(columns, "answered", found, _yes_or_no, ["yes", "no"])
    by = {each: [re.escape(word) for word, answer in meant.items() if answer == each] for each in ("yes", "no")}
    return {"columns": [found], **{key: value for key, value in by.items() if value}}


def _yes_or_no(word: str) -> str | None:
    answer = is_yes(word)
    return None if answer is None else "yes" if answer else "no"


def _words(
    columns: Columns, key: str, column: str, known: Callable[[str], str | None], options: list[str]
) -> dict[str, str]:
    """What each value of a column means: by its word where all are known, else every one by an answer."""
    words = columns.words(column)
    if all(map(known, words)):
        return {word: str(known(word)) for word in words}
    options = list(map(str, options))
    meant = {
        word: columns.answers.ask(f"{key}.{word}", f"What does {word} in {column} mean?", options) for word in words
    }
    return {word: meaning for word, meaning in meant.items() if meaning is not None}


def _duration(columns: Columns, key: str, role: Role, text: str) -> Document:
    def possible(name: str) -> bool:
        return bool(columns.durations(name)) and not columns.has_numbers(name)

    found = columns.pick(key, role, text, columns.free(possible))
    if found in {None, NONE}:
        return {}
    assert found is not None
    formats = columns.durations(found)
    unit = unit_of(found) if columns.sample.named else None
    written = unit if unit in formats else columns.answers.choose(f"{key}-format", f"How is {found} written?", formats)
    return {"columns": [found], "format": written}


def _call_ids(columns: Columns) -> tuple[list[str], list[str]]:
    """What names a record, and what all records of one call share."""
    named = columns.called(Role.CALL_ID)
    shared = [*columns.called(Role.LINKED), *(name for name in named if not columns.is_unique(name))]
    own = columns.pick(
        "call-id", Role.CALL_ID, "Which column names a record, as no other record is ever named?",
        columns.free(lambda name: columns.is_unique(name) and name not in shared),
    )  # fmt: skip
    return ([own] if own not in {NONE, None} else []), shared[:1]

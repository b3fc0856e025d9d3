"""A profile as its TOML file, with comments for whoever changes it later."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from appliance.intake.wizard.reading import Document
from appliance.intake.wizard.sample import Sample

_COMMENTS: Final = {
    "ended": 'when the call ended: "iso", "epoch" or strptime\'s letters; after: what passed from that time to the end',
    "number": "which column holds the citizen's number; access_digits: what the PBX puts before outside numbers",
    "queue": 'say what staff call a queue below [queue.names]: "5100" = "Växel"',
    "wait": "how long the citizen waited",
    "talk": "how long was talked; a call without talk was not answered, unless [answered] says it",
    "direction": "who rang whom",
    "answered": "what says that somebody answered",
}


def profile_text(about: str, sample: Sample, document: Document) -> str:
    """TOML that `load_profile` reads."""
    head = {
        "about": about,
        "encoding": sample.encoding,
        "ignore": list(sample.ignore),
        "call_id": document.get("call_id", []),
        "linked_id": document.get("linked_id", []),
    }
    return (
        "\n".join([*_heading(document), *_lines(head), "", *_table("layout", sample.layout), *_tables(document)]) + "\n"
    )


def _heading(document: Document) -> Iterator[str]:
    yield "# Written by: efterklang intake profile. Try it: efterklang contacts import FILE --profile THIS --dry-run"
    if not document.get("call_id"):
        yield "# No column names a record: a keyed hash of the line does, so two equal lines are one contact."
    if not document.get("talk"):
        yield "# No column says how long was talked: all contacts are too short until funnel.min_talk_seconds is 0."


def _tables(document: Document) -> Iterator[str]:
    for name, comment in _COMMENTS.items():
        if table := document.get(name):
            yield ""
            yield f"# {comment}"
            yield from _table(name, table)


def _table(name: str, table: Mapping[str, Any]) -> Iterator[str]:
    yield f"[{name}]"
    yield from _lines(table)


def _lines(table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        if value not in ([], {}, ""):
            yield f"{key} = {_value(value)}"


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return "{{ {} }}".format(", ".join(f"{_text(key)} = {_value(inner)}" for key, inner in value.items()))
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else _text(value)


def _text(value: object) -> str:
    """A basic string: TOML's escapes are JSON's, but for DEL."""
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")

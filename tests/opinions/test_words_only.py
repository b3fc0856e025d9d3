"""The law allows words to be classified, never the voice: nothing acoustic can reach the classifier."""

import ast
import inspect
from pathlib import Path
from typing import get_type_hints

import appliance.opinions
from appliance.opinions import Classifier
from appliance.types import Opinion

ROOM = Path(appliance.opinions.__file__).parent
MAY_IMPORT = {"appliance.opinions", "appliance.catalog", "appliance.errors", "appliance.settings", "appliance.types"}
ACOUSTIC = {"pitch", "energy", "loudness", "formant", "speaker", "audio", "waveform", "samples", "spectrum", "mfcc"}


def _imports(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_the_classifier_takes_a_text_and_nothing_else() -> None:
    hints = get_type_hints(Classifier.classify)
    assert hints == {"text": str, "return": tuple[Opinion, ...]}
    assert list(inspect.signature(Classifier.classify).parameters) == ["self", "text"]


def test_the_room_imports_no_room_that_knows_sound() -> None:
    for path in ROOM.rglob("*.py"):
        ours = {name for name in _imports(ast.parse(path.read_text("utf-8"))) if name.startswith("appliance")}
        strangers = {name for name in ours if not any(name == m or name.startswith(f"{m}.") for m in MAY_IMPORT)}
        assert not strangers, path


def test_no_name_in_the_room_speaks_of_sound() -> None:
    for path in ROOM.rglob("*.py"):
        names = {
            part
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            for name in (getattr(node, "id", None), getattr(node, "arg", None), getattr(node, "attr", None))
            if isinstance(name, str)
            for part in name.lower().split("_")
        }
        assert not names & ACOUSTIC, path

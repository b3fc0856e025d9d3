"""The house as the design draws it: where a line belongs, and how long it may get."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

HOUSE: Final = Path(__file__).parents[1]
TOP_LEVEL: Final = {
    *("pyproject.toml", "appliance", "models", "systemd", "scripts", "tests"),
    *("README.md", "LICENSE", "CHANGELOG.md", ".ci", ".gitignore"),
}
GROUND: Final = {
    *("types", "errors", "settings", "settings_file", "hours", "catalog", "service", "sound", "logs", "signals"),
    *("numbers", "number_guard", "sip_uri", "calling_time", "timepiece", "machine", "tones"),
}
"""Shared by all, and built on nothing but each other."""

MAY_USE: Final = {
    "store": set(),
    "custody": {"store"},
    "intake": {"store", "custody"},  # it seals a number before the store sees it
    "dialer": {"store"},
    "survey": set(),
    "telephony": {"survey", "dialer", "custody", "store"},
    "speech": set(),
    "opinions": set(),
    "analyst": {"speech", "opinions", "custody", "store"},
    "results": {"store"},
    "web": {"results", "store", "custody", "health", "intake", "survey"},  # what staff steer, and the HTTP inbox
    "health": {"store", "custody", "intake", "dialer", "survey", "results"},
    "practice": {"telephony", "survey"},  # citizens know the questions that they are asked
}
"""The rooms and who may use whom; cli may use all."""

ONLY: Final = {
    "pjsua2": ("appliance/telephony/_pjsua2.py",),
    "ctranslate2": ("appliance/speech/", "appliance/opinions/"),
    "vosk": ("appliance/speech/", "appliance/opinions/"),
    "flask": ("appliance/web/",),
    "flask_wtf": ("appliance/web/",),
    "werkzeug": ("appliance/web/",),
    "sounddevice": ("appliance/survey/",),
    "sqlite3": ("appliance/store/",),
    "sqlite_utils": ("appliance/store/",),
}
SQL: Final = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|PRAGMA|VACUUM)\s")
MAX_FILE_LINES: Final = 300
MAX_FUNCTION_LINES: Final = 60


@cache
def tracked() -> tuple[Path, ...]:
    """The files of the house, as git knows them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=HOUSE, capture_output=True, check=True, text=True).stdout
    return tuple(path for name in listed.split("\0") if name and (path := HOUSE / name).is_file())


@cache
def parsed() -> dict[str, ast.Module]:
    """Every Python file by its name, scripts without an ending as well."""
    return {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in tracked() if is_python(path)}


def is_python(path: Path) -> bool:
    return path.suffix == ".py" or (not path.suffix and re.match(rb"#!.*python", path.read_bytes()) is not None)


def name_of(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def rooms() -> Iterator[tuple[str, str, ast.Module]]:
    """Room, file name and syntax tree of everything in the package."""
    for name, tree in parsed().items():
        top, *inner = Path(name).with_suffix("").parts
        if top == "appliance":
            yield inner[0], name, tree


def imported(tree: ast.Module) -> Iterator[str]:
    """Dotted names of all modules that a file imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_top_level_is_the_design_s() -> None:
    assert {path.relative_to(HOUSE).parts[0] for path in tracked()} <= TOP_LEVEL


def test_each_folder_says_what_it_is_for() -> None:
    folders = {path.relative_to(HOUSE).parts[0] for path in tracked() if path.parent != HOUSE}
    assert [folder for folder in sorted(folders - {".ci"}) if not (HOUSE / folder / "README.md").is_file()] == []


def test_every_room_is_on_the_design_card() -> None:
    assert {room for room, _, _ in rooms()} <= MAY_USE.keys() | GROUND | {"cli", "__init__", "__main__"}


def test_a_room_uses_only_the_rooms_it_may_use() -> None:
    broken = []
    for room, name, tree in rooms():
        allowed = MAY_USE.get(room, set()) | GROUND | {room}
        for module in imported(tree):
            top, _, inner = module.partition(".")
            if top == "appliance" and room not in {"cli", "__main__"} and inner.split(".")[0] not in allowed | {""}:
                broken.append(f"{name} imports {module}")
    assert broken == []


def test_what_is_dangerous_or_heavy_is_imported_in_one_place() -> None:
    broken = [
        f"{name} imports {module}"
        for _, name, tree in rooms()
        for module in imported(tree)
        if (places := ONLY.get(module.split(".")[0])) and not name.startswith(places)
    ]
    assert broken == []


def test_the_page_s_process_loads_neither_telephony_nor_a_recogniser() -> None:
    names = [
        name.removesuffix(".py").removesuffix("/__init__") for room, name, _ in rooms() if room in {"web", "health"}
    ]
    program = "\n".join(f"import {name.replace('/', '.')}" for name in names) + "\nimport sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert {"pjsua2", "ctranslate2", "vosk"} & set(done.stdout.split()) == set()


def test_only_the_store_speaks_sql() -> None:
    spoken = [
        f"{name}:{node.lineno} {node.value[:40]!r}"
        for room, name, tree in rooms()
        for node in ast.walk(tree)
        if room != "store" and isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]
    assert spoken == []


def test_no_file_is_long() -> None:
    sizes = {name: len((HOUSE / name).read_text(encoding="utf-8").splitlines()) for name in parsed()}
    assert {name: size for name, size in sizes.items() if size > MAX_FILE_LINES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    sizes = {
        f"{name}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for name, tree in parsed().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: size for name, size in sizes.items() if size > MAX_FUNCTION_LINES} == {}


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    assert [place for place, _ in found_in_code(words)] == []


def test_every_exception_to_a_rule_has_its_reason() -> None:
    """On the line itself, or as a comment on the line before; a test may hand over a wrong type without one."""
    bare = re.compile(r"# noqa(?!: [A-Z0-9, ]+ -- \S)|# type: ignore(?!\[[a-z, -]+\]  # \S)")
    excused = {place for place, before in found_in_code(bare) if before.startswith("#")}
    broken = {place for place, _ in found_in_code(bare)} - excused
    assert sorted(place for place in broken if not (place.startswith("tests/") and "type: ignore" in place)) == []


def test_no_machine_of_ours_is_named() -> None:
    homes = re.compile(b"|".join((b"/" + b"work/", b"/" + b"root/", b"/" + b"home/[a-z]")))
    assert [name_of(path) for path in tracked() if homes.search(path.read_bytes())] == []


def found_in_code(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Where a pattern stands in the code, and the line before it."""
    for name in parsed():
        before = ""
        for number, line in enumerate((HOUSE / name).read_text(encoding="utf-8").splitlines(), 1):
            if name != name_of(Path(__file__)) and pattern.search(line):
                yield f"{name}:{number} {line.strip()}", before
            before = line.strip()

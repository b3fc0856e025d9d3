import importlib.metadata
import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

HOUSE = Path(__file__).parents[2]


def pinned() -> dict[str, Version]:
    text = (HOUSE / "scripts" / "constraints.txt").read_text(encoding="utf-8")
    rows = [line.split("==") for line in text.splitlines() if line and not line.startswith("#")]
    return {plain(name): Version(version) for name, version in rows}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted(*extras: str) -> list[Requirement]:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = [project["optional-dependencies"][extra] for extra in extras]
    return [Requirement(line) for line in sum(lists, project["dependencies"])]


def test_what_the_project_asks_for_is_pinned_to_a_version_that_it_accepts() -> None:
    versions, all_wanted = pinned(), wanted("test", "train", "bench")
    assert [each.name for each in all_wanted if plain(each.name) not in versions] == []
    assert [f"{each}" for each in all_wanted if versions[plain(each.name)] not in each.specifier] == []


def test_what_they_ask_for_in_turn_is_pinned_as_well() -> None:
    versions, queue, seen = pinned(), wanted("test", "train"), set()  # the others are not installed for tests
    while queue:
        requirement = queue.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        seen.add(plain(requirement.name))
        for line in importlib.metadata.requires(requirement.name) or []:
            inner = Requirement(line)
            if plain(inner.name) not in seen:
                queue.append(inner)
    assert seen - versions.keys() == {"pip"}  # sqlite-utils asks for it; each environment is born with one

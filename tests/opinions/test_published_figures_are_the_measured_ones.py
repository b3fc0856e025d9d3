import json
from typing import Any

import pytest
from shipped import SHIPPED

REPORT = json.loads((SHIPPED / "training" / "figures.json").read_text("utf-8"))
CARD = (SHIPPED / "README.md").read_text("utf-8")
OVERVIEW = (SHIPPED.parent / "README.md").read_text("utf-8")


def _cell(figure: dict[str, float]) -> str:
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


@pytest.mark.parametrize("name", ["opinion_f1", "area_f1", "tonality_f1", "empty_recall"])
def test_the_tables_say_what_training_wrote(name: str) -> None:
    ours, plain = REPORT["held_out"]["figures"][name], REPORT["held_out"]["plain_recipe"][name]
    crossed = REPORT["cross_validated"]["figures"][name]
    assert f"| {name} | {_cell(ours)} | {_cell(plain)} | {_cell(crossed)} |" in CARD
    assert f"| {_cell(ours)} | {_cell(plain)} |" in OVERVIEW


@pytest.mark.parametrize("row", REPORT["cross_validated"]["by_area_and_tonality"].items(), ids=lambda row: row[0])
def test_each_area_and_tonality_is_told(row: tuple[str, dict[str, Any]]) -> None:
    name, figures = row
    assert f"| {name} | {figures['f1']:.3f} | {figures['opinions']} |" in CARD


def test_ours_is_better_than_the_plain_recipe() -> None:
    held_out = REPORT["held_out"]
    assert held_out["figures"]["opinion_f1"]["low"] > held_out["plain_recipe"]["opinion_f1"]["value"]

from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.health import Context, Severity
from appliance.health.checks import prompts
from appliance.survey.prompts import PromptLibrary, Source

Box = Callable[..., Context]


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> dict[str, Source]:
    """Where each prompt's sound comes from: shipped unless a test says otherwise."""
    given: dict[str, Source] = {}
    monkeypatch.setattr(PromptLibrary, "source", lambda _self, key, _language: given.get(key, Source.SHIPPED))
    return given


def test_the_practice_municipality_is_well_with_the_shipped_prompts(practice: Box, sources: dict[str, Source]) -> None:
    assert list(prompts.run(practice())) == []


def test_a_prompt_without_a_sound_is_an_error(practice: Box, sources: dict[str, Source], storage: Path) -> None:
    sources["menu"] = Source.MISSING
    issue = next(iter(prompts.run(practice())))
    assert issue.severity is Severity.ERROR
    assert issue.where == f"{storage / 'prompts' / 'sv' / 'menu.wav'}"
    assert issue.todo == "run: efterklang prompts record menu --language sv"


def test_a_real_box_is_asked_for_a_greeting_of_its_own(installed: Box, sources: dict[str, Source]) -> None:
    assert [issue.severity for issue in prompts.run(installed())] == [Severity.WARNING]
    sources["greeting"] = Source.OWN
    assert list(prompts.run(installed())) == []

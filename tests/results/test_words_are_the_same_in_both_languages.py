import re
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

import pytest

import appliance
from appliance.results.intervals import Interval
from appliance.results.words import Words, read_texts
from appliance.store.figures import Span
from appliance.types import Language

PACKAGE = Path(appliance.__file__).parent
CATALOGUES = [PACKAGE / "results" / "texts", PACKAGE / "web" / "texts"]
TEXTS = {key for folder in CATALOGUES for key in read_texts(folder, Language.SWEDISH)}
NOW = datetime(2026, 11, 21, 13, 32, 5, tzinfo=UTC)


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("folder", CATALOGUES, ids=lambda folder: folder.parent.name)
def test_both_catalogues_have_the_same_keys_and_blanks(folder: Path) -> None:
    swedish, english = read_texts(folder, Language.SWEDISH), read_texts(folder, Language.ENGLISH)
    assert swedish.keys() == english.keys()
    assert {key: names_in(text) for key, text in swedish.items()} == {
        key: names_in(text) for key, text in english.items()
    }


@pytest.fixture(scope="module")
def source() -> str:
    """All templates and code of the two rooms that speak."""
    paths = [
        path for room in ("results", "web") for path in (PACKAGE / room).rglob("*") if path.suffix in {".html", ".py"}
    ]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def test_each_text_that_is_asked_for_is_there(source: str) -> None:
    asked = set(re.findall(r"""\b(?:t|words|words\(\)|self)\(\s*"([a-z_.]+[a-z_])\"""", source))
    asked |= {f"{key}.one" for key in re.findall(r'counted\("([a-z_.]+)"', source)}
    assert len(asked) > 50
    assert asked <= TEXTS


def test_no_text_is_left_over(source: str) -> None:
    asked = set(re.findall(r"""["']([a-z_]+\.[a-z_.]*)["'{]""", source))
    families = tuple(key for key in asked if key.endswith("."))  # the rest of the key is made at run time
    assert {key for key in TEXTS if not {key, key.rpartition(".")[0]} & asked and not key.startswith(families)} == set()


def test_figures_are_written_as_swedes_write_them(swedish: Words) -> None:
    space = "\N{NO-BREAK SPACE}"
    assert swedish.number(3418) == f"3{space}418"
    assert swedish.number(4.649, 1) == "4,6"
    assert swedish.percent(0.354) == f"35{space}%"
    assert swedish.percent_range(Interval(0.371, 0.42)) == f"37–42{space}%"
    assert [swedish.signed(value, 1) for value in (0.21, -0.6, 0.04, -0.04)] == ["+0,2", "−0,6", "±0,0", "±0,0"]


def test_figures_are_written_as_the_english_write_them(english: Words) -> None:
    assert (english.number(3418), english.number(4.649, 1), english.percent(0.354)) == ("3,418", "4.6", "35%")


def test_moments_are_told_in_the_municipality_s_own_time(swedish: Words) -> None:
    assert swedish.clock(NOW) == "14:32:05"
    assert swedish.ago(NOW, NOW) == "i dag 14:32"
    assert swedish.ago(datetime(2026, 11, 20, 8, 5, tzinfo=UTC), NOW) == "i går 09:05"
    assert swedish.ago(datetime(2026, 11, 3, 8, 5, tzinfo=UTC), NOW) == "3 november 09:05"
    assert swedish.ago(datetime(2025, 11, 3, 8, 5, tzinfo=UTC), NOW) == "3 november 2025 09:05"


def test_a_span_is_told_by_its_first_and_last_day(swedish: Words) -> None:
    begin, end = datetime(2026, 11, 14, 23, tzinfo=UTC), datetime(2026, 11, 21, 23, tzinfo=UTC)
    assert swedish.days(Span(begin, end)) == "15–21 nov. 2026"
    assert swedish.days(Span(datetime(2026, 11, 20, 23, tzinfo=UTC), end)) == "21 november 2026"

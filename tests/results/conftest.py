from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from made_up import MadeUp

from appliance.results.words import Words
from appliance.types import Language


@pytest.fixture
def made(tmp_path: Path) -> Iterator[MadeUp]:
    made = MadeUp(tmp_path)
    yield made
    made.db.close()


@pytest.fixture
def swedish() -> Words:
    return Words(Language.SWEDISH, ZoneInfo("Europe/Stockholm"))


@pytest.fixture
def english() -> Words:
    return Words(Language.ENGLISH, ZoneInfo("Europe/Stockholm"))

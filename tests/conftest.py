"""What every test shares."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from made_up import MadeUp

pytest_plugins = ["pbx.fixtures"]

# A busy machine is no fault: pytest-timeout catches what hangs.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

_STARTED = time.monotonic()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--begin-within", metavar="MINUTES", type=float, help="a test that begins later is skipped")


def pytest_runtest_setup(item: pytest.Item) -> None:
    minutes = item.config.getoption("--begin-within")
    if minutes is not None and time.monotonic() - _STARTED > 60 * minutes:
        pytest.skip(f"no time was left for it in this run of {minutes:g} minutes")


@pytest.fixture
def box(tmp_path: Path) -> Iterator[MadeUp]:
    """A box with a store and keys of its own, empty."""
    made = MadeUp(tmp_path / "box")
    yield made
    made.db.close()

"""What every test shares."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from made_up import MadeUp

pytest_plugins = ["pbx.fixtures"]

# A busy machine is no fault: pytest-timeout catches what hangs.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture
def box(tmp_path: Path) -> Iterator[MadeUp]:
    """A box with a store and keys of its own, empty."""
    made = MadeUp(tmp_path / "box")
    yield made
    made.db.close()

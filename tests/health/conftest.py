from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from appliance.health import Context
from appliance.settings import Settings
from appliance.settings_file import DEFAULT_PATH
from appliance.store import Database, open_store

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
_WHOLE = {
    "municipality": {"name": "Provköping", "code": "9998"},
    "sip": {"registrar": "sip:127.0.0.1:5060", "caller_id": "031-390 06 00"},
}


@pytest.fixture
def storage(tmp_path: Path) -> Path:
    directory = tmp_path / "storage"
    directory.mkdir(mode=0o700)
    return directory


@pytest.fixture
def db(storage: Path) -> Iterator[Database]:
    opened = open_store(storage)
    yield opened
    opened.close()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def practice(storage: Path) -> Callable[..., Context]:
    """A practice box; sections of the configuration as keyword arguments."""

    def make(db: Database | None = None, **sections: dict[str, Any]) -> Context:
        sections["storage"] = {"directory": storage, **sections.get("storage", {})}
        return Context(Settings.model_validate(sections), NOW, None, db)

    return make


@pytest.fixture
def installed(storage: Path) -> Callable[..., Context]:
    """A real box with everything in order; keyword arguments change keys of sections, None takes a section away."""

    def make(db: Database | None = None, **changes: dict[str, Any] | None) -> Context:
        sections: dict[str, Any] = {**_WHOLE, "storage": {"directory": storage}}
        for name, change in changes.items():
            sections[name] = None if change is None else {**sections.get(name, {}), **change}
        return Context(Settings.model_validate(sections), NOW, DEFAULT_PATH, db)

    return make

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from browser import chromium
from flask import Flask
from made_up import NOW, MadeUp
from playwright.sync_api import Browser
from served import serving
from visitors import NAME, PASSWORD, Clock, Visitor

from appliance.settings import Settings
from appliance.store import users
from appliance.web import create_app


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Quick to check, for a hash carries its own cost."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def made(tmp_path: Path, password_hash: str) -> Iterator[MadeUp]:
    made = MadeUp(tmp_path)
    users.add(made.db, NAME, password_hash, NOW)
    yield made
    made.db.close()


@pytest.fixture
def settings(made: MadeUp) -> Settings:
    return Settings.model_validate({"storage": {"directory": made.directory}})


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Flask:
    app = create_app(settings, clock)
    app.testing = True
    return app


@pytest.fixture
def visit(app: Flask) -> Callable[..., Visitor]:
    """Somebody new at the door."""
    return lambda address="127.0.0.1": Visitor(app.test_client(), address)


@pytest.fixture
def anna(visit: Callable[..., Visitor]) -> Visitor:
    """Logged in."""
    visitor = visit()
    assert visitor.log_in() == 302
    return visitor


@pytest.fixture
def page(anna: Visitor) -> Callable[[str], str]:
    """The text of a page for somebody who is logged in."""

    def read(address: str) -> str:
        response = anna.client.get(address, follow_redirects=True)
        assert response.status_code == 200
        return response.text.replace("\N{NO-BREAK SPACE}", " ")

    return read


@pytest.fixture
def live_made(made: MadeUp) -> MadeUp:
    """For a real server with a real clock."""
    made.now = datetime.now(UTC)
    return made


@pytest.fixture
def address(live_made: MadeUp) -> Iterator[str]:
    """Where the real server answers, over an empty store."""
    with serving(live_made.directory) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser

"""pytest fixtures of the real exchange; where it cannot run they skip, and say what would make it run."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pbx.asterisk import RELEASES, Asterisk, missing
from pbx.baresip import Baresip
from pbx.baresip import missing as baresip_missing
from pbx.box import Box


@pytest.fixture(scope="session")
def start_asterisk() -> Iterator[Callable[..., Asterisk]]:
    """Start one more Asterisk, by release and what else it takes; all are stopped at the end."""
    started: list[Asterisk] = []

    def start(release: str = RELEASES[-1], **options: Any) -> Asterisk:
        if why := missing(release):
            pytest.skip(why)
        exchange = Asterisk(release, **options)
        started.append(exchange)
        exchange.start()
        return exchange

    yield start
    for exchange in started:
        exchange.stop()


@pytest.fixture(scope="module", params=RELEASES)
def both_asterisks(request: pytest.FixtureRequest, start_asterisk: Callable[..., Asterisk]) -> Asterisk:
    """Each release in turn; shared by a file's tests, so none of them stops it."""
    return start_asterisk(request.param)


@pytest.fixture(scope="module")
def asterisk(start_asterisk: Callable[..., Asterisk]) -> Asterisk:
    """The newest release; shared by a file's tests, so none of them stops it."""
    return start_asterisk()


@pytest.fixture
def fresh_asterisk(start_asterisk: Callable[..., Asterisk]) -> Iterator[Asterisk]:
    """The newest release, for this test alone, which may kill it."""
    exchange = start_asterisk()
    yield exchange
    exchange.stop()


@pytest.fixture
def box_on(tmp_path: Path) -> Iterator[Callable[..., Box]]:
    """A box on an exchange, made as `Box` is; closed at the end."""
    made: list[Box] = []

    def make(exchange: Asterisk, **options: Any) -> Box:
        made.append(Box(tmp_path / f"on-pbx-{len(made)}", exchange, **options))
        return made[-1]

    yield make
    for box in made:
        box.close()


@pytest.fixture
def box_at(tmp_path: Path) -> Iterator[Callable[[int], Box]]:
    """A box on a trunk whose far end is at a port of 127.0.0.1."""
    made: list[Box] = []

    def make(port: int) -> Box:
        made.append(Box(tmp_path / f"at-{port}", None, register=False, port=port))
        return made[-1]

    yield make
    for box in made:
        box.close()


@pytest.fixture
def phone(asterisk: Asterisk, tmp_path: Path) -> Iterator[Baresip]:
    """A telephone that is rung by who rings the citizen `is_a_phone`; it answers by itself."""
    if why := baresip_missing():
        pytest.skip(why)
    with Baresip(tmp_path / "phone", asterisk.ports.udp) as made:
        yield made

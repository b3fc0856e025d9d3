import time
from collections.abc import Callable
from datetime import datetime

import pytest
from made_up import MadeUp

from appliance import service
from appliance.analyst import heart
from appliance.analyst.heart import Heart
from appliance.store import processes


@pytest.fixture
def fed(monkeypatch: pytest.MonkeyPatch, box: MadeUp) -> list[str]:
    """What systemd was told; the heart beats a hundred times a second."""
    told: list[str] = []
    monkeypatch.setattr(service, "alive", told.append)
    monkeypatch.setattr(heart, "_BEAT_EVERY_SECONDS", 0.01)
    processes.begin(box.db, "analyst", 1, datetime(2020, 1, 1).astimezone())
    return told


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


class Looks:
    """How often the heart has looked whether it should beat."""

    def __init__(self, beating: Heart) -> None:
        self.count = 0
        self._wait = beating._news.wait
        beating._news.wait = self._look  # type: ignore[method-assign]  # only counted

    def _look(self, timeout: float | None = None) -> bool:
        self.count += 1
        return self._wait(timeout)


def test_it_goes_on_by_itself_and_tells_systemd_and_the_store(box: MadeUp, fed: list[str]) -> None:
    with Heart(box.directory, "analyst") as beating:
        beating.go_on("listening", 60)
        until(lambda: len(fed) > 5)
        (beat,) = processes.all_beats(box.db)
    assert beat.note == "listening"
    assert beat.beat_at.year > 2020


def test_work_that_hangs_is_found_by_its_silence(box: MadeUp, fed: list[str]) -> None:
    with Heart(box.directory, "analyst") as beating:
        beating.go_on("listening", 3600)
        until(lambda: fed)
        beating.go_on("listening", 0)  # its time is up at once
        looks = Looks(beating)
        until(lambda: looks.count > 3)
        before = len(fed)
        until(lambda: looks.count > 10)
        assert len(fed) == before
        beating.go_on("listening", 3600)
        until(lambda: len(fed) > before)


def test_it_ends_with_the_analyst(box: MadeUp, fed: list[str]) -> None:
    with Heart(box.directory, "analyst") as beating:
        beating.go_on("listening", 60)
        until(lambda: fed)
    assert not beating._thread.is_alive()


def test_a_store_that_is_away_does_not_stop_it(box: MadeUp, fed: list[str]) -> None:
    with Heart(box.directory / "opt-outs.ledger", "analyst") as beating:
        (box.directory / "opt-outs.ledger").touch()
        beating.go_on("listening", 60)
        until(lambda: len(fed) > 3)

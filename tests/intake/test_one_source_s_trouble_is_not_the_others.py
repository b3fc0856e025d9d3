import logging
import socket
import time
from collections.abc import Iterable
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
from made_up import MadeUp
from records import NUMBERS, settings_with

from appliance.errors import IntakeError, StoreError
from appliance.intake import worker
from appliance.intake.adapter import Adapter, Desk
from appliance.store import draws, processes


class Source:
    """Works, or does not."""

    def __init__(self, name: str, error: Exception | None = None, waited: socket.socket | None = None) -> None:
        self.name = name
        self.turns = 0
        self.is_closed = False
        self._error = error
        self._waited = waited

    def waits_for(self) -> Iterable[socket.socket]:
        return [self._waited] if self._waited else []

    def work(self, now: datetime) -> None:
        assert now.tzinfo
        self.turns += 1
        if self._error:
            raise self._error

    def close(self) -> None:
        self.is_closed = True


def run(box: MadeUp, monkeypatch: pytest.MonkeyPatch, sources: list[Source], seconds: float) -> None:
    """The intake's loop with these sources."""
    made = worker.adapters_of

    def adapters_of(desk: Desk) -> list[Adapter]:
        return [*made(desk), *sources]

    monkeypatch.setattr(worker, "adapters_of", adapters_of)
    settings = settings_with(storage={"directory": box.directory})
    end = time.monotonic() + seconds
    worker.run(box.db, box.keys, settings, lambda: time.monotonic() > end)


def test_a_source_that_fails_pauses_and_the_others_go_on(
    box: MadeUp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    secret = f"invalid literal: {NUMBERS[0]}"
    broken, odd, well = (
        Source("broken", IntakeError("the PBX is away")),
        Source("odd", KeyError(secret)),
        Source("well"),
    )
    run(box, monkeypatch, [broken, odd, well], 2.2)
    assert (broken.turns, odd.turns) == (1, 1)
    assert well.turns >= 3
    assert all(source.is_closed for source in (broken, odd, well))
    assert "the PBX is away; tried again in 10 s" in caplog.text
    assert f"odd: KeyError in {Path(__file__)}" in caplog.text
    assert NUMBERS[0] not in caplog.text


def test_a_source_with_something_to_read_gets_its_turn_at_once(box: MadeUp, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(b"x")
        busy, idle = Source("busy", waited=ours), Source("idle")
        run(box, monkeypatch, [busy, idle], 1)
        assert busy.turns > 20 * idle.turns


def test_the_day_s_seed_is_made_and_its_hash_told_before_anybody_is_drawn(
    box: MadeUp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    turns = count()
    hashes: list[str] = []

    class Drawing(Source):
        def work(self, now: datetime) -> None:
            if next(turns) == 0:
                day = draws.day_of(box.db, now.astimezone(worker.ZoneInfo("Europe/Stockholm")).date())
                assert day is not None
                hashes.append(day.seed_hash)
                assert day.seed_hash in caplog.text.replace(":", "")

    run(box, monkeypatch, [Drawing("first")], 0.7)
    assert len(hashes) == 1
    assert processes.all_beats(box.db) == []


def test_while_the_clock_cannot_be_looked_at_nothing_is_taken_in_and_nothing_ends(
    box: MadeUp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> bool:
        raise StoreError("the database is locked")

    monkeypatch.setattr(worker, "is_clock_in_doubt", fails)
    source = Source("well")
    run(box, monkeypatch, [source], 1.2)
    assert source.turns == 0
    assert source.is_closed
    assert caplog.text.count("the database is locked; tried again in 10 s") == 1

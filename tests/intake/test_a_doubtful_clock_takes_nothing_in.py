"""By a clock that was set wrong good records lie in the future, and a number is kept until the year that it says."""

import socket
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from made_up import MadeUp
from records import put, reasons, row, settings_with

from appliance.intake import worker
from appliance.intake.adapter import Adapter, Desk
from appliance.intake.doubt import CLOCK_IN_DOUBT, ClockInDoubtError, insist_on_clock
from appliance.settings import Settings
from appliance.store import processes
from appliance.store.timekeeping import HouseClock
from appliance.timepiece import Timepiece

HOUR = timedelta(hours=1)
JUMPS = [-2 * HOUR, 2 * HOUR, timedelta(days=365)]
ANY_HOUR = {"hours": {"mon-sun": "00:00-24:00"}, "holidays": True}


class Socket:
    """A source with something to read, that counts its turns."""

    name = "socket"

    def __init__(self, waited: socket.socket) -> None:
        self.turns = 0
        self._waited = waited

    def waits_for(self) -> Iterable[socket.socket]:
        return [self._waited]

    def work(self, _now: datetime) -> None:
        self.turns += 1

    def close(self) -> None: ...


@pytest.fixture
def jump(box: MadeUp, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> timedelta:
    """The clock was believed, and then somebody set it."""
    HouseClock(box.db).mind()
    by: timedelta = request.param
    monkeypatch.setattr(Timepiece, "wall", lambda _: datetime.now(UTC) + by)
    monkeypatch.setattr(Timepiece, "is_synchronized", lambda _: False)
    return by


def settings_of(box: MadeUp, dialer: dict[str, object]) -> Settings:
    return settings_with(storage={"directory": box.directory}, dialer=dialer)


def run(box: MadeUp, settings: Settings, until: float) -> list[str]:
    """The intake's loop for some seconds; what its heartbeat said last."""
    notes: list[str] = []
    end = time.monotonic() + until

    def should_stop() -> bool:
        notes.extend(beat.note for beat in processes.all_beats(box.db))
        return time.monotonic() > end

    worker.run(box.db, box.keys, settings, should_stop)
    return notes


@pytest.mark.parametrize("jump", JUMPS, indirect=True, ids=str)
def test_files_and_bytes_wait_and_the_process_says_so(
    box: MadeUp, jump: timedelta, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(box, "a.csv", row("1"))
    made = worker.adapters_of
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(b"x")
        waiting = Socket(ours)

        def adapters_of(desk: Desk) -> list[Adapter]:
            return [*made(desk), waiting]

        monkeypatch.setattr(worker, "adapters_of", adapters_of)
        begun = time.process_time()
        notes = run(box, settings_of(box, {}), 1.5)
        assert time.process_time() - begun < 1
        assert waiting.turns == 0
    assert notes[-1] == CLOCK_IN_DOUBT
    assert caplog.text.count(CLOCK_IN_DOUBT) == 1
    assert (box.directory / "inbox" / "a.csv").exists()
    assert reasons(box.db) == []
    assert box.db.execute("SELECT count(*) FROM draw_days").fetchone() == (0,)


@pytest.mark.parametrize("jump", JUMPS[:1], indirect=True, ids=str)
def test_all_goes_on_as_soon_as_it_is_believed(box: MadeUp, jump: timedelta) -> None:
    put(box, "a.csv", row("1", ended_at=f"{datetime.now(UTC) - HOUR:%Y-%m-%dT%H:%M:%S}"))
    assert run(box, settings_of(box, {}), 0.3)[-1] == CLOCK_IN_DOUBT
    HouseClock(box.db).believe()
    assert CLOCK_IN_DOUBT not in run(box, settings_of(box, {}), 0.8)
    assert len(reasons(box.db)) == 1


@pytest.mark.parametrize("jump", JUMPS[:1], indirect=True, ids=str)
def test_a_box_whose_hours_never_close_needs_no_clock(box: MadeUp, jump: timedelta) -> None:
    insist_on_clock(box.db, settings_of(box, ANY_HOUR))
    with pytest.raises(ClockInDoubtError):
        insist_on_clock(box.db, settings_of(box, {}))

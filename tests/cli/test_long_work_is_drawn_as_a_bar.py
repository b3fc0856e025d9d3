import sys
from types import SimpleNamespace

import pytest

from appliance.cli import _progress
from appliance.cli._progress import ProgressBar


class Clock:
    now = 0.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(_progress, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def work(bar: ProgressBar, clock: Clock, seconds: float, total: int = 3_000_000) -> None:
    for done in range(0, 3_000_001, 100_000):
        bar("model.bin", done, total)
        clock.now += seconds / 30
    bar.end()


@pytest.mark.parametrize("is_terminal", [True, False])
def test_what_is_done_in_two_seconds_needs_no_word(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, clock: Clock, is_terminal: bool
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)
    work(ProgressBar(), clock, 1.9)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_shows_a_bar_that_comes_to_its_end(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    work(ProgressBar(), clock, 10)
    drawn = capsys.readouterr().err.split("\r")
    assert drawn[0] == ""
    assert drawn[1] == "model.bin: [#####                   ]  23 %  1 of 3 MB"
    assert drawn[-1] == "model.bin: [########################] 100 %  3 of 3 MB\n"
    assert len({len(line.rstrip()) for line in drawn[1:]}) == 1


def test_elsewhere_a_line_now_and_then_will_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    work(ProgressBar(), clock, 30)
    assert len(capsys.readouterr().err.splitlines()) == 3


def test_where_nobody_knows_the_whole_what_is_done_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    work(ProgressBar(), clock, 6, total=0)
    assert capsys.readouterr().err == "model.bin: 1 MB\n"

from collections.abc import Callable
from datetime import timedelta

import pytest
from made_up import MadeUp

from appliance.custody.recordings import encrypt_recording
from appliance.health import Context, Severity
from appliance.health.checks import hearing, lost_comments
from appliance.settings import Settings, StorageSettings
from appliance.store import comments

DAY = timedelta(days=1)


@pytest.fixture
def spoken(box: MadeUp) -> Callable[[float, float], None]:
    def speak(level_dbfs: float, clipped_share: float) -> None:
        recording = encrypt_recording(box.keys, box.directory, bytes(16_000))
        comments.add(box.db, box.ended(), recording, box.now, level_dbfs, clipped_share)

    return speak


def context(box: MadeUp) -> Context:
    return Context(Settings(storage=StorageSettings(directory=box.directory)), box.now, None, box.db)


def test_good_comments_are_well(box: MadeUp, spoken: Callable[[float, float], None]) -> None:
    for _ in range(10):
        spoken(-24, 0.0001)
    assert list(hearing.run(context(box))) == []


@pytest.mark.parametrize(
    ("level", "clipped", "word", "way"), [(-42, 0, "faint", "raise"), (-9, 0.03, "overd", "lower")]
)
def test_a_gain_that_is_wrong_is_named_with_its_remedy(
    box: MadeUp, spoken: Callable[[float, float], None], level: float, clipped: float, word: str, way: str
) -> None:
    for _ in range(8):
        spoken(-24, 0)
    for _ in range(4):
        spoken(level, clipped)
    assert list(hearing.run(context(box))) == [], "some telephones are bad"
    spoken(level, clipped)
    (issue,) = hearing.run(context(box))
    assert issue.severity is Severity.WARNING
    assert f"5 of the latest 13 comments are {word}" in issue.what
    assert issue.todo.startswith(f"{way} the receive gain")


def test_old_comments_say_nothing_of_today(box: MadeUp, spoken: Callable[[float, float], None]) -> None:
    for _ in range(10):
        spoken(-45, 0)
    box.now += 15 * DAY
    assert list(hearing.run(context(box))) == []


def test_a_lost_comment_is_an_alarm_for_a_day_and_a_warning_for_a_week(box: MadeUp) -> None:
    assert list(lost_comments.run(context(box))) == []
    comments.add_lost(box.db, box.ended(), box.now)
    found = []
    for _ in range(9):
        found.append([issue.severity for issue in lost_comments.run(context(box))])
        box.now += DAY
    assert found == [[Severity.ERROR]] * 2 + [[Severity.WARNING]] * 6 + [[]]

from datetime import UTC, datetime, timedelta

import pytest

from appliance.store.schedule import Scheduled

NOW = datetime(2026, 11, 24, 14, 32, tzinfo=UTC)


def period(*queues: str) -> Scheduled:
    return Scheduled(("vatten", 1), queues, NOW, NOW + timedelta(hours=1), "anna", 1, NOW, None, "")


@pytest.mark.parametrize("written", ["Växel", "VÄXEL", "Vaxel", "Va\u0308xel", " Växel "])
def test_a_queue_is_the_same_however_the_pbx_writes_it(written: str) -> None:
    """As where a queue is denied, or has a quota."""
    assert period("Bygg", "Växel").covers(written)
    assert period(written).covers("växel")


def test_another_queue_is_not_covered() -> None:
    assert not period("Växel").covers("Växel 2")
    assert not period("Växel").covers("")
    assert period().covers("")

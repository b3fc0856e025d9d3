"""Comments on their way to text: how many wait, since when, and what somebody has to do about it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from made_up import NOW, MadeUp
from visitors import Clock, Visitor

from appliance.store import comment_queue, processes
from appliance.types import CommentId

Read = Callable[[str], str]
PAGES = ("/", "/comments")


def wait(made: MadeUp, *minutes: int) -> list[CommentId]:
    return [made.recorded(NOW - timedelta(minutes=each)) for each in minutes]


@pytest.mark.parametrize("address", PAGES)
def test_how_many_wait_and_the_oldest_since_when(made: MadeUp, page: Read, address: str) -> None:
    wait(made, 2, 1, 0)
    assert "3 kommentarer väntar på att tolkas. Äldst: 2 minuter." in page(address)
    assert "3 comments wait to be transcribed. Oldest: 2 minutes." in page(f"{address}?lang=en")


def test_of_one_that_has_just_come_no_age_is_told(made: MadeUp, page: Read) -> None:
    wait(made, 0)
    assert "1 kommentar väntar på att tolkas.</p>" in page("/")


@pytest.mark.parametrize("address", PAGES)
def test_what_is_heard_right_now_is_told_apart(made: MadeUp, page: Read, address: str) -> None:
    wait(made, 3, 2, 0)
    comment_queue.lease_some(made.db, "analyst", NOW, sound_seconds=2.5)
    assert "2 kommentarer tolkas just nu. 1 kommentar väntar på att tolkas. Äldst: 3 minuter." in page(address)


@pytest.mark.parametrize("address", PAGES)
def test_nothing_is_said_where_none_waits(made: MadeUp, page: Read, address: str) -> None:
    made.comment()
    html = page(address)
    assert 'class="now' not in html
    assert 'id="alarm"' not in html


@pytest.mark.parametrize("name", ["overview", "comments"])
def test_the_open_page_follows_each_minute_and_each_lease(made: MadeUp, anna: Visitor, clock: Clock, name: str) -> None:
    wait(made, 1, 0)
    seen = []
    for happens in (
        lambda: None,
        lambda: clock.wait(seconds=59),
        lambda: clock.wait(seconds=2),
        lambda: comment_queue.lease_some(made.db, "analyst", clock.now, sound_seconds=1.5),
    ):
        happens()
        seen.append(anna.client.get(f"/live?page={name}").json["version"])
    assert seen[0] == seen[1], "within a minute nothing looks different"
    assert len(set(seen[1:])) == 3


@pytest.mark.parametrize(("minutes", "alarms"), [(30, False), (31, True)])
def test_a_queue_that_does_not_move_is_an_alarm(made: MadeUp, page: Read, minutes: int, alarms: bool) -> None:
    wait(made, minutes)
    assert ("den äldsta har väntat i 31 minuter." in page("/")) is alarms
    assert ('id="alarm"' in page("/")) is alarms


def test_an_analyst_without_a_model_is_an_alarm(made: MadeUp, page: Read) -> None:
    processes.begin(made.db, "analyst", 1, NOW)
    processes.beat(made.db, "analyst", "listening", NOW)
    wait(made, 1)
    assert 'id="alarm"' not in page("/")
    processes.beat(made.db, "analyst", f"{processes.WAITS_FOR_MODEL}: /models/x/model.bin: its SHA-256 is wrong", NOW)
    html = page("/")
    assert "en talmodell saknas eller är skadad. De sparas, och tolkas när modellen är på plats." in html
    assert "1 kommentar väntar på en talmodell. Äldst: 1 minut." in html
    assert "SHA-256" not in html, "that is for the command line"


def test_what_could_not_be_heard_is_an_alarm_with_what_to_do(made: MadeUp, page: Read) -> None:
    for comment_id in wait(made, 50, 40):
        made.db["comments"].update(comment_id, {"state": "parked", "fault": "some reason"})
    html = page("/")
    command = '<code class="command" tabindex="0">efterklang comments'
    assert f"2 kommentarer kunde inte tolkas. Varför: {command} list --state parked</code>" in html
    assert f"När orsaken är borta: {command} again --parked</code>" in html
    assert "some reason" not in html
    assert "2 comments could not be transcribed." in page("/?lang=en")


def test_what_is_heard_again_keeps_its_text_in_the_meantime(made: MadeUp, page: Read) -> None:
    comment_id = made.comment("den gamla texten")
    made.db["comments"].update(comment_id, {"again_at": NOW.isoformat()})
    for address in PAGES:
        assert "1 kommentar ska tolkas på nytt och visas så länge med sin tidigare text." in page(address)
        assert "den gamla texten" in page(address)

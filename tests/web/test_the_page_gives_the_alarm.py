from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from full_disk import small_disk
from made_up import NOW, MadeUp
from visitors import Clock, Visitor

from appliance.settings import Settings
from appliance.store import comments, intake_sources, users
from appliance.store.intake_sources import SourceState
from appliance.web import create_app

Read = Callable[[str], str]


@pytest.fixture
def app(made: MadeUp, settings: Settings, clock: Clock) -> Flask:
    """Of a machine with room, however full the test's own is."""
    storage = settings.storage.model_copy(update={"min_free_mib": 1, "min_free_percent": 0})
    return create_app(settings.model_copy(update={"storage": storage}), clock)


def test_no_alarm_is_given_where_all_is_well(page: Read, made: MadeUp) -> None:
    made.comment()
    assert 'id="alarm"' not in page("/")


def test_lost_comments_are_told_at_once(page: Read, anna: Visitor, made: MadeUp, clock: Clock) -> None:
    before = anna.client.get("/live?page=overview").json
    comments.add_lost(made.db, made.ended(), made.now)
    after = anna.client.get("/live?page=overview").json
    assert before["version"] != after["version"]
    assert "1 kommentar från de senaste sju dagarna kunde inte sparas" in page("/")
    assert "1 comment of the last seven days could not be kept" in page("/?lang=en")


def test_a_source_of_call_records_that_is_not_heard_is_named(
    page: Read, anna: Visitor, made: MadeUp, clock: Clock
) -> None:
    intake_sources.set_state(made.db, "vaxel", SourceState.CONNECTED, clock.now)
    before = anna.client.get("/live?page=overview").json
    assert 'id="alarm"' not in page("/")
    intake_sources.set_state(made.db, "vaxel", SourceState.REFUSED, clock.now - timedelta(minutes=6))
    after = anna.client.get("/live?page=overview").json
    assert before["version"] != after["version"]
    assert "Inga uppgifter om avslutade samtal kommer från vaxel." in page("/")
    assert "No word of ended calls comes from vaxel." in page("/?lang=en")


def test_a_disk_without_room_for_calls_is_told(tmp_path: Path, password_hash: str, clock: Clock) -> None:
    with small_disk(tmp_path / "disk", 40) as disk:
        made = MadeUp(disk)
        users.add(made.db, "anna", password_hash, NOW)
        app = create_app(Settings.model_validate({"storage": {"directory": disk}}), clock)
        anna = Visitor(app.test_client(), "127.0.0.1")
        assert anna.log_in() == 302
        assert "datorns disk är nästan full" in anna.client.get("/").text
        made.db.close()

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from full_disk import fill, small_disk
from hypothesis import given
from hypothesis import strategies as st
from inbox import NUMBER, PATH, TOKEN, body, open_inbox, send
from made_up import NOW, MadeUp
from visitors import Clock

from appliance.errors import StoreError
from appliance.intake.http_inbox import KEYS_KEPT, RefusedBodyError, read_body
from appliance.settings import Settings
from appliance.store import http_inbox
from appliance.store.timekeeping import HouseClock
from appliance.timepiece import Timepiece
from appliance.web import create_app

DIGITS = "0701740605"


@pytest.fixture
def app(settings: Settings, clock: Clock, tmp_path: Path) -> Flask:
    return create_app(open_inbox(settings, tmp_path), clock)


def sources(made: MadeUp) -> list[tuple[Any, ...]]:
    rows = made.db.execute("SELECT name, decided, repeated, rejected FROM intake_sources ORDER BY name")
    return list(rows.fetchall())


def test_a_contact_is_decided_upon_and_nobody_is_told_what_was_decided(app: Flask, made: MadeUp) -> None:
    response = send(app, body())
    assert (response.status_code, response.json) == (202, {"accepted": True, "known_before": False})
    assert made.db.execute("SELECT source, source_call_id, queue FROM contacts").fetchall() == [("http", "1", "Växel")]
    drawn = send(app, body(call_id="2", talk_seconds=1))
    assert (drawn.status_code, drawn.json) == (response.status_code, response.json)
    assert len(drawn.data) == len(response.data)


def test_the_same_contact_again_is_known(app: Flask, made: MadeUp) -> None:
    answers = [send(app, body()).json for _ in range(3)]
    assert [answer["known_before"] for answer in answers if answer] == [False, True, True]
    assert made.db.execute("SELECT count(*) FROM contacts").fetchone() == (1,)
    assert sources(made) == [("http", 1, 2, 0)]


def test_another_source_s_contacts_are_its_own_and_can_be_no_adapter_s(app: Flask, made: MadeUp) -> None:
    for source in ("http", "genesys", "csv"):
        assert send(app, body(source=source)).json == {"accepted": True, "known_before": False}
    found = made.db.execute("SELECT source FROM contacts ORDER BY id").fetchall()
    assert found == [("http",), ("http:genesys",), ("http:csv",)]
    assert [row[0] for row in sources(made)] == ["http", "http:csv", "http:genesys"]


def test_a_key_used_again_gets_the_same_answer(app: Flask, made: MadeUp, clock: Clock) -> None:
    key = {"Idempotency-Key": "one"}
    first = send(app, body(), headers=key)
    clock.wait(days=6)
    again = send(app, body(), headers=key)
    assert (again.status_code, again.data) == (first.status_code, first.data)
    other = send(app, body(call_id="2"), headers=key)
    assert (other.status_code, other.content_type) == (409, "application/problem+json")
    assert made.db.execute("SELECT count(*) FROM contacts").fetchone() == (1,)


def test_only_keyed_hashes_of_keys_and_bodies_are_kept_and_forgotten_after_a_week(
    app: Flask, made: MadeUp, clock: Clock
) -> None:
    send(app, body(), headers={"Idempotency-Key": DIGITS})
    send(app, body(call_id="2"), headers={"Idempotency-Key": "two"})
    for key_hash, body_hash in made.db.execute("SELECT key_hash, body_hash FROM idempotency_keys"):
        assert (len(key_hash), len(body_hash)) == (32, 32)
    everything = b"".join(path.read_bytes() for path in made.directory.glob("efterklang.db*"))
    assert DIGITS.encode() not in everything
    assert NUMBER.encode() not in everything
    assert http_inbox.forget_answers(made.db, NOW + KEYS_KEPT - KEYS_KEPT) == 0
    assert http_inbox.forget_answers(made.db, NOW + timedelta(seconds=1)) == 2


def test_the_nightly_round_forgets_old_keys(app: Flask, made: MadeUp, clock: Clock) -> None:
    send(app, body(), headers={"Idempotency-Key": "old"})
    made.db.execute("UPDATE idempotency_keys SET answered_at = '2026-01-01T00:00:00.000Z'")
    command = [sys.executable, "-m", "appliance", "--storage", str(made.directory), "nightly"]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert made.db.execute("SELECT count(*) FROM idempotency_keys").fetchone() == (0,)


@pytest.mark.parametrize(
    ("fields", "pointer", "detail"),
    [
        ({"agent_id": "anna"}, "#/agent_id", "is no field of an ended contact"),
        ({"agent": {"name": "anna"}}, "#/agent", "is no field of an ended contact"),
        ({DIGITS: 1}, "#", "is no field of an ended contact"),
        ({f"nummer {NUMBER}": 1}, "#", "is no field of an ended contact"),
        ({"talk_seconds": -1}, "#/talk_seconds", "greater than or equal to 0"),
        ({"talk_seconds": DIGITS}, "#/talk_seconds", "valid integer"),
        ({"number": int(DIGITS)}, "#/number", "valid string"),
        ({"number": DIGITS * 7}, "#/number", "at most 64 characters"),
        ({"direction": DIGITS}, "#/direction", "'inbound', 'outbound' or 'internal'"),
        ({"ended_at": DIGITS}, "#/ended_at", "such as 2026-11-21T14:05:00+01:00"),
        ({"ended_at": "2026-11-21T14:05:00"}, "#/ended_at", "with its offset"),
        ({"ended_at": "2026-13-21T14:05:00Z"}, "#/ended_at", "month value is outside expected range"),
        ({"ended_at": (NOW + timedelta(hours=2)).isoformat()}, "#/ended_at", "lies in the future"),
        ({"ended_at": "1999-12-31T00:00:00Z"}, "#/ended_at", "another century"),
        ({"source": f"tel {DIGITS}"}, "#/source", "should match pattern"),
        ({"call_id": ""}, "#/call_id", "at least 1 character"),
        ({"answered": "yes"}, "#/answered", "valid boolean"),
        ({"queue": "Växel\n"}, "#/queue", "should match pattern"),
    ],
)
def test_what_is_wrong_is_named_and_never_repeated(
    app: Flask, made: MadeUp, fields: dict[str, Any], pointer: str, detail: str
) -> None:
    response = send(app, body(**fields))
    assert (response.status_code, response.content_type) == (422, "application/problem+json")
    told = response.json
    assert told is not None
    assert [error["pointer"] for error in told["errors"]] == [pointer]
    assert detail in told["errors"][0]["detail"]
    assert DIGITS not in response.text
    assert "anna" not in response.text
    assert made.db.execute("SELECT count(*) FROM contacts").fetchone() == (0,)
    assert sources(made) == [("http", 0, 0, 1)]


def test_all_that_is_missing_is_named_at_once(app: Flask) -> None:
    response = send(app, {})
    assert response.json is not None
    missing = {error["pointer"] for error in response.json["errors"]}
    assert missing == {"#/call_id", "#/ended_at", "#/number", "#/talk_seconds"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"number": "070', b'"0701740605"'])
def test_what_is_no_object_is_refused(app: Flask, content: bytes) -> None:
    response = send(app, content)
    assert response.status_code == 422
    assert "0701740605" not in response.text


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_a_contact_or_a_refusal(content: bytes) -> None:
    with pytest.raises(RefusedBodyError):
        read_body(content, NOW)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_json_is_taken(app: Flask, kind: str) -> None:
    assert send(app, body(), headers={"Content-Type": kind}).status_code == 415


def test_json_with_a_character_set_is_json(app: Flask) -> None:
    assert send(app, body(), headers={"Content-Type": "application/json; charset=utf-8"}).status_code == 202


def test_a_large_body_is_not_read(app: Flask) -> None:
    response = send(app, body(queue="x" * 17_000))
    assert (response.status_code, response.content_type) == (413, "application/problem+json")


@pytest.mark.parametrize("key", ["", "å", "x" * 201, "a b"])
def test_a_key_that_is_none_is_refused(app: Flask, key: str) -> None:
    assert send(app, body(), headers={"Idempotency-Key": key}).status_code == 400


def test_no_number_of_an_anonymous_caller_is_asked_for(app: Flask, made: MadeUp) -> None:
    assert send(app, body(number=None)).status_code == 202
    assert made.db.execute("SELECT reason FROM contacts").fetchall() == [("anonymous",)]


def test_where_nothing_can_be_written_the_sender_keeps_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise StoreError(f"no room for {DIGITS}")

    monkeypatch.setattr("appliance.web.api.take_in", fail)
    response = send(app, body())
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert DIGITS not in response.text


def test_a_full_disk_is_such_a_moment(tmp_path: Path, clock: Clock) -> None:
    with small_disk(tmp_path / "disk", 32):
        made = MadeUp(tmp_path / "disk" / "box")
        settings = Settings.model_validate({"storage": {"directory": made.directory}})
        app = create_app(open_inbox(settings, tmp_path), clock)
        assert send(app, body()).status_code == 202
        fill(tmp_path / "disk")
        statuses = [send(app, body(call_id=f"{number}", queue="x" * 200)).status_code for number in range(200)]
        assert statuses[-1] == 503
        (tmp_path / "disk" / "filler").unlink()
        assert send(app, body(call_id="199", queue="x" * 200)).status_code == 202
        made.db.close()


def test_another_method_or_address_is_told_to_a_machine(app: Flask) -> None:
    client = app.test_client()
    wrong = client.get(PATH)
    assert (wrong.status_code, wrong.content_type) == (405, "application/problem+json")
    assert set(wrong.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}
    assert client.get("/api/v1/contacts").status_code == 404
    assert client.get("/api/v2").content_type == "application/problem+json"


def test_it_sets_no_cookie_and_needs_none(app: Flask) -> None:
    assert "Set-Cookie" not in send(app, body()).headers
    assert "Set-Cookie" not in app.test_client().get("/api/v1/openapi.json").headers


def test_another_site_s_page_cannot_hand_in_anything(app: Flask, made: MadeUp) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://example.com"}):
        response = send(app, body(), headers=headers)
        assert (response.status_code, response.content_type) == (403, "application/problem+json")
    assert made.db.execute("SELECT count(*) FROM contacts").fetchone() == (0,)


def test_a_kill_in_the_middle_leaves_all_or_nothing(app: Flask, made: MadeUp, monkeypatch: pytest.MonkeyPatch) -> None:
    """The contact, its key and its count are one transaction."""

    def fail(*_: object) -> None:
        raise RuntimeError(os.strerror(5))

    monkeypatch.setattr("appliance.store.http_inbox.keep_answer", fail)
    assert send(app, body(), headers={"Idempotency-Key": "one"}).status_code == 500
    assert made.db.execute("SELECT count(*) FROM contacts").fetchone() == (0,)
    assert sources(made) == []
    monkeypatch.undo()
    assert send(app, body(), headers={"Idempotency-Key": "one"}).json == {"accepted": True, "known_before": False}
    assert TOKEN


def test_by_a_doubtful_clock_the_sender_is_asked_to_come_again(
    app: Flask, made: MadeUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    HouseClock(made.db).mind()
    monkeypatch.setattr(Timepiece, "wall", lambda _: datetime.now(UTC) - timedelta(hours=2))
    monkeypatch.setattr(Timepiece, "is_synchronized", lambda _: False)
    response = send(app, body())
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert made.db.execute("SELECT count(*) FROM contacts").fetchone() == (0,)
    assert sources(made) == []
    HouseClock(made.db).believe()
    assert send(app, body()).status_code == 202

"""The adapter and a manager interface that misbehaves; what a real one does is tested beside it."""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from intake.asterisk_says import CALL, CITIZEN
from intake.manager import PASSWORD, USER, Manager
from intake.records import reasons
from made_up import MadeUp

from appliance.intake import ami as module
from appliance.intake.adapter import Desk
from appliance.intake.ami import Ami
from appliance.intake.ami_message import MAX_MESSAGE_BYTES
from appliance.intake.inbox import Inbox
from appliance.intake.register import Register
from appliance.settings import AmiSettings, DialerSettings, Settings, StorageSettings
from appliance.store import intake_sources
from appliance.store.intake_sources import SourceState
from appliance.types import DrawReason, EndedContact


def event(name: str, uniqueid: str = CALL, **fields: str) -> bytes:
    """As Asterisk sends it, of the citizen's call."""
    own = {"Event": name, "Uniqueid": uniqueid, "Linkedid": uniqueid, "CallerIDNum": CITIZEN, **fields}
    return "".join(f"{key}: {value}\r\n" for key, value in own.items()).encode() + b"\r\n"


ENDED = event("AgentComplete", Queue="Växel", HoldTime="5", TalkTime="60", Reason="caller")


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FIRST_PAUSE_SECONDS", 0.1)
    monkeypatch.setattr("appliance.intake.ami_events._GRACE_SECONDS", 0.2)


def desk_of(box: MadeUp) -> Desk:
    everyone = DialerSettings(share=1, quiet_days=0)
    settings = Settings(storage=StorageSettings(directory=box.directory), dialer=everyone)
    return Desk(box.db, Register(box.db, box.keys, settings), settings, ZoneInfo("Europe/Stockholm"))


@contextmanager
def listening(box: MadeUp, manager: Manager, *, cdr: bool = True, names: dict[str, str] | None = None) -> Iterator[Ami]:
    secret = box.directory / "ami-password"
    secret.write_text(f"{PASSWORD}\n", encoding="utf-8")
    way = AmiSettings(address=manager.address, user=USER, password_file=secret, cdr=cdr, queue_names=names or {})
    made = Ami(desk_of(box), way)
    try:
        yield made
    finally:
        made.close()


def work(ami: Ami, until: Callable[[], object], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "it does not come about"
        ami.work(datetime.now(UTC))
        time.sleep(0.02)


def state(box: MadeUp) -> SourceState | None:
    return next((source.state for source in intake_sources.all_sources(box.db)), None)


def is_connected(box: MadeUp) -> Callable[[], bool]:
    return lambda: state(box) is SourceState.CONNECTED


def test_an_event_becomes_a_contact_and_is_counted(box: MadeUp) -> None:
    with Manager(says=ENDED) as manager, listening(box, manager) as ami:
        work(ami, lambda: reasons(box.db))
        (source,) = intake_sources.all_sources(box.db)
        assert reasons(box.db) == [DrawReason.QUEUED]
        assert (source.name, source.decided, source.state) == ("ami", 1, SourceState.CONNECTED)


def test_a_queue_that_is_called_by_a_number_is_denied_by_its_name(box: MadeUp) -> None:
    numbered = ENDED.replace("Växel".encode(), b"410")
    with Manager(says=numbered) as manager, listening(box, manager, names={"410": "Socialtjänst"}) as ami:
        work(ami, lambda: reasons(box.db))
    assert reasons(box.db) == [DrawReason.DENIED_QUEUE]


def test_a_gap_s_records_come_by_files_and_what_was_told_before_is_known(box: MadeUp) -> None:
    with Manager(says=ENDED) as manager, listening(box, manager) as ami:
        work(ami, lambda: reasons(box.db))
    profiles, inbox = box.directory / "profiles", box.directory / "inbox" / "ami"
    for folder in (profiles, inbox):
        folder.mkdir(parents=True)
    (profiles / "ami.toml").write_text('base = "efterklang"\n', encoding="utf-8")
    ended = datetime.now(UTC).isoformat(timespec="seconds")
    lines = [f"{n},{ended},{number},60,{call}" for n, number, call in ((1, CITIZEN, CALL), (2, "0701740606", "x.2"))]
    file = inbox / "gap.csv"
    file.write_text("\n".join(["call_id,ended_at,number,talk_seconds,linked_id", *lines, ""]), encoding="utf-8")
    os.utime(file, (0, 0))
    drop = Inbox(desk_of(box))
    while drop.step(datetime.now(UTC)):
        pass
    drop.close()
    assert reasons(box.db) == [DrawReason.QUEUED, DrawReason.DOUBLED_LEG, DrawReason.QUEUED]


def test_a_contact_that_breaks_the_register_holds_up_nobody(
    box: MadeUp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    admit = Register._admit

    def admit_but_one(register: Register, contact: EndedContact, *rest: Any) -> Any:
        if contact.linked_id == CALL:
            raise OverflowError(CITIZEN)
        return admit(register, contact, *rest)

    monkeypatch.setattr(Register, "_admit", admit_but_one)
    other = ENDED.replace(CALL.encode(), b"1795000102.9")
    with Manager(says=ENDED + other) as manager, listening(box, manager) as ami:
        work(ami, lambda: reasons(box.db))
    (source,) = intake_sources.all_sources(box.db)
    assert (source.decided, source.rejected) == (1, 1)
    assert "ami: a contact cannot be decided upon (OverflowError)" in caplog.text
    assert CITIZEN not in caplog.text


def test_the_password_is_never_sent_nor_logged(box: MadeUp, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Manager() as manager, listening(box, manager) as ami:
        work(ami, is_connected(box))
        assert PASSWORD not in str(manager.asked)
    with Manager(refuses=True) as manager, listening(box, manager) as ami:
        work(ami, lambda: state(box) is SourceState.REFUSED)
    assert PASSWORD not in caplog.text
    assert caplog.text.count("refuses the user efterklang") == 1


def test_no_password_is_sent_in_plain_to_who_offers_no_challenge(box: MadeUp) -> None:
    with Manager(challenges=False) as manager, listening(box, manager) as ami:
        work(ami, lambda: state(box) is SourceState.REFUSED)
        assert [asked["Action"] for asked in manager.asked] == ["Challenge"]


@pytest.mark.parametrize(("cdr", "events"), [(True, "agent,call,cdr"), (False, "agent,call")])
def test_only_those_events_are_asked_for_that_are_read(cdr: bool, events: str, box: MadeUp) -> None:
    with Manager() as manager, listening(box, manager, cdr=cdr) as ami:
        work(ami, is_connected(box))
        assert [asked["Events"] for asked in manager.asked if asked["Action"] == "Login"] == [events]


def test_who_is_refused_does_not_hammer(box: MadeUp) -> None:
    with Manager(refuses=True) as manager, listening(box, manager) as ami:
        work(ami, lambda: state(box) is SourceState.REFUSED)
        end = time.monotonic() + 3
        work(ami, lambda: time.monotonic() > end)
        assert manager.connections == 1


def test_a_password_that_cannot_be_read_is_one_clear_line(box: MadeUp, caplog: pytest.LogCaptureFixture) -> None:
    with Manager() as manager, listening(box, manager) as ami:
        (box.directory / "ami-password").unlink()
        work(ami, lambda: state(box) is SourceState.REFUSED)
    assert "intake.ami.password_file" in caplog.text


@pytest.mark.parametrize("greeting", [b"SSH-2.0-OpenSSH_9\r\n", b"Asterisk Call Manager/" + b"1" * 999, b"\0" * 9000])
def test_what_is_no_asterisk_is_said_to_be_none(greeting: bytes, box: MadeUp, caplog: pytest.LogCaptureFixture) -> None:
    with Manager(greeting=greeting) as manager, listening(box, manager) as ami:
        work(ami, lambda: state(box) is SourceState.REFUSED)
    assert "no Asterisk manager interface" in caplog.text


def test_nobody_there_is_tried_again(box: MadeUp, caplog: pytest.LogCaptureFixture) -> None:
    with Manager() as manager:
        pass  # its port is nobody's now
    with listening(box, manager) as ami:
        work(ami, lambda: state(box) is SourceState.WAITING)
        end = time.monotonic() + 1
        work(ami, lambda: time.monotonic() > end)
    assert caplog.text.count("no way to") == 1


def test_a_connection_that_ends_is_taken_up_again_and_the_gap_is_said(
    box: MadeUp, caplog: pytest.LogCaptureFixture
) -> None:
    with Manager() as manager, listening(box, manager) as ami:
        work(ami, is_connected(box))
        manager.say(ENDED)
        time.sleep(0.1)
        ami.work(datetime.now(UTC))
        manager.hang_up()
        work(ami, lambda: state(box) is SourceState.WAITING)
        work(ami, is_connected(box))
        work(ami, lambda: reasons(box.db))  # it was over when the connection ended
        assert manager.connections == 2
    assert "what ended since" in caplog.text


def test_a_connection_that_is_dead_without_a_word_is_noticed(box: MadeUp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PING_EVERY_SECONDS", 0.2)
    monkeypatch.setattr(module, "_DEAD_SECONDS", 1.0)
    with Manager(mute=True) as manager, listening(box, manager) as ami:
        work(ami, is_connected(box))
        work(ami, lambda: state(box) is SourceState.WAITING)
        assert manager.pings() > 2


def test_a_quiet_connection_is_asked_and_kept(box: MadeUp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PING_EVERY_SECONDS", 0.2)
    monkeypatch.setattr(module, "_DEAD_SECONDS", 1.0)
    with Manager() as manager, listening(box, manager) as ami:
        work(ami, lambda: manager.pings() > 8)
        assert state(box) is SourceState.CONNECTED
        assert manager.connections == 1


def test_rubbish_and_what_is_too_long_are_passed_over_and_counted(box: MadeUp) -> None:
    rubbish = b"\xff\xfe:::\r\n\r\n" + b"A: b\r\n" * MAX_MESSAGE_BYTES + b"\r\n" + ENDED
    with Manager(says=rubbish) as manager, listening(box, manager) as ami:
        work(ami, lambda: reasons(box.db))
        (source,) = intake_sources.all_sources(box.db)
        assert (source.decided, source.rejected, source.state) == (1, 1, SourceState.CONNECTED)


def test_a_call_is_let_go_of_only_when_it_is_on_record(box: MadeUp, monkeypatch: pytest.MonkeyPatch) -> None:
    with Manager(says=ENDED) as manager, listening(box, manager) as ami:
        work(ami, is_connected(box))
        full = pytest.MonkeyPatch()
        full.setattr(Register, "admit_all", no_room)
        time.sleep(0.3)
        for _ in range(3):
            with pytest.raises(OSError, match="no room"):
                ami.work(datetime.now(UTC))
        full.undo()
        work(ami, lambda: reasons(box.db))
    assert reasons(box.db) == [DrawReason.QUEUED]


def no_room(*_: object) -> None:
    raise OSError("no room")

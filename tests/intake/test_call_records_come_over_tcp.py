import select
import socket
from contextlib import closing
from typing import Any

import pytest
from made_up import MadeUp
from records import reasons
from wires import Intake, free_port, line, listening, pbx_at, profile_in

from appliance.errors import ConfigError, IntakeError
from appliance.settings import TcpSettings
from appliance.store import rejected_lines
from appliance.store.intake_sources import SourceState
from appliance.types import DrawReason, EndedContact


def test_a_pbx_that_connects_is_heard(box: MadeUp) -> None:
    with listening(box) as (intake, port):
        assert intake.source.state is SourceState.LISTENING
        with pbx_at(port) as pbx:
            pbx.sendall(line("1") + line("2")[:-7])
            intake.until(lambda: intake.lines() == 1)
            assert intake.source.state is SourceState.CONNECTED
            pbx.sendall(line("2")[-7:])
            intake.until(lambda: intake.lines() == 2)
        intake.until(lambda: intake.source.state is SourceState.LISTENING)
        assert reasons(box.db) == [DrawReason.QUEUED, DrawReason.QUIET_PERIOD]
        assert intake.source.last_record_at == intake.now


def test_several_pbxs_may_connect_at_once(box: MadeUp) -> None:
    with listening(box) as (intake, port), pbx_at(port) as one, pbx_at(port) as two:
        for number in range(10):
            (one, two)[number % 2].sendall(line(str(number)))
        one.sendall(line("9"))
        intake.until(lambda: intake.lines() == 11)
        assert (intake.source.decided, intake.source.repeated) == (10, 1)


@pytest.mark.parametrize("wrapping", [b"\n", b"\r", b"\r\n", b"\x03\x02", b"\0\0\r\n\0\0", b"\r\n\n\n", b"\x0c"])
def test_lines_end_as_each_pbx_ends_them(box: MadeUp, wrapping: bytes) -> None:
    with listening(box) as (intake, port), pbx_at(port) as pbx:
        pbx.sendall(wrapping.join([b"", *(line(str(number)).strip() for number in range(3)), b""]))
        intake.until(lambda: intake.lines() == 3)
        assert intake.source.decided == 3


def test_a_stranger_is_cut_off_before_it_says_a_word(box: MadeUp, caplog: pytest.LogCaptureFixture) -> None:
    with listening(box, trusted="192.0.2.0/24") as (intake, port), pbx_at(port) as stranger:
        stranger.settimeout(5)
        intake.until(lambda: "127.0.0.1 is not in trusted_addresses" in caplog.text)
        assert stranger.recv(1) == b""
        assert intake.source.state is SourceState.LISTENING


def test_a_line_that_cannot_be_read_is_kept_masked_with_its_number_and_reason(box: MadeUp) -> None:
    with listening(box) as (intake, port), pbx_at(port) as pbx:
        pbx.sendall(line("1") + b"2,070-174 06 05\r\n" + b"x" * 20_000 + b"\r\n" + b"\xff\r\n" + line("5"))
        intake.until(lambda: intake.lines() == 5)
        pbx.sendall(b"6,2026-11-24T15:00:00,070-17")
        pbx.shutdown(socket.SHUT_WR)
        intake.until(lambda: intake.lines() == 6)
        assert (intake.source.decided, intake.source.rejected) == (2, 4)
        kept = [each for _, _, each in rejected_lines.newest(box.db, "pbx", 10)][::-1]
        assert [(each.line, each.reason) for each in kept] == [
            (2, "has 2 values; at least 5 are expected"),
            (3, "is longer than 8192 bytes"),
            (4, "is not written in utf-8"),
            (6, "the connection ended within it"),
        ]
        assert kept[0].masked == "0,000-000 00 00"
        assert len(kept[1].masked) == 1000


def test_only_the_newest_rejected_lines_are_kept(box: MadeUp) -> None:
    with listening(box) as (intake, port), pbx_at(port) as pbx:
        pbx.sendall(b"".join(b"broken %d\r\n" % number for number in range(1200)))
        intake.until(lambda: intake.lines() == 1200)
        kept = [each for _, _, each in rejected_lines.newest(box.db, "pbx", 5000)]
        assert (len(kept), kept[0].line, kept[-1].line) == (1000, 1200, 201)


def can_be_read(waited: socket.socket) -> bool:
    return select.select([waited], [], [], 0)[0] != []


def test_we_connect_to_a_pbx_that_waits_for_us_and_again_when_it_was_away(box: MadeUp) -> None:
    port = free_port()
    source = TcpSettings(name="pbx", profile=profile_in(box.directory), connect=f"127.0.0.1:{port}")
    intake = Intake(box, source)
    with closing(intake.adapter):
        intake.until(lambda: intake.source.state is SourceState.REFUSED)
        for call_id in ("1", "2"):
            with socket.create_server(("127.0.0.1", port)) as exchange:
                exchange.settimeout(5)
                intake.until(lambda exchange=exchange: can_be_read(exchange))
                connection, _ = exchange.accept()
                connection.sendall(line(call_id))
                intake.until(lambda expected=int(call_id): intake.lines() == expected)
                assert intake.source.state is SourceState.CONNECTED
                connection.close()
            intake.until(lambda: intake.source.state is not SourceState.CONNECTED)


def test_an_address_that_is_taken_is_an_error_and_tried_again(box: MadeUp) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        profile = profile_in(box.directory)
        source = TcpSettings(name="pbx", profile=profile, listen=f"127.0.0.1:{port}", trusted_addresses=("127.0.0.1",))
        with pytest.raises(IntakeError, match=r"pbx: cannot listen on 127\.0\.0\.1:\d+: Address already in use"):
            Intake(box, source)
    intake = Intake(box, source)
    with closing(intake.adapter):
        assert intake.source.state is SourceState.LISTENING


def test_a_profile_with_a_heading_is_for_files_only(box: MadeUp) -> None:
    source = TcpSettings(name="pbx", profile="efterklang", connect="127.0.0.1:1")
    with pytest.raises(ConfigError, match="takes its columns from a heading"):
        Intake(box, source)


def test_a_record_that_breaks_the_register_holds_up_nobody(box: MadeUp, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(box) as (intake, port), pbx_at(port) as pbx:
        register = intake.desk.register
        admit = register._admit

        def admit_but_two(contact: EndedContact, *rest: Any) -> Any:
            if contact.source_call_id == "2":
                raise OverflowError("of no known kind")
            return admit(contact, *rest)

        monkeypatch.setattr(register, "_admit", admit_but_two)
        pbx.sendall(line("1") + line("2") + line("3"))
        intake.until(lambda: intake.lines() == 3)
        assert (intake.source.decided, intake.source.rejected) == (2, 1)
        assert [each.line for _, _, each in rejected_lines.newest(box.db, "pbx", 9)] == [2]

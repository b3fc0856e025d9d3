import random
import re
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.intake.kept_stream import Frame, KeptStream
from appliance.intake.tcp_state import bytes_read, is_open
from appliance.store.intake_streams import Mark

LINE_END = re.compile(rb"[\r\n\0]+")
PIECES = st.lists(st.sampled_from([b"one", b"\r\n", b"\n", b"\0", b"x" * 60, b"1,2"]), max_size=30)


class Wire:
    """A PBX's end, and ours as one process after the other holds it."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.pbx = socket.create_connection(listener.getsockname())
            self.kept, _ = listener.accept()

        self._opened: list[KeptStream] = []

    def open(self, mark: Mark | None = None) -> KeptStream:
        """Our end, as a process that starts is given it."""
        self._opened.append(KeptStream(self.kept.dup(), "wire", LINE_END, mark or Mark(), 50))
        return self._opened[-1]

    def send(self, content: bytes) -> None:
        already = _received(self.kept)
        self.pbx.sendall(content)
        wait_for(lambda: _received(self.kept) == already + len(content))

    def end(self) -> None:
        self.pbx.shutdown(socket.SHUT_WR)
        wait_for(lambda: not is_open(self.kept))

    def close(self) -> None:
        self.pbx.close()
        self.kept.close()
        for stream in self._opened:
            stream.close()


def _received(connection: socket.socket) -> int:
    try:
        waiting = len(connection.recv(1 << 20, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except BlockingIOError:
        waiting = 0
    return bytes_read(connection) + waiting


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire()
    yield made
    made.close()


def contents(frames: tuple[Frame, ...]) -> list[bytes]:
    return [frame.content for frame in frames]


def test_what_is_looked_at_stays_until_it_is_taken(wire: Wire) -> None:
    stream = wire.open()
    wire.send(b"one\r\ntwo\nthr")
    first = stream.look(10)
    assert contents(first.frames) == [b"one", b"two"]
    assert stream.look(10) == first
    stream.take(first)
    wire.send(b"ee\0")
    assert stream.look(10).frames == (Frame(3, b"three"),)


@pytest.mark.parametrize("was_taken", [False, True])
@pytest.mark.parametrize("how_it_ends", ["open", "ended", "reset", "ended and reset"])
def test_after_a_kill_the_next_process_goes_on_where_the_commit_was(
    wire: Wire, was_taken: bool, how_it_ends: str
) -> None:
    stream = wire.open()
    wire.send(b"one\ntwo\nthree\n")
    committed = stream.look(2)
    if was_taken:
        stream.take(committed)
    if "ended" in how_it_ends:
        wire.end()
    if "reset" in how_it_ends:
        wire.pbx.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        wire.pbx.close()
        wait_for(lambda: not is_open(wire.kept))
    after = wire.open(committed.mark)
    sight = after.look(10)
    assert sight.frames == (Frame(3, b"three"),)
    after.take(sight)
    assert after.look(10).has_ended == (how_it_ends != "open")


def test_a_part_of_a_line_wakes_nobody_and_its_rest_does(wire: Wire) -> None:
    stream = wire.open()
    wire.send(b"one\ntw")
    stream.take(stream.look(10))
    assert select.select([stream.connection], [], [], 0)[0] == []
    wire.send(b"o")
    assert select.select([stream.connection], [], [], 1)[0] != []
    stream.look(10)
    wire.end()
    assert select.select([stream.connection], [], [], 1)[0] != []


def test_a_line_that_the_end_cuts_off_is_not_whole(wire: Wire) -> None:
    stream = wire.open()
    wire.send(b"one\ntw")
    wire.end()
    sight = stream.look(10)
    assert sight.frames == (Frame(1, b"one"), Frame(2, b"tw", is_whole=False))
    stream.take(sight)
    assert stream.look(10).has_ended


def test_a_line_that_is_too_long_is_passed_over_in_parts_and_counted_once(wire: Wire) -> None:
    stream, frames = wire.open(), []
    for part in (b"one\n" + b"x" * 60, b"x" * 60, b"x\ntwo\n"):
        wire.send(part)
        sight = stream.look(10)
        stream.take(sight)
        frames += sight.frames
        stream = wire.open(sight.mark)
    assert frames == [Frame(1, b"one"), Frame(2, b"x" * 50, is_whole=False), Frame(3, b"two")]


@pytest.mark.parametrize("line_bytes", [40, 257, 1000])
def test_half_a_line_in_the_socket_does_not_shut_out_its_rest(wire: Wire, line_bytes: int) -> None:
    content = (b"x" * line_bytes + b"\n") * (2_000_000 // line_bytes)
    sender = threading.Thread(target=wire.pbx.sendall, args=[content], daemon=True)
    sender.start()
    stream = wire.open()
    deadline = time.monotonic() + 60
    while stream.mark.done_bytes < len(content):
        assert time.monotonic() < deadline, f"nothing comes after {stream.mark.done_bytes} bytes"
        stream.take(stream.look(250))
    sender.join()


@given(PIECES, st.integers(0, 9999))
def test_however_it_arrives_and_whenever_it_is_killed_each_line_is_committed_once(
    pieces: list[bytes], seed: int
) -> None:
    wire, luck = Wire(), random.Random(seed)
    try:
        committed, kept = Mark(), []
        stream = wire.open()
        for piece in [*pieces, b"\n"]:
            wire.send(piece)
            while (sight := stream.look(luck.randint(1, 3))).mark != stream.mark:
                if luck.random() < 0.2:  # killed before the commit
                    stream = wire.open(committed)
                    continue
                committed = sight.mark
                kept += sight.frames
                if luck.random() < 0.3:  # killed after it
                    stream = wire.open(committed)
                else:
                    stream.take(sight)
        wanted = [line for line in LINE_END.split(b"".join(pieces)) if line]
        assert contents(tuple(kept)) == [line[:50] for line in wanted]
        assert [frame.is_whole for frame in kept] == [len(line) <= 50 for line in wanted]
        assert [frame.number for frame in kept] == list(range(1, len(wanted) + 1))
    finally:
        wire.close()

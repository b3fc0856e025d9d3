from hypothesis import given
from hypothesis import strategies as st
from intake.asterisk_says import LOGGED_IN, NOW, OWN, abandon, cdr, complete, consulted, hangup, left

from appliance.intake import ami_events
from appliance.intake.ami_events import Calls
from appliance.intake.ami_message import MAX_MESSAGE_BYTES, Frames, Message
from appliance.types import EndedContact

KINDS = (left("Växel"), complete("Växel"), abandon("Växel"), hangup(), cdr(), consulted("1.1", "1.2"))
DAY_SECONDS = 86_400


def test_messages_are_cut_wherever_the_pieces_end() -> None:
    stream = (
        b"Event: Hangup\r\nUniqueid: 1.1\r\nChanVariable: A(b)=c\r\n\r\nno colon\r\n\r\nEvent:Cdr\r\nEvent: x\r\n\r\nEv"
    )
    expected = [{"event": "Hangup", "uniqueid": "1.1", "chanvariable a(b)": "c"}, {}, {"event": "Cdr"}]
    for size in range(1, len(stream)):
        frames = Frames()
        pieces = [stream[begin : begin + size] for begin in range(0, len(stream), size)]
        assert [message for piece in pieces for message in frames.feed(piece)] == expected


def test_a_message_that_never_ends_is_skipped_and_not_kept() -> None:
    frames = Frames()
    for _ in range(64):
        assert frames.feed(b"a" * MAX_MESSAGE_BYTES) == []
    assert len(frames._rest) <= MAX_MESSAGE_BYTES
    assert frames.feed(b"rest\r\n\r\nEvent: Hangup\r\n\r\n") == [{"event": "Hangup"}]
    assert frames.skipped == 1


@given(st.lists(st.binary(max_size=200)))
def test_any_bytes_are_read(pieces: list[bytes]) -> None:
    frames, calls = Frames(), Calls(OWN, LOGGED_IN)
    for piece in pieces:
        for message in frames.feed(piece):
            calls.see(message, NOW, 0)


@given(
    st.lists(
        st.tuples(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(sorted(set().union(*KINDS))), st.text())),
        max_size=12,
    )
)
def test_any_event_gives_a_contact_that_can_be_stored_or_none(events: list[tuple[Message, dict[str, str]]]) -> None:
    calls = Calls(OWN, LOGGED_IN)
    for event, broken in events:
        calls.see({**event, **broken, "event": event["event"]}, NOW, 0)
    for contact in calls.over(DAY_SECONDS):
        check(contact)


def check(contact: EndedContact) -> None:
    assert 0 <= contact.wait_seconds <= DAY_SECONDS
    assert 0 <= contact.talk_seconds <= DAY_SECONDS
    assert len(contact.queue) <= 200
    assert len(contact.source_call_id) < 1000


def test_calls_that_never_end_are_kept_to_a_number() -> None:
    calls = Calls(OWN, LOGGED_IN)
    for number in range(ami_events._MAX_CALLS + 5):
        calls.see(left("Växel", f"{number}", f"{number}"), NOW, 0)
    assert calls.let_go(1) == 5


def test_one_call_holds_so_many_parts_and_no_more() -> None:
    calls = Calls(OWN, LOGGED_IN)
    for number in range(500):
        calls.see(complete(f"Kö {number}"), NOW, 0)
        calls.see(cdr("Dial", called=f"PJSIP/2041-{number}"), NOW, 0)
    assert len(calls.over(60)) == 200

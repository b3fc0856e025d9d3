import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.telephony.info import key_in

HEAD = "INFO sip:box@192.0.2.10 SIP/2.0\r\nCSeq: 2 INFO\r\n"


def message(body: str, kind: str = "application/dtmf-relay", name: str = "Content-Type") -> str:
    return f"{HEAD}{name}: {kind}\r\nContent-Length: {len(body)}\r\n\r\n{body}"


@pytest.mark.parametrize(
    ("said", "key", "held_seconds"),
    [
        (message("Signal=5\r\nDuration=160\r\n"), "5", 0.16),
        (message("Signal= *\r\nDuration= 1000"), "*", 1.0),
        (message("signal = d\nduration=100"), "D", 0.1),
        (message("Signal=10\r\nDuration=160"), "*", 0.16),
        (message("Signal=11\r\n"), "#", 0.0),
        (message("Duration=100\r\nSignal=3\r\n"), "3", 0.1),
        (message("Signal=3\r\nDuration=99999\r\n"), "3", 0.0),
        (message("7", "application/dtmf"), "7", 0.0),
        (message("11\r\n", "application/dtmf"), "#", 0.0),
        (message("Signal=4", "Application/DTMF-Relay;charset=utf-8", "c"), "4", 0.0),
    ],
)
def test_a_key_is_read_as_gateways_write_it(said: str, key: str, held_seconds: float) -> None:
    assert key_in(said) == (key, held_seconds)


@pytest.mark.parametrize(
    "said",
    [
        message("Signal=16\r\nDuration=160"),  # a hook flash
        message("Signal=55"),
        message("Signal="),
        message("", "application/dtmf"),
        message("5", "text/plain"),
        message("Signal=5", "application/media_control+xml"),
        HEAD + "\r\n",
    ],
)
def test_anything_else_is_no_key(said: str) -> None:
    assert key_in(said) is None


@given(st.text(), st.text())
def test_no_message_is_an_error(head: str, body: str) -> None:
    key_in(head)
    key_in(message(body, head))

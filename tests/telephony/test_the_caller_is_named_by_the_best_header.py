from hypothesis import given
from hypothesis import strategies as st

from appliance.telephony.identity import callers_of, passed_on_for, user_part

CITIZEN, AGENT, QUEUE = "0701740605", "2041", "+46313900600"
INVITE = "INVITE sip:enkat@192.0.2.10 SIP/2.0\r\n{headers}\r\n\r\nv=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n"


def invite(*headers: str) -> str:
    return INVITE.format(headers="\r\n".join(headers))


def test_the_asserted_identity_comes_before_the_rest() -> None:
    message = invite(
        f'From: "Agent" <sip:{AGENT}@pbx.example>;tag=1',
        f"Diversion: <sip:{QUEUE}@pbx.example>;reason=unconditional",
        f"P-Asserted-Identity: <sip:{CITIZEN}@pbx.example>",
    )
    assert callers_of(message) == (CITIZEN, AGENT)
    assert passed_on_for(message) == (QUEUE,)


def test_a_caller_without_asserted_identity_is_who_the_from_header_says() -> None:
    assert callers_of(invite(f"From: <sip:{CITIZEN}@pbx.example;user=phone>;tag=1")) == (CITIZEN,)


def test_history_is_read_entry_by_entry() -> None:
    history = f"History-Info: <sip:{QUEUE}@pbx.example>;index=1, <tel:{CITIZEN}>;index=1.1"
    assert passed_on_for(invite(f"From: <sip:{AGENT}@pbx.example>;tag=1", history)) == (QUEUE, CITIZEN)


def test_a_hidden_caller_is_named_by_the_asserted_identity_only() -> None:
    for user in ("anonymous", "Restricted", "unavailable"):
        hidden = f"From: <sip:{user}@anonymous.invalid>;tag=1"
        assert callers_of(invite(hidden, f"Diversion: <sip:{QUEUE}@pbx.example>")) == ()
        assert callers_of(invite(hidden, f"P-Asserted-Identity: <tel:{CITIZEN}>")) == (CITIZEN,)


def test_a_display_name_names_nobody() -> None:
    for name in ('"sip:0701740699@x"', '"a \\" <sip:0701740699@x>"', "sip:0701740699@x"):
        assert callers_of(invite(f"From: {name} <sip:{CITIZEN}@pbx.example>;tag=1")) == (CITIZEN,)


def test_header_names_are_read_in_any_case_and_each_number_once() -> None:
    message = invite(f"FROM: sip:{CITIZEN}@pbx.example;tag=1", f"p-asserted-identity: <tel:{CITIZEN}>")
    assert callers_of(message) == (CITIZEN,)


def test_the_body_is_no_header() -> None:
    assert callers_of(invite("To: <sip:a@b>") + f"From: <sip:{CITIZEN}@pbx.example>\r\n") == ()


@given(st.text())
def test_whatever_stands_in_a_message_is_no_error(text: str) -> None:
    callers_of(text)
    callers_of(invite(f"From: {text}"))
    passed_on_for(invite(f"Diversion: {text}"))
    user_part(text)


@given(st.from_regex(r"\+?[0-9]{3,15}", fullmatch=True))
def test_a_number_is_found_in_every_way_of_writing_an_address(number: str) -> None:
    for uri in (
        f"sip:{number}@pbx",
        f"<sip:{number}@pbx:5060;transport=tcp>",
        f'"A B" <sips:{number}@pbx>',
        f"<tel:{number}>",
    ):
        assert user_part(uri) == number

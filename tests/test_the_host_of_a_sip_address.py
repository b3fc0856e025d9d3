import pytest

from appliance.sip_uri import host_of


@pytest.mark.parametrize(
    ("uri", "host"),
    [
        ("sip:pbx.example:5060", "pbx.example"),
        ("sips:pbx.example", "pbx.example"),
        ("sip:192.0.2.10", "192.0.2.10"),
        ("sip:user@pbx.example:5060;transport=tcp", "pbx.example"),
        ("sip:[2001:db8::1]:5060", "2001:db8::1"),
        ("sip:pbx.example?subject=x", "pbx.example"),
    ],
)
def test_the_host_is_read_from_an_address(uri: str, host: str) -> None:
    assert host_of(uri) == host

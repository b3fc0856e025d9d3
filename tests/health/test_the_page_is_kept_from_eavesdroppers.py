from collections.abc import Callable

import pytest

from appliance.health import Context
from appliance.health.checks import web_address

Box = Callable[..., Context]


@pytest.mark.parametrize(
    ("bind", "warned"),
    [
        ("127.0.0.1:8080", False),
        ("[::1]:8080", False),
        ("localhost:8080", False),
        ("0.0.0.0:8080", True),
        ("[::]:8080", True),
        ("192.0.2.10:80", True),
        ("box.example:80", True),
    ],
)
def test_only_this_machine_may_hear_plain_passwords(practice: Box, bind: str, warned: bool) -> None:
    assert [issue.where for issue in web_address.run(practice(web={"bind": bind}))] == [f"web.bind {bind}"] * warned

from typing import Any

import pytest
from pydantic import ValidationError

from appliance.settings import Settings

CONNECT = {"connect": "192.0.2.10:5050"}


def fault(**sections: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate(sections)
    return caught.value.errors()[0]["msg"].removeprefix("Value error, ")


@pytest.mark.parametrize("name", ["ami", "inbox", "http", "dial", "housekeeping", "practice", "survey-extension"])
def test_a_connection_is_called_like_no_source_of_our_own(name: str) -> None:
    told = fault(intake={"tcp": [{"name": name, "profile": "mx-one", **CONNECT}]})
    assert told == f"the name {name} is taken by a source of the box itself; choose another"


def test_whom_we_connect_to_needs_no_trust() -> None:
    tcp = {"name": "vaxel", "profile": "mx-one", **CONNECT, "trusted_addresses": ["192.0.2.10"]}
    told = fault(intake={"tcp": [tcp]})
    assert told == "connect needs no trusted_addresses: we connect to the PBX; remove them"


def test_a_queue_has_one_share() -> None:
    assert fault(draw={"queue_shares": {"Växel": 0.1, "VÄXEL": 0.9}}) == (
        "Växel and VÄXEL are the same queue; name it once"
    )
    assert Settings.model_validate({"draw": {"queue_shares": {"Växel": 0.1, "Bygg": 0.9}}}).draw.queue_shares

"""Neither BYE nor CANCEL is confirmed: the interview is over at once, the place on the trunk after half a minute."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from telephony import letting_go
from telephony.conversation import Conversation
from telephony.letting_go import FAILINGS

from appliance.signals import child_environment

PJSIP_GIVES_UP_SECONDS = 32


def let_go(folder: Path, *failings: str) -> dict[str, Any]:
    command = [sys.executable, letting_go.__file__, str(folder), *failings]
    environment = child_environment() | {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.mark.slow
@pytest.mark.parametrize("failings", [list(FAILINGS)[:4], ["answers"]], ids=["CANCEL", "BYE"])
def test_a_call_that_nobody_confirms_the_end_of(tmp_path: Path, failings: list[str]) -> None:
    result = let_go(tmp_path, *failings)
    assert result["ended"].keys() == set(failings)
    assert max(result["ended"].values()) < 1, "the session and its lease are free at once"
    assert result["held"] == len(failings), "PJSIP has no other place for them yet: nobody may dial into it"
    assert result["free"] <= PJSIP_GIVES_UP_SECONDS + 2


def test_no_call_is_longer_than_a_quarter_of_an_hour(conversation: Conversation) -> None:
    conversation.pick_up()
    conversation.press("1")
    conversation.pass_time(880)
    let_go = ("hang_up", conversation.session.call)
    for _ in range(30):
        conversation.press("*")  # somebody who has the question repeated for ever
        conversation.pass_time(0)
    assert conversation.phone.told.count(let_go) == 1

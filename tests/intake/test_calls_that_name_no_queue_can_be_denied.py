from made_up import MadeUp
from records import NOW, contact, register_of, settings_with

from appliance.types import DrawReason, EndedContact


def reason(box: MadeUp, unnamed_queues: str, ended: EndedContact) -> DrawReason:
    settings = settings_with(funnel={"unnamed_queues": unnamed_queues}, dialer={"quiet_days": 0})
    return register_of(box.db, box.directory, settings).admit(ended, NOW).reason


def test_they_are_asked_until_the_policy_says_otherwise(box: MadeUp) -> None:
    assert settings_with().selection().unnamed_queues == "ask"
    assert reason(box, "ask", contact("1", queue="")) is DrawReason.QUEUED
    assert reason(box, "deny", contact("2", queue="")) is DrawReason.DENIED_QUEUE
    assert reason(box, "deny", contact("3", queue=" ")) is DrawReason.DENIED_QUEUE
    assert reason(box, "deny", contact("4")) is DrawReason.QUEUED

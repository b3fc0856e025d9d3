from pathlib import Path
from types import MappingProxyType

from telephony.dummy_phone import DummyPhone

from appliance.survey.atlas import Atlas
from appliance.survey.questionnaire import Questionnaire
from appliance.telephony._api import CallHandle, Incoming, PhoneEvent
from appliance.telephony.desk import Desk
from appliance.telephony.line import Line


class Rung(DummyPhone):
    def poll(self, timeout_ms: int) -> list[PhoneEvent]:
        return [Incoming(CallHandle(7), "efterklang")]


def test_without_a_reception_a_call_that_comes_in_is_turned_away(desk: Desk, questionnaire: Questionnaire) -> None:
    phone = Rung()
    Line("line-1", phone, Atlas(Path("unused.wav"), MappingProxyType({})), questionnaire, desk, None).turn()
    assert ("reject", 480) in phone.told

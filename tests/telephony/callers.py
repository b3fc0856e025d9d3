"""Somebody rings the box: the reception on a real store, with a phone that is not there."""

from pathlib import Path
from types import MappingProxyType

from made_up import MadeUp
from telephony.conversation import CALL, Conversation
from telephony.dummy_phone import DummyPhone

from appliance.dialer.dialer import Dialer
from appliance.settings import Settings, SipSettings, StorageSettings, practice_settings
from appliance.survey.atlas import Atlas, Clip
from appliance.survey.prompts import prompt_list
from appliance.survey.questionnaire import load_questionnaire
from appliance.telephony._api import Connected, Disconnected, Incoming
from appliance.telephony.desk import Desk
from appliance.telephony.reception import Reception
from appliance.telephony.recording import recordings_directory
from appliance.telephony.repertoire import Repertoire

OWN_NUMBER = "+46313900699"
EXTENSION = "enkat"
_SIP = SipSettings(registrar="sip:127.0.0.1", caller_id=OWN_NUMBER, survey_extension=EXTENSION)
_PATIENCE_SECONDS = 0.4


class Callers:
    """Rings in with whatever a PBX says of the caller."""

    def __init__(self, made: MadeUp, memory: Path, patience_seconds: float | None = _PATIENCE_SECONDS) -> None:
        self.phone = DummyPhone()
        box = Settings(storage=StorageSettings(directory=made.directory, memory_directory=memory))
        settings = practice_settings(box)
        dialer = Dialer(made.db, settings, "line-1")
        self.desk = Desk(made.db, made.keys, settings, dialer, recordings_directory(settings))
        clips = {prompt.key: Clip(index * 1000, 1000) for index, prompt in enumerate(prompt_list())}
        self.atlas = Atlas(Path("unused.wav"), MappingProxyType(clips))
        self.repertoire = Repertoire(load_questionnaire("kontaktcenter"), self.atlas)
        self.reception = Reception("line-1", _SIP, self.phone, self.repertoire, self.desk, patience_seconds)

    def ring(self, *callers: str, asked: str = "efterklang", passed_on_for: tuple[str, ...] = ()) -> bool:
        """Whether the call was answered once it had rung for a while."""
        self.reception.handle(Incoming(CALL, asked, callers, passed_on_for), 0.0)
        self.reception.tick(_PATIENCE_SECONDS / 2)
        assert ("answer", CALL) not in self.phone.told
        self.reception.tick(_PATIENCE_SECONDS)
        return ("answer", CALL) in self.phone.told

    def talk(self, *callers: str, asked: str = "efterklang", passed_on_for: tuple[str, ...] = ()) -> Conversation:
        """A call that was answered, at its first prompt."""
        assert self.ring(*callers, asked=asked, passed_on_for=passed_on_for)
        session = self.reception.handle(Connected(CALL), 1.0)
        assert session is not None
        session.handle(Connected(CALL), 1.0)
        return Conversation(session, self.phone, self.desk, self.atlas, now=1.0)

    def give_up(self, *callers: str) -> None:
        """Ring, and hang up before anybody answers."""
        self.reception.handle(Incoming(CALL, "efterklang", callers), 0.0)
        assert self.reception.handle(Disconnected(CALL, 487), 0.1) is None
        self.reception.tick(_PATIENCE_SECONDS)
        assert ("answer", CALL) not in self.phone.told

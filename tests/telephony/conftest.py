"""One leased interview on a real store, with a phone that is not there."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import pytest
from made_up import MadeUp
from telephony.callers import Callers
from telephony.conversation import CALL, NUMBER, Conversation
from telephony.dummy_phone import DummyPhone

from appliance.custody.keys import Keys, load_keys
from appliance.dialer.dialer import Dialer
from appliance.intake.register import Register
from appliance.settings import Settings, StorageSettings, practice_settings
from appliance.store import Database, open_store
from appliance.survey.atlas import Atlas, Clip
from appliance.survey.dialogue import begin
from appliance.survey.prompts import prompt_list
from appliance.survey.questionnaire import Questionnaire, load_questionnaire
from appliance.telephony.desk import Desk
from appliance.telephony.journal import InterviewJournal
from appliance.telephony.recording import recordings_directory
from appliance.telephony.repertoire import Repertoire
from appliance.telephony.session import Session
from appliance.types import Direction, EndedContact


@pytest.fixture
def made(tmp_path: Path) -> Iterator[MadeUp]:
    made = MadeUp(tmp_path / "box", datetime.now(UTC))
    yield made
    made.db.close()


@pytest.fixture
def callers(made: MadeUp, tmp_path: Path) -> Callers:
    memory = tmp_path / "callers"
    memory.mkdir()
    return Callers(made, memory)


@pytest.fixture
def questionnaire() -> Questionnaire:
    return load_questionnaire("kontaktcenter")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    memory = tmp_path / "memory"
    memory.mkdir()
    box = Settings(storage=StorageSettings(directory=tmp_path / "box", memory_directory=memory))
    return practice_settings(box)


@pytest.fixture
def db(settings: Settings) -> Iterator[Database]:
    db = open_store(settings.storage.directory)
    yield db
    db.close()


@pytest.fixture
def keys(settings: Settings) -> Keys:
    return load_keys(settings.storage.directory)


@pytest.fixture
def desk(db: Database, keys: Keys, settings: Settings) -> Desk:
    return Desk(db, keys, settings, Dialer(db, settings, "line-1"), recordings_directory(settings))


@pytest.fixture
def conversation(desk: Desk, keys: Keys, settings: Settings, questionnaire: Questionnaire) -> Iterator[Conversation]:
    now = datetime.now(UTC)
    everyone = settings.model_copy(update={"dialer": settings.dialer.model_copy(update={"share": 1.0})})
    contact = EndedContact("test", "1", now, NUMBER, "Växel", 1, 60, Direction.INBOUND, answered=True)
    Register(desk.db, keys, everyone).admit(contact, now)
    lease = desk.dialer.next_call(now)
    assert lease is not None
    clips = {prompt.key: Clip(index * 1000, 1000) for index, prompt in enumerate(prompt_list())}
    clips.setdefault("tone", Clip(900_000, 1000))
    atlas = Atlas(Path("unused.wav"), MappingProxyType(clips))
    desk.questionnaire_of(lease, Repertoire(questionnaire, atlas))
    phone = DummyPhone()
    state = begin(questionnaire, desk.answered_before(lease), later=desk.dialer.later_choices(lease))
    session = Session(CALL, InterviewJournal(desk, lease), state, phone, atlas, settings.dialer.ring_seconds, now=0.0)
    conversation = Conversation(session, phone, desk, atlas)
    yield conversation
    if not session.is_over:
        conversation.hang_up()

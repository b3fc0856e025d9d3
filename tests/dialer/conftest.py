from datetime import datetime, timedelta

import pytest
from due_calls import CITIZEN, OPEN, Enqueue, NewDialer
from made_up import MadeUp

from appliance.custody.sealing import hash_number, seal_number
from appliance.dialer.dialer import Dialer
from appliance.settings import Settings
from appliance.store import interviews
from appliance.store.interviews import NewInterview
from appliance.types import E164, DrawReason, InterviewId, Language


@pytest.fixture
def dialer(box: MadeUp) -> NewDialer:
    def make(line: str = "line-1", only: InterviewId | None = None, **changes: object) -> Dialer:
        return Dialer(box.db, Settings.model_validate({"dialer": changes}), line, only)

    return make


@pytest.fixture
def enqueue(box: MadeUp) -> Enqueue:
    def queue(number: E164 = CITIZEN, due_at: datetime = OPEN) -> InterviewId:
        contact_id = box.contact(due_at, DrawReason.QUEUED)
        number_hash, sealed = hash_number(box.keys, number), seal_number(box.keys, number)
        latest_at = due_at + timedelta(hours=48)
        new = NewInterview(contact_id, Language.SWEDISH, number_hash, sealed, due_at, latest_at)
        return interviews.enqueue(box.db, new)

    return queue

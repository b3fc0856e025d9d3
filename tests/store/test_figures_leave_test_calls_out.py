from datetime import UTC, datetime, timedelta
from pathlib import Path

from appliance.custody.keys import load_keys
from appliance.intake.register import Register
from appliance.settings import Settings, StorageSettings
from appliance.store import figures, open_store
from appliance.types import E164


def test_a_call_that_staff_asked_for_is_in_no_figures(tmp_path: Path) -> None:
    db = open_store(tmp_path)
    now = datetime.now(UTC)
    register = Register(db, load_keys(tmp_path), Settings(storage=StorageSettings(directory=tmp_path)))
    register.admit_test_call(E164("+46701740605"), now)
    day = figures.Span(now - timedelta(hours=1), now + timedelta(hours=1))
    assert figures.first_contact(db) is None
    assert figures.count_contacts(db, day) == (0, 0)
    assert figures.count_interviews(db, day).queued == 0
    db.close()

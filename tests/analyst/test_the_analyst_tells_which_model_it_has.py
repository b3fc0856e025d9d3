import time
from datetime import UTC, datetime

from made_up import MadeUp

from appliance.analyst.worker import run
from appliance.settings import OpinionsSettings, Settings
from appliance.store import processes


def told(box: MadeUp, settings: Settings, until_note: str) -> str | None:
    """What is said to somebody who has set another model, while the analyst's note begins so."""
    said: list[str | None] = []
    deadline = time.monotonic() + 60

    def should_stop() -> bool:
        notes = [beat.note for beat in processes.all_beats(box.db)]
        if any(note.startswith(until_note) for note in notes):
            said.append(processes.other_model(box.db, "kb-whisper-large", datetime.now(UTC)))
        return bool(said) or time.monotonic() > deadline

    run(box.db, box.keys, settings, should_stop)
    (line,) = said
    return line


def test_with_its_models_loaded_it_names_that_of_speech(box: MadeUp, settings: Settings) -> None:
    assert (told(box, settings, "listening") or "").startswith(f"the analyst still works with {settings.speech.model};")


def test_without_one_of_them_it_works_with_none(box: MadeUp, settings: Settings) -> None:
    missing = settings.model_copy(update={"opinions": OpinionsSettings(model="no-such-model")})
    assert told(box, missing, processes.WAITS_FOR_MODEL) is None

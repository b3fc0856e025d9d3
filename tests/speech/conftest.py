import pytest

from appliance.catalog import find_model
from appliance.errors import ModelError
from appliance.settings import Settings, SpeechSettings
from appliance.speech import Engine, load_engine


def _installed(model: str) -> Settings:
    settings = Settings(speech=SpeechSettings(model=model))
    try:
        find_model(model, settings)
    except ModelError as error:
        pytest.skip(f"{error}")
    return settings


@pytest.fixture(scope="session")
def whisper() -> Engine:
    return load_engine(_installed("whisper-base"))


@pytest.fixture(scope="session")
def vosk() -> Engine:
    return load_engine(_installed("vosk-ko"))

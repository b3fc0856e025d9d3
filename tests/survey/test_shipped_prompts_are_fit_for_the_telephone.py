import re
import wave
from pathlib import Path

import numpy as np
import pytest

import appliance
from appliance.sound import read_wav
from appliance.survey.loudness import TARGET_DBFS, measure
from appliance.survey.prompts import prompt_list, words_in
from appliance.types import Language, LaterTime

_AUDIO = Path(appliance.__file__).parent / "survey" / "audio"
_FILES = sorted(_AUDIO.glob("*/*.wav"))
_GREETINGS = [
    f"{greeting}{name}" for greeting in ("greeting", "callback_greeting", "transfer_greeting") for name in ("", "_any")
]
_TEXTS = {prompt.key: prompt.text for prompt in prompt_list()}


@pytest.mark.parametrize("language", list(Language))
def test_every_text_has_its_sound_and_every_sound_says_its_text(language: Language) -> None:
    said = {file.stem: words_in(file) for file in _FILES if file.parent.name == language}
    assert said == {key: text[language] for key, text in _TEXTS.items()}


@pytest.mark.parametrize("file", _FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_it_is_loud_enough_undistorted_and_in_the_telephone_band(file: Path) -> None:
    with wave.open(str(file)) as header:
        assert (header.getframerate(), header.getsampwidth(), header.getnchannels()) == (8000, 2, 1)
    samples, rate_hz = read_wav(file)
    level = measure(samples)
    assert abs(level.rms_dbfs - TARGET_DBFS) < 0.5
    assert level.clipped_samples == 0
    power = np.abs(np.fft.rfft(samples)) ** 2
    hz = np.fft.rfftfreq(len(samples), 1 / rate_hz)
    assert power[(hz < 150) | (hz > 3700)].sum() < 0.001 * power.sum()


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("key", [*_GREETINGS, "stranger", "stranger_any"])
def test_a_greeting_takes_at_most_20_seconds(key: str, language: Language) -> None:
    samples, rate_hz = read_wav(_AUDIO / language / f"{key}.wav")
    assert len(samples) / rate_hz <= 20


@pytest.mark.parametrize("key", _GREETINGS)
def test_a_greeting_says_what_the_law_asks(key: str) -> None:
    for words in ("automatisk", "kontaktcenter", "frivillig", "minuter", "inspelad kommentar"):
        assert words in _TEXTS[key].sv
    for words in ("offentlighetsprincipen", "raderas efter beslut", "Läs mer"):
        assert words in _TEXTS[key].sv
    for words in ("automatic", "contact center", "voluntary", "minutes", "recorded comment", "public records"):
        assert words in _TEXTS[key].en


@pytest.mark.parametrize("key", ["stranger", "stranger_any"])
def test_a_stranger_hears_whose_number_it_is_and_that_nothing_is_recorded(key: str) -> None:
    for words in ("kontaktcenter", "spelas inte in", "tryck 9"):
        assert words in _TEXTS[key].sv
    for words in ("contact center", "not recorded", "press 9"):
        assert words in _TEXTS[key].en


def test_each_time_has_a_key_of_its_own_and_is_promised_in_its_own_words() -> None:
    for number, when in enumerate(LaterTime, 1):
        assert f"tryck {number}" in _TEXTS[f"later_{when}"].sv
        assert f"press {number}" in _TEXTS[f"later_{when}"].en
        assert f"promise_{when}" in _TEXTS


def test_nothing_promises_anonymity_or_sells_anything() -> None:
    forbidden = re.compile("anonym|erbjud|kampanj|rabatt|offer|discount|campaign|confidential", re.IGNORECASE)
    for key, text in _TEXTS.items():
        assert not forbidden.search(text.sv + text.en), key

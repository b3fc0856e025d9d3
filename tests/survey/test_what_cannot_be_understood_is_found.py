import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.survey.intelligibility import (
    Fault,
    Sounding,
    error_rate,
    faults_of_sound,
    faults_of_speech,
    letters,
    sounding,
)
from appliance.survey.loudness import Level
from appliance.types import Language

_SV, _EN = Language.SWEDISH, Language.ENGLISH
_WELL = Sounding(Level(-25, -6, 0), 4.0, -20.1)


@pytest.mark.parametrize(
    ("text", "heard", "language"),
    [
        ("Börja genom att trycka 1.", "börja genom att trycka ett", _SV),
        ("Det tar två minuter.", "Det tar 2 minuter", _SV),
        ("Vi har 24 timmar och 19 minuter.", "vi har tjugofyra timmar och nitton minuter", _SV),
        ("To keep it, press 1.", "To keep it press one", _EN),
        ("Our contact center: 35", "our contactcenter thirty-five", _EN),
    ],
)
def test_numbers_signs_case_and_spaces_are_no_errors(text: str, heard: str, language: Language) -> None:
    assert error_rate(text, heard, language) == 0


@given(number=st.integers(0, 99), language=st.sampled_from(list(Language)))
def test_every_number_up_to_99_is_spelt_out_in_letters_of_its_own(number: int, language: Language) -> None:
    spelt = [letters(str(each), language) for each in range(100)]
    assert spelt[number].isalpha()
    assert spelt.count(spelt[number]) == 1


def test_the_error_rate_is_the_share_of_letters() -> None:
    assert error_rate("hej hej", "hej hoj", _SV) == pytest.approx(1 / 6)
    assert error_rate("hej", "", _SV) == 1
    assert error_rate("...", "hej", _SV) > 1


def test_other_words_nothing_and_half_of_it_are_unclear() -> None:
    text = "Tack för din hjälp. Hej då!"
    for heard in ("", "Jag hörde inget svar.", "Tack för din"):
        assert set(faults_of_speech(text, heard, 2.0, _SV)) == {Fault.UNCLEAR}
    for heard in ("Tack för din hjälp, hej då", "tack för en hjälp hej da"):
        assert not set(faults_of_speech(text, heard, 2.0, _SV))


@pytest.mark.parametrize("seconds", [0.5, 20.0])
def test_too_short_or_long_for_its_words_is_seen(seconds: float) -> None:
    text = "Tack för din hjälp. Hej då!"
    assert set(faults_of_speech(text, text, seconds, _SV)) == {Fault.LENGTH}


@pytest.mark.parametrize(
    ("sound", "fault"),
    [
        (_WELL, None),
        (Sounding(Level(-50, -30, 0), 4.0, -20.0), Fault.FAINT),
        (Sounding(Level(-10, 0, 500), 4.0, -20.0), Fault.DISTORTED),
        (Sounding(Level(-25, -6, 0), 4.0, -22.0), Fault.LOUDNESS),
        (Sounding(Level(-25, -6, 0), 31.0, -20.0), Fault.LENGTH),
    ],
)
def test_a_bad_sound_is_named_by_its_fault(sound: Sounding, fault: Fault | None) -> None:
    assert list(faults_of_sound(sound)) == ([] if fault is None else [fault])


def test_distortion_is_looked_for_in_what_was_recorded_and_loudness_in_what_is_played() -> None:
    hum = np.sin(2 * np.pi * 600 * np.arange(8000) / 8000).astype(np.float32)
    found = sounding(np.clip(3 * hum, -1, 1), 0.1 * np.sqrt(np.float32(2)) * hum)
    assert found.recorded.clipped_samples > 1000
    assert found.rms_dbfs == pytest.approx(-20, abs=0.1)
    assert found.seconds == 1

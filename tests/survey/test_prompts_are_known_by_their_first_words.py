from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from appliance.settings import Settings, StorageSettings
from appliance.sound import CALL_RATE_HZ, Samples
from appliance.survey.prompts import PromptLibrary
from appliance.types import Language

_OPENING = round(1.2 * CALL_RATE_HZ)
_MAX_LAG = round(0.3 * CALL_RATE_HZ)
_FFT = 16_384
"""Room for an opening and its lags."""
_AUDIBLE = 1.0
"""The energy of 1.2 s at −40 dBFS: what is fainter than that resembles nothing."""


def _openings(settings: Settings, language: Language) -> dict[str, Samples]:
    """The first 1.5 s of every prompt; silence follows one that is shorter."""
    library = PromptLibrary(settings)
    openings = {}
    for prompt in library.prompts:
        samples = library.samples(prompt.key, language)
        openings[prompt.key] = np.zeros(_OPENING + _MAX_LAG, dtype=np.float32)
        openings[prompt.key][: len(samples)] = samples[: _OPENING + _MAX_LAG]
    return openings


def _likeness(first: Samples, second: Samples) -> float:
    """The greatest normalised correlation of the first's 1.2 s with the second's, at any lag up to 0.3 s."""
    opening, whole = first[:_OPENING].astype(float), second.astype(float)
    spectra = np.fft.rfft(whole, _FFT) * np.fft.rfft(opening / np.linalg.norm(opening), _FFT).conj()
    energy = np.concatenate([[0], np.cumsum(whole**2)])
    lengths = np.sqrt(np.maximum(energy[_OPENING:] - energy[:-_OPENING], _AUDIBLE))
    return float((np.abs(np.fft.irfft(spectra)[: _MAX_LAG + 1]) / lengths).max())


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("municipality", ["Exempelköping", "Någon annan"])
def test_no_two_prompts_begin_alike(language: Language, municipality: str, tmp_path: Path) -> None:
    settings = Settings(storage=StorageSettings(directory=tmp_path))
    named = settings.municipality.model_copy(update={"name": municipality})
    openings = _openings(settings.model_copy(update={"municipality": named}), language)
    for one, other in combinations(openings, 2):
        likeness = max(_likeness(openings[one], openings[other]), _likeness(openings[other], openings[one]))
        assert likeness < 0.6, f"{one} and {other} begin alike"


def test_a_prompt_is_like_itself_when_it_comes_later(tmp_path: Path) -> None:
    opening = _openings(Settings(storage=StorageSettings(directory=tmp_path)), Language.SWEDISH)["menu"]
    later = np.concatenate([np.zeros(_MAX_LAG // 2, dtype=np.float32), opening])[: len(opening)]
    assert _likeness(opening, later) > 0.99


@pytest.mark.parametrize("language", list(Language))
def test_every_spoken_prompt_lasts_long_enough_to_be_known(language: Language, tmp_path: Path) -> None:
    library = PromptLibrary(Settings(storage=StorageSettings(directory=tmp_path)))
    for prompt in library.prompts:
        samples = library.samples(prompt.key, language)
        assert not prompt.is_spoken or len(samples) >= _OPENING, prompt.key

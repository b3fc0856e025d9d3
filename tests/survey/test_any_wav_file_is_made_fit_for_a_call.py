import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sounds import comments, wav

from appliance.errors import PromptError
from appliance.settings import Settings, StorageSettings
from appliance.sound import Sound, read_wav
from appliance.survey.atlas import build_atlas
from appliance.survey.loudness import TARGET_DBFS, fit, measure, speaking
from appliance.survey.prompts import PromptLibrary, Source
from appliance.types import Language

_SV = Language.SWEDISH
_SPOKEN, _ = comments(1)[0]


def _pcm_24(samples: NDArray[np.float64]) -> bytes:
    return b"".join(struct.pack("<i", int(value))[1:] for value in (samples * 2**31).clip(-(2**31), 2**31 - 1))


_ENCODINGS = {
    (1, 8): lambda samples: (samples * 127 + 128).astype(np.uint8).tobytes(),
    (1, 16): lambda samples: (samples * 32767).astype("<i2").tobytes(),
    (1, 24): _pcm_24,
    (1, 32): lambda samples: (samples * (2**31 - 1)).astype("<i4").tobytes(),
    (3, 32): lambda samples: samples.astype("<f4").tobytes(),
    (3, 64): lambda samples: samples.astype("<f8").tobytes(),
}


def _library(storage: Path) -> PromptLibrary:
    return PromptLibrary(Settings(storage=StorageSettings(directory=storage)))


@given(
    encoding=st.sampled_from(sorted(_ENCODINGS)),
    rate=st.sampled_from([8000, 11025, 16000, 22050, 32000, 44100, 48000, 96000]),
    channels=st.integers(1, 2),
    gain_db=st.floats(-20, 3),
)
def test_a_recording_of_any_kind_is_the_same_words_at_the_same_loudness(
    tmp_path_factory: pytest.TempPathFactory, encoding: tuple[int, int], rate: int, channels: int, gain_db: float
) -> None:
    samples = (_SPOKEN.at(rate).samples.astype(np.float64) * 10 ** (gain_db / 20)).clip(-1, 1)
    file = tmp_path_factory.mktemp("own") / "own.wav"
    interleaved = np.repeat(samples, channels)
    file.write_bytes(wav(_ENCODINGS[encoding](interleaved), encoding[0], channels, rate, encoding[1]))
    fitted = fit(read_wav(file))
    assert measure(fitted).rms_dbfs == pytest.approx(TARGET_DBFS, abs=1)
    assert measure(fitted).clipped_samples == 0
    assert len(fitted) == pytest.approx(len(_SPOKEN.samples), abs=800)
    assert _likeness(fitted, _SPOKEN.samples) > 0.9


def _likeness(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """The best correlation at any lag."""
    size = 1 << (len(one) + len(other)).bit_length()
    match = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)), size)
    return float(match.max() / (np.linalg.norm(one) * np.linalg.norm(other)))


def test_hum_and_hiss_outside_the_telephone_band_do_not_count_as_loudness() -> None:
    wide = _SPOKEN.at(48000)
    t = np.arange(len(wide.samples)) / 48000
    noisy = wide.samples + 0.2 * np.sin(2 * np.pi * 50 * t) + 0.2 * np.sin(2 * np.pi * 12000 * t) + 0.1
    clean, fitted = fit(wide), fit(Sound(noisy.astype(np.float32), 48000))
    assert measure(fitted).rms_dbfs == pytest.approx(TARGET_DBFS, abs=0.5)
    assert _likeness(clean, fitted) > 0.98


def test_what_is_fit_stays_as_it_is() -> None:
    once = fit(_SPOKEN)
    twice = fit(Sound(once, 8000))
    assert len(twice) == len(once)
    assert _likeness(once, twice) > 0.99


def test_silence_before_and_after_is_cut() -> None:
    silence = np.zeros(3 * 8000, dtype=np.float32)
    fitted = fit(Sound(np.concatenate([silence, _SPOKEN.samples, silence]), 8000))
    spoken = np.flatnonzero(speaking(fitted))
    assert spoken[0] <= 960
    assert len(fitted) - spoken[-1] <= 960


def test_a_file_dropped_by_hand_is_played_as_loud_as_the_others(tmp_path: Path) -> None:
    library = _library(tmp_path)
    own = library.file("thanks", _SV, Source.OWN)
    own.parent.mkdir(parents=True)
    faint = np.repeat(_SPOKEN.at(44100).samples * 0.05, 2)
    own.write_bytes(wav((faint * 32767).astype("<i2").tobytes(), channels=2, rate=44100))
    atlas = build_atlas(library, _SV, tmp_path / "sv.wav")
    whole, _ = read_wav(atlas.file)
    clip = atlas.clip("thanks")
    played = whole[clip.start_sample : clip.start_sample + clip.samples]
    assert measure(played).rms_dbfs == pytest.approx(TARGET_DBFS, abs=1)
    assert _likeness(played, _SPOKEN.samples) > 0.9


def test_a_silent_file_is_named(tmp_path: Path) -> None:
    library = _library(tmp_path)
    library.save("thanks", _SV, np.zeros(8000, dtype=np.float32), Source.OWN)
    with pytest.raises(PromptError, match=r"prompt thanks cannot be played: .*thanks\.wav: nothing is heard in it"):
        library.samples("thanks", _SV)

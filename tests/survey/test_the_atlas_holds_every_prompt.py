import wave
from pathlib import Path

import numpy as np
import pytest

from appliance.errors import PromptError
from appliance.settings import Settings, StorageSettings
from appliance.sound import CALL_RATE_HZ, read_wav
from appliance.survey.atlas import GAP_SECONDS, build_atlas
from appliance.survey.prompts import PromptLibrary, Source
from appliance.types import Language


def test_each_clip_is_the_prompt_to_the_sample_with_silence_after_it(tmp_path: Path) -> None:
    library = PromptLibrary(Settings(storage=StorageSettings(directory=tmp_path)))
    atlas = build_atlas(library, Language.SWEDISH, tmp_path / "memory" / "sv.wav")
    whole, rate_hz = read_wav(atlas.file)
    gap = round(GAP_SECONDS * CALL_RATE_HZ)
    assert rate_hz == CALL_RATE_HZ
    assert list(atlas.clips) == [prompt.key for prompt in library.prompts]
    for key, clip in atlas.clips.items():
        end = clip.start_sample + clip.samples
        prompt, _ = read_wav(library.take(key, Language.SWEDISH).path)
        assert np.array_equal(np.round(whole[clip.start_sample : end] * 32768), np.round(prompt * 32768))
        assert not whole[end : end + gap].any()
        assert len(whole) >= end + gap


def test_an_own_prompt_of_another_rate_is_resampled(tmp_path: Path) -> None:
    library = PromptLibrary(Settings(storage=StorageSettings(directory=tmp_path)))
    own = library.file("thanks", Language.SWEDISH, Source.OWN)
    own.parent.mkdir(parents=True)
    sine = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(2 * 44100) / 44100)
    with wave.open(str(own), "wb") as file:
        file.setparams((2, 2, 44100, 0, "NONE", ""))
        file.writeframes(np.repeat(np.round(sine * 32767).astype("<i2"), 2).tobytes())
    atlas = build_atlas(library, Language.SWEDISH, tmp_path / "sv.wav")
    clip = atlas.clip("thanks")
    assert clip.seconds == 2.0
    whole, _ = read_wav(atlas.file)
    spectrum = np.abs(np.fft.rfft(whole[clip.start_sample : clip.start_sample + clip.samples]))
    assert spectrum.argmax() / clip.seconds == pytest.approx(1000, abs=1)


def test_a_prompt_that_is_no_sound_is_named(tmp_path: Path) -> None:
    library = PromptLibrary(Settings(storage=StorageSettings(directory=tmp_path)))
    own = library.file("menu", Language.SWEDISH, Source.OWN)
    own.parent.mkdir(parents=True)
    own.write_bytes(b"ID3 not a wav")
    with pytest.raises(PromptError, match=r"prompt menu cannot be played: .*menu\.wav: not a WAV file"):
        build_atlas(library, Language.SWEDISH, tmp_path / "sv.wav")


def test_a_clip_that_is_not_there_is_named(tmp_path: Path) -> None:
    atlas = build_atlas(
        PromptLibrary(Settings(storage=StorageSettings(directory=tmp_path))), Language.ENGLISH, tmp_path / "en.wav"
    )
    with pytest.raises(PromptError, match="no prompt is called jingle"):
        atlas.clip("jingle")

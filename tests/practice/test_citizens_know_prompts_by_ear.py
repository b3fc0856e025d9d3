import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from appliance.practice.ear import Ear, Memory
from appliance.settings import Settings
from appliance.sound import Samples
from appliance.survey.prompts import PromptLibrary
from appliance.types import Language

LIBRARY = PromptLibrary(Settings())
SOUNDS = {prompt.key: LIBRARY.samples(prompt.key, Language.SWEDISH) for prompt in LIBRARY.prompts if prompt.is_spoken}
MEMORY = Memory(SOUNDS)


def listen(frames: list[NDArray[np.int16]]) -> list[str]:
    ear = Ear(MEMORY)
    return [recognised.prompt for frame in frames if (recognised := ear.hear(frame.tobytes()))]


def frames_of(sound: Samples, lead: int = 0) -> list[NDArray[np.int16]]:
    samples = np.concatenate([np.zeros(lead, np.float32), sound, np.zeros(4000, np.float32)])
    whole = (samples * 32767).astype("<i2")
    return [whole[start : start + 160] for start in range(0, len(whole) - 159, 160)]


@pytest.mark.parametrize("prompt", SOUNDS)
def test_each_prompt_is_recognised_once_and_as_nothing_else(prompt: str) -> None:
    assert listen(frames_of(SOUNDS[prompt], lead=1234)) == [prompt]


@given(prompt=st.sampled_from(sorted(SOUNDS)), lost=st.integers(5, 50), lead=st.integers(0, 4000))
def test_a_lost_packet_in_the_opening_does_not_make_it_deaf(prompt: str, lost: int, lead: int) -> None:
    frames = frames_of(SOUNDS[prompt], lead)
    del frames[lead // 160 + lost]
    assert listen(frames) == [prompt]


def test_silence_and_noise_are_no_prompt() -> None:
    noise = np.random.default_rng(1).normal(0, 800, 160 * 500).astype("<i2").reshape(-1, 160)
    assert listen([np.zeros(160, "<i2")] * 500 + list(noise)) == []

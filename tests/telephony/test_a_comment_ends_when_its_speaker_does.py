"""The silence stop on spoken comments with the noise of real lines; tests/bench/hearing.py measures more of them."""

import numpy as np
import pytest
from bench.hearing import SILENCE_SECONDS, ended_at
from bench.telephone import FRAME, NOISES, RATE, Samples, comment, load_voices, rms_at, telephone_band, through_the_line
from sounds import COMMENTS

from appliance.telephony.ear import Ear

SEEDS = range(4)


@pytest.fixture(scope="module")
def clips() -> list[Samples]:
    return load_voices(COMMENTS)


def listen(pcm: bytes) -> Ear:
    ear = Ear()
    for at in range(0, len(pcm) - FRAME * 2 + 1, FRAME * 2):
        ear.hear(pcm[at : at + FRAME * 2])
    return ear


@pytest.mark.parametrize("level_dbfs", [-35, -26, -15, -3])
def test_a_voice_of_any_level_is_heard_to_its_end(clips: list[Samples], level_dbfs: int) -> None:
    for seed in SEEDS:
        spoken = comment(clips, seed, level_dbfs)
        end = ended_at(spoken)
        assert end, f"seed {seed}"
        assert end - spoken.ends_at == pytest.approx(SILENCE_SECONDS, abs=0.2), f"seed {seed}"


@pytest.mark.parametrize("noise", NOISES)
def test_nobody_is_cut_off_in_mid_speech_by_noise(clips: list[Samples], noise: str) -> None:
    for seed in SEEDS:
        spoken = comment(clips, seed, -20, noise, 20)
        end = ended_at(spoken)
        assert end is None or end >= spoken.ends_at, f"seed {seed}"


@pytest.mark.parametrize("noise", ["white", "hum", "car"])
@pytest.mark.parametrize("snr_db", [30, 20, 15])
def test_steady_noise_keeps_no_recording_open(clips: list[Samples], noise: str, snr_db: int) -> None:
    for seed in SEEDS:
        spoken = comment(clips, seed, -20, noise, snr_db)
        end = ended_at(spoken)
        assert end, f"seed {seed}"
        assert end <= spoken.ends_at + SILENCE_SECONDS + 0.5, f"seed {seed}"


@pytest.mark.parametrize("dbfs", [-40, -30, -20, -10])
def test_noise_that_begins_all_at_once_is_no_speech_for_long(dbfs: int) -> None:
    luck = np.random.default_rng(1)
    noise = rms_at(telephone_band(luck.normal(size=30 * RATE)), dbfs)
    ear = listen(through_the_line(np.concatenate([np.zeros(RATE), noise])))
    assert ear.last_speech_at < 12
    assert ear.quiet_seconds > SILENCE_SECONDS


def test_a_television_that_goes_on_is_not_the_speaker(clips: list[Samples]) -> None:
    for seed in SEEDS:
        spoken = comment(clips, seed, -20, "television", 30)
        end = ended_at(spoken)
        assert end, f"seed {seed}"
        assert end <= spoken.ends_at + SILENCE_SECONDS + 0.5, f"seed {seed}"


def test_a_click_and_a_rumble_do_not_make_a_voice_inaudible(clips: list[Samples]) -> None:
    """The handset is put to the ear with a bang, and then somebody speaks softly."""
    luck = np.random.default_rng(2)
    bang = np.concatenate([np.ones(80), luck.normal(0, 0.2, RATE // 4)])
    spoken = comment(clips, 3, -34)
    ear = listen(through_the_line(bang) + spoken.pcm)
    assert ear.last_speech_at == pytest.approx(spoken.ends_at + len(bang) / RATE, abs=0.2)


@pytest.mark.parametrize("level_dbfs", [-35, -26, -18])
def test_the_level_is_of_the_speech_and_not_of_the_pauses(clips: list[Samples], level_dbfs: int) -> None:
    for seed in SEEDS:
        ear = listen(comment(clips, seed, level_dbfs).pcm)
        assert ear.level_dbfs == pytest.approx(level_dbfs, abs=1.5), f"seed {seed}"


def test_what_the_line_cuts_off_is_counted(clips: list[Samples]) -> None:
    assert all(listen(comment(clips, seed, -20).pcm).clipped_share < 0.0005 for seed in SEEDS)
    assert all(listen(comment(clips, seed, -3).pcm).clipped_share > 0.02 for seed in SEEDS)


def test_before_any_speech_there_is_no_level() -> None:
    ear = listen(bytes(FRAME * 2 * 50))
    assert (ear.level_dbfs, ear.clipped_share, ear.speech_seconds) == (-100, 0, 0)

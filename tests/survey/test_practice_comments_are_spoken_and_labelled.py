import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import appliance
from appliance.sound import read_wav
from appliance.survey.loudness import measure
from appliance.types import Area, Tonality

_DIRECTORY = Path(appliance.__file__).parent / "practice" / "comments"
_COMMENTS = [json.loads(line) for line in (_DIRECTORY / "comments.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("comment", _COMMENTS, ids=lambda comment: comment["file"])
def test_each_is_telephone_sound_of_3_to_14_seconds(comment: dict[str, object]) -> None:
    samples, rate_hz = read_wav(_DIRECTORY / str(comment["file"]))
    assert rate_hz == 8000
    assert comment["seconds"] == pytest.approx(len(samples) / rate_hz, abs=0.01)
    assert 3 <= len(samples) / rate_hz <= 14
    assert -23 < measure(samples).rms_dbfs < -18.9
    assert measure(samples).clipped_samples == 0


def test_they_are_many_in_two_voices_and_none_says_the_same() -> None:
    assert len(_COMMENTS) >= 36
    assert min(Counter(comment["voice"] for comment in _COMMENTS).values()) >= 18
    assert len({comment["text"] for comment in _COMMENTS}) == len(_COMMENTS)


def test_every_area_has_every_tonality_and_some_comments_have_no_opinion() -> None:
    pairs = Counter((o["area"], o["tonality"]) for comment in _COMMENTS for o in comment["opinions"])
    assert set(pairs) == {(area.value, tonality.value) for area in Area for tonality in Tonality}
    assert sum(not comment["opinions"] for comment in _COMMENTS) >= 4
    assert any(len(comment["opinions"]) >= 3 for comment in _COMMENTS)


def test_an_area_is_judged_at_most_once_in_a_comment() -> None:
    for comment in _COMMENTS:
        areas = [opinion["area"] for opinion in comment["opinions"]]
        assert len(areas) == len(set(areas)), comment["file"]


def test_every_sound_is_listed_but_the_answering_machine() -> None:
    on_disk = {path.name for path in _DIRECTORY.glob("*.wav")}
    assert on_disk - {comment["file"] for comment in _COMMENTS} == {"voicemail.wav"}


def test_the_answering_machine_ends_with_its_beep() -> None:
    samples, rate_hz = read_wav(_DIRECTORY / "voicemail.wav")
    beep = samples[-round(0.75 * rate_hz) : -round(0.05 * rate_hz)]
    spectrum = np.abs(np.fft.rfft(beep))
    assert spectrum.argmax() * rate_hz / len(beep) == pytest.approx(1000, abs=2)
    assert 7 <= len(samples) / rate_hz <= 11

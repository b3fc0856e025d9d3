from collections.abc import Iterator
from threading import Event

import numpy as np
import pytest
from flask import Flask
from questionnaire_forms import send, written
from visitors import Visitor

from appliance.errors import PromptError
from appliance.web import questionnaire_sounds, sound_maker
from appliance.web.sound_maker import SoundMaker

HUM = (0.3 * np.sin(np.arange(16_000))).astype(np.float32)


@pytest.fixture
def go(monkeypatch: pytest.MonkeyPatch, maker: SoundMaker) -> Iterator[Event]:
    """Until it is set the voice draws breath."""
    go = Event()

    def hum(*_: object) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
        assert go.wait(30)
        return HUM

    monkeypatch.setattr(questionnaire_sounds, "choose_voice", lambda *_: None)
    monkeypatch.setattr(questionnaire_sounds, "render", hum)
    yield go
    go.set()
    maker.wait()


@pytest.fixture
def maker(app: Flask) -> SoundMaker:
    found: SoundMaker = app.extensions["efterklang"].sound_maker
    return found


def saved(anna: Visitor, title: str) -> str:
    return send(anna, "/questionnaires/new", **written(title)).location.partition("?")[0]


def test_the_page_is_there_meanwhile_and_nobody_starts_a_second_voice(
    anna: Visitor, maker: SoundMaker, go: Event
) -> None:
    water, snow = saved(anna, "Vatten"), saved(anna, "Snö")
    assert send(anna, f"{water}/sounds").status_code == 302
    assert "Ljuden görs nu." in anna.client.get(water).text
    for address in (water, snow):
        refused = send(anna, f"{address}/sounds")
        assert refused.status_code == 409
        assert "Ljuden görs redan." in refused.text
    assert "Ljuden görs nu." not in anna.client.get(snow).text
    go.set()
    maker.wait()
    assert "Alla frågor har ljud." in anna.client.get(water).text
    assert send(anna, f"{snow}/sounds").status_code == 302


def test_what_the_voice_could_not_do_is_told_on_the_page(
    anna: Visitor, maker: SoundMaker, go: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hoarse(*_: object) -> None:
        raise PromptError("the voice sv cannot speak: hoarse")

    monkeypatch.setattr(questionnaire_sounds, "render", hoarse)
    address = saved(anna, "Vatten")
    send(anna, f"{address}/sounds")
    maker.wait()
    told = anna.client.get(address).text
    assert "Ljuden kunde inte göras här." in told
    assert "hoarse" not in told
    go.set()
    monkeypatch.setattr(questionnaire_sounds, "render", lambda *_: HUM)
    send(anna, f"{address}/sounds")
    maker.wait()
    assert "Ljuden kunde inte göras här." not in anna.client.get(address).text


def test_a_voice_that_is_far_too_slow_is_stopped(maker: SoundMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_maker, "_MAX_SECONDS", -1)
    made: list[int] = []
    assert maker.start(("vatten", 1), [lambda: made.append(1)])
    maker.wait()
    assert made == []
    assert maker.failed_with == ("vatten", 1)

"""The page Enkäter: written, heard, scheduled and withdrawn, by forms alone."""

import io
import re
import struct
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_up import QUESTIONNAIRE, MadeUp
from questionnaire_forms import NEWS, PERIOD, WATER, send, written
from visitors import Visitor

from appliance.sound import parse_wav, wav_bytes
from appliance.store import questionnaires, schedule
from appliance.store.schedule import NewSchedule
from appliance.survey.prompts import Prompt
from appliance.survey.questionnaire import Questionnaire, load_questionnaire
from appliance.survey.voices import Voice
from appliance.types import Language
from appliance.web import questionnaire_sounds

LONG = b"RIFF....WAVEfmt " + struct.pack("<IHHIIHH4sI", 16, 7, 1, 4000, 4000, 1, 8, b"data", 244_001) + bytes(244_001)
"""61 s, of a telephone's 8-bit sound."""
HUM = (0.3 * np.sin(np.arange(16_000))).astype(np.float32)


@pytest.fixture
def saved(anna: Visitor) -> str:
    """The address of a questionnaire that has just been written."""
    response = send(anna, "/questionnaires/new", **written())
    assert response.status_code == 302
    return response.location.partition("?")[0]


@pytest.fixture
def voice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A voice that hums, whatever is installed here."""

    def hum(prompt: Prompt, language: Language, voice: Voice) -> np.ndarray[Any, Any]:
        assert (prompt.text.sv, language) in {(NEWS, Language.SWEDISH), (WATER, Language.SWEDISH)}
        assert voice is None
        return HUM

    monkeypatch.setattr(questionnaire_sounds, "choose_voice", lambda _wanted, _language: None)
    monkeypatch.setattr(questionnaire_sounds, "render", hum)


def test_what_was_written_is_kept_as_a_version(made: MadeUp, saved: str) -> None:
    assert saved == "/questionnaires/vattnet-i-an/1"
    kept = Questionnaire.from_json(questionnaires.versions_of(made.db, "vattnet-i-an")[0])
    assert kept.title == "Vattnet i ån"
    assert [(one.key, one.kind, one.text.sv, one.text.en) for one in kept.questions] == [
        ("beskedet", "scale", NEWS, None),
        ("vatten", "yes_no", WATER, None),
    ]


def test_a_change_is_the_next_version_and_the_series_go_on(anna: Visitor, made: MadeUp, saved: str) -> None:
    page = anna.client.get("/questionnaires/vattnet-i-an/edit").text
    assert NEWS in page
    assert 'name="q1_key" value="vatten"' in page
    more = {"q0_key": "beskedet", "q0_label_sv": "Beskedet i dag", "q4_key": "vatten", "q4_kind": "scale"}
    more |= {"q4_text_sv": "Hur var vattnet? Svara från 1 till 5."}
    response = send(anna, "/questionnaires/vattnet-i-an/edit", **written(**more), seen="1")
    assert response.location.startswith("/questionnaires/vattnet-i-an/2")
    newest, first = map(Questionnaire.from_json, questionnaires.versions_of(made.db, "vattnet-i-an"))
    assert [one.key for one in newest.questions] == ["beskedet", "vatten_2"]
    assert first.questions[1].kind == "yes_no"
    again = send(anna, "/questionnaires/vattnet-i-an/edit", **written(**more | {"q4_key": "vatten_2"}))
    assert again.location.startswith("/questionnaires/vattnet-i-an/2")
    assert saved.endswith("/1")
    assert "Det finns en nyare version" in anna.client.get(saved).text


@pytest.mark.parametrize(
    ("more", "name", "says"),
    [
        ({"q0_text_sv": "Hur bra var beskedet?"}, "q0_text_sv", "Säg skalan i frågan, med siffrorna 1 och 5."),
        ({"q4_text_sv": "Hade du vatten?"}, "q4_text_sv", "Säg knapparna i frågan, med siffrorna 1 och 2."),
        ({"q4_label_sv": ""}, "q4_label_sv", "Fyll i det här."),
        ({"title": ""}, "title", "Fyll i det här."),
        ({"q0_text_sv": f"{NEWS} {'x' * 300}"}, "q0_text_sv", "ungefär 20 sekunder"),
        ({"q0_text_en": "How?", "q0_label_en": "News"}, "q0_text_sv", "Säg skalan i frågan"),
        ({"q0_kind": "smiley"}, "q0_kind", "Det här går inte att använda."),
    ],
)
def test_a_fault_stands_at_its_field(anna: Visitor, made: MadeUp, more: dict[str, str], name: str, says: str) -> None:
    response = send(anna, "/questionnaires/new", **written(**more))
    assert response.status_code == 422
    assert re.search(rf'id="{name}-fault">[^<]*{re.escape(says)}', response.text)
    assert f'href="#{name}"' in response.text
    assert re.search(rf'name="{name}"[^>]*aria-invalid="true"', response.text)
    assert "vatten" in response.text.lower(), "what was typed stays"
    assert len(questionnaires.contents(made.db)) == 1


def test_an_empty_form_asks_for_a_question(anna: Visitor) -> None:
    response = send(anna, "/questionnaires/new", title="Tom")
    assert response.status_code == 422
    assert "Skriv minst en fråga." in response.text


def test_nobody_can_change_the_ordinary_one_here(anna: Visitor, page: Callable[[str], str]) -> None:
    assert anna.client.get("/questionnaires/kontaktcenter/edit").status_code == 404
    assert send(anna, "/questionnaires/new", **written("Kontaktcenter")).location.startswith(
        "/questionnaires/kontaktcenter-2/1"
    )
    assert "den vanliga" in page("/questionnaires")


@pytest.mark.usefixtures("voice")
def test_its_sounds_are_made_there_and_heard_in_the_browser(anna: Visitor, saved: str) -> None:
    before = anna.client.get(saved).text
    assert "2 frågor saknar ljud" in before
    assert anna.client.get(f"{saved}/question_beskedet.wav").status_code == 404
    assert send(anna, f"{saved}/sounds").status_code == 302
    anna.client.application.extensions["efterklang"].sound_maker.wait()
    after = anna.client.get(saved).text
    assert "Alla frågor har ljud." in after
    assert f'<audio controls preload="none" src="{saved}/question_beskedet.wav"' in after
    sound = anna.client.get(f"{saved}/question_beskedet.wav")
    assert sound.mimetype == "audio/wav"
    assert np.allclose(parse_wav(sound.data).samples, HUM, atol=1e-3)
    assert parse_wav(anna.client.get(f"{saved}/greeting.wav").data).seconds > 5
    assert anna.client.get(f"{saved}/nothing.wav").status_code == 404


def test_without_a_voice_the_page_says_what_to_do(anna: Visitor, saved: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    response = send(anna, f"{saved}/sounds")
    assert response.status_code == 503
    assert "Be IT installera en röst, eller lägg in en egen inspelning vid varje fråga." in response.text
    assert "apt-get" not in response.text, "that is for the log, in English"


def test_a_recording_of_one_s_own_is_played(anna: Visitor, saved: str) -> None:
    recording = (io.BytesIO(wav_bytes(np.tile(HUM, 10))), "fråga.wav")
    assert send(anna, f"{saved}/question_vatten.wav", recording=recording).status_code == 302
    page = anna.client.get(saved).text
    assert "1 fråga saknar ljud" in page
    assert "egen inspelning" in page
    assert parse_wav(anna.client.get(f"{saved}/question_vatten.wav").data).seconds > 19


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (LONG, "längre än 60 sekunder"),
        (b"ID3 not a wav", "Filen är ingen WAV-fil"),
        (wav_bytes(HUM * 0), "Ingenting hörs"),
        (b"", "ingen WAV-fil"),
    ],
)
def test_what_is_no_recording_is_refused(anna: Visitor, saved: str, data: bytes, says: str) -> None:
    response = send(anna, f"{saved}/question_vatten.wav", recording=(io.BytesIO(data), "x.wav"))
    assert response.status_code == 422
    assert says in response.text


def test_only_a_recording_may_be_large(anna: Visitor, saved: str) -> None:
    assert send(anna, "/questionnaires/new", **written(title="x" * 100_000)).status_code == 413
    token = anna.token("/questionnaires/new")
    claimed = {"CONTENT_LENGTH": f"{13 * 1024 * 1024}"}
    data = {"csrf_token": token, "recording": (io.BytesIO(b"RIFF"), "x.wav")}
    answer = anna.client.post(f"{saved}/question_vatten.wav", data=data, environ_overrides=claimed)
    assert answer.status_code == 413


def test_it_is_scheduled_for_chosen_queues_and_withdrawn(
    anna: Visitor, made: MadeUp, saved: str, page: Callable[[str], str]
) -> None:
    for _ in range(5):
        made.contact(queue="Vatten & avlopp")
        made.contact(queue="Gammal", at=made.now - timedelta(days=40))
        made.contact(queue="Elevhälsan")
        made.contact(queue="070-174 06 05")
    for _ in range(4):
        made.contact(queue="Liten")
    offered = page(saved)
    assert 'value="Vatten &amp; avlopp"' in offered
    assert [name for name in ("Gammal", "Elevhälsan", "070-174 06 05", "Liten") if name in offered] == []
    form = {"begins": "2026-11-21T15:00", "ends": "2026-11-23T12:00", "whom": "some"}
    response = send(anna, f"{saved}/schedule", **form, queue=["Vatten & avlopp", "Växel"], more_queues="Snö,  Växel ,")
    assert response.status_code == 302
    (one,) = schedule.everything(made.db)
    assert (one.questionnaire, one.queues, one.made_by) == (
        ("vattnet-i-an", 1), ("Vatten & avlopp", "Växel", "Snö"), "anna",
    )  # fmt: skip
    assert f"{one.begins_at:%H:%M}" == "14:00", "the form is in local time"
    told = page("/questionnaires")
    assert "Väntar på ljud" in told
    assert "Ställs nu" not in told
    assert "2026-11-21 15:00" in told
    assert "En schemalagd enkät ställs inte" in told
    assert "En schemalagd enkät ställs inte" in page("/")
    assert send(anna, f"/questionnaires/withdraw/{one.id}").status_code == 302
    assert "Tillbakadragen" in page("/questionnaires")
    assert "En schemalagd enkät ställs inte" not in page("/")
    assert send(anna, f"/questionnaires/withdraw/{one.id}").status_code == 302, "a second press"
    assert send(anna, f"/questionnaires/withdraw/{one.id + 1}").status_code == 404


@pytest.mark.parametrize(
    ("form", "name", "says"),
    [
        ({"begins": "", "ends": "2026-11-23T12:00"}, "begins", "Välj dag och klockslag."),
        ({"begins": "2026-11-21T15:00", "ends": "nu"}, "ends", "Välj dag och klockslag."),
        ({"begins": "2026-11-21T15:00", "ends": "2026-11-21T15:00"}, "ends", "Perioden måste sluta efter"),
        ({"begins": "2026-11-01T15:00", "ends": "2026-11-02T15:00"}, "ends", "i framtiden"),
        (PERIOD | {"whom": "some"}, "whom", "Välj minst en kö."),
        (PERIOD | {"whom": "all", "queue": "Bygg"}, "whom", "Köer är valda, men också alla."),
        (PERIOD | {"whom": "all", "more_queues": "Bygg"}, "whom", "Köer är valda, men också alla."),
        (PERIOD, "whom", "Välj vilka som ska få enkäten."),
        (PERIOD | {"begins": "0001-01-01T00:00"}, "begins", "högst ett år"),
        (PERIOD | {"begins": "2026-11-21T15:00+02:00"}, "begins", "Välj dag och klockslag."),
        (PERIOD | {"ends": "2126-11-21T15:00"}, "ends", "högst ett år"),
        (PERIOD | {"ends": "9999-12-31T23:59"}, "ends", "högst ett år"),
    ],
)
def test_a_period_that_cannot_be_is_told_at_its_field(
    anna: Visitor, made: MadeUp, saved: str, form: dict[str, str], name: str, says: str
) -> None:
    response = send(anna, f"{saved}/schedule", **form)
    assert response.status_code == 422
    assert re.search(rf'id="{name}-fault"[^>]*>[^<]*{re.escape(says)}', response.text)
    assert schedule.everything(made.db) == []
    if "queue" in form:
        assert 'value="Bygg" checked' in response.text, "what was chosen stays"


@pytest.mark.parametrize(
    "path", ["vattnet-i-an/{}", "vattnet-i-an/{}/schedule", "vattnet-i-an/{}/x.wav", "withdraw/{}"]
)
@pytest.mark.usefixtures("saved")
def test_an_address_with_a_number_beyond_all_leads_nowhere(anna: Visitor, path: str) -> None:
    address = f"/questionnaires/{path.format(2**70)}"
    assert {anna.client.get(address).status_code, send(anna, address).status_code} <= {404, 405}


def test_the_answers_stand_in_a_section_of_their_own(made: MadeUp, page: Callable[[str], str], saved: str) -> None:
    asked = ("vattnet-i-an", int(saved[-1]))
    schedule.add(
        made.db, NewSchedule(asked, (), made.now, made.now + timedelta(days=1), "anna"), made.now, "kontaktcenter"
    )
    for _ in range(6):
        made.ended(given={"vatten": 1}, asked=asked)
    for path in ("/", f"/report/{made.now.year}"):
        told = page(path)
        assert "Tillfällig enkät: Vattnet i ån" in told
        assert "6 intervjuer" in told
    assert load_questionnaire("kontaktcenter").id not in Path(saved).parts


def test_the_ordinary_one_cannot_be_scheduled(anna: Visitor, made: MadeUp, page: Callable[[str], str]) -> None:
    made.ended(given={"overall": 4})
    address = f"/questionnaires/{QUESTIONNAIRE.id}/{QUESTIONNAIRE.version}"
    assert "kan inte schemaläggas" in page(address)
    assert f"{address}/schedule" not in page(address)
    ends = f"{made.now + timedelta(days=1):%Y-%m-%dT%H:%M}"
    refused = send(anna, f"{address}/schedule", begins=f"{made.now:%Y-%m-%dT%H:%M}", ends=ends, whom="all")
    assert refused.status_code == 422
    assert "kan inte schemaläggas" in refused.text
    assert schedule.everything(made.db) == []

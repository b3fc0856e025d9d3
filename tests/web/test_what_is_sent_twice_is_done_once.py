"""A double click, and two of the staff at once, on the page Enkäter."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from made_up import MadeUp
from questionnaire_forms import PERIOD, send, written
from visitors import Visitor

from appliance.store import questionnaires, schedule


def test_a_button_that_is_pressed_twice_does_it_once(anna: Visitor, made: MadeUp) -> None:
    saved = send(anna, "/questionnaires/new", **written()).location.partition("?")[0]
    assert send(anna, "/questionnaires/new", **written()).location.partition("?")[0] == saved
    for _ in range(2):
        assert send(anna, f"{saved}/schedule", **PERIOD, whom="all").status_code == 302
    assert len(schedule.everything(made.db)) == 1
    assert send(anna, f"{saved}/schedule", **PERIOD, whom="some", queue="Bygg").status_code == 302
    assert send(anna, f"{saved}/schedule", **PERIOD, whom="all").status_code == 302
    assert len(schedule.everything(made.db)) == 3, "the last one counts, and it was another"


def test_two_that_write_at_once_get_one_each(anna: Visitor, visit: Callable[[], Visitor]) -> None:
    bo = visit()
    bo.log_in()
    start = Barrier(2)
    tokens = {one: one.token("/questionnaires/new") for one in (anna, bo)}

    def write(one: Visitor, word: str) -> str:
        start.wait()
        data = {"csrf_token": tokens[one], **written("Kris", q0_label_sv=word)}
        return one.client.post("/questionnaires/new", data=data).location.split("/")[2]

    with ThreadPoolExecutor(2) as pool:
        written_by = list(pool.map(write, (anna, bo), ("Beskedet", "Hjälpen")))
    assert sorted(written_by) == ["kris", "kris-2"]


def test_nobody_s_change_is_lost_to_who_saves_later(anna: Visitor, made: MadeUp) -> None:
    send(anna, "/questionnaires/new", **written())
    edit = "/questionnaires/vattnet-i-an/edit"
    assert 'name="seen" value="1"' in anna.client.get(edit).text
    first = written(q0_key="beskedet", q4_key="vatten", q0_label_sv="Annas")
    assert send(anna, edit, **first, seen="1").status_code == 302
    assert send(anna, edit, **first, seen="1").status_code == 302, "pressed twice"
    later = written(q0_key="beskedet", q4_key="vatten", q0_label_sv="Bos")
    response = send(anna, edit, **later, seen="1")
    assert response.status_code == 409
    assert "Ingenting är sparat" in response.text
    assert 'value="Bos"' in response.text, "what was typed stays"
    assert len(questionnaires.versions_of(made.db, "vattnet-i-an")) == 2
    assert 'name="seen" value="2"' in response.text
    assert send(anna, edit, **later, seen="2").location.startswith("/questionnaires/vattnet-i-an/3")

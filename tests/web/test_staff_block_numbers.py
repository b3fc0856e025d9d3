import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from made_up import NOW, MadeUp
from visitors import NAME, Clock, Visitor

from appliance.custody import opt_outs
from appliance.store import interviews
from appliance.store.opt_outs import Change, contains, count, last
from appliance.types import Outcome

Page = Callable[[str], str]
NUMBER, E164 = "070-174 06 05", "+46701740605"


def post(anna: Visitor, path: str, **form: object) -> str:
    """The page that the browser comes to."""
    response = anna.client.post(f"/opt-outs/{path}", data={"csrf_token": anna.token("/opt-outs"), **form})
    if response.status_code == 302:
        assert response.location == "/opt-outs"
        response = anna.client.get(response.location)
    assert response.status_code in {200, 422}
    return response.text.replace("\N{NO-BREAK SPACE}", " ")


def of(made: MadeUp, number: str = E164) -> Change | None:
    return last(made.db, made.hash_of(number))


@pytest.mark.parametrize("written", [NUMBER, "0701740605", "+46 70 174 06 05", "0046701740605"])
def test_a_number_is_blocked_at_once_with_the_user_s_name_on_record(anna: Visitor, made: MadeUp, written: str) -> None:
    assert "Numret är spärrat." in post(anna, "block", number=written)
    assert of(made) == Change(made.hash_of(E164), NOW, True, "staff", NAME)
    assert "Numret var spärrat sedan tidigare." in post(anna, "block", number=written)


def test_who_waits_to_be_rung_is_called_off(anna: Visitor, made: MadeUp) -> None:
    waiting = made.queued()
    number_hash = made.db.execute("SELECT number_hash FROM interviews").fetchone()[0]
    assert number_hash == made.hash_of(E164)
    post(anna, "block", number=NUMBER)
    assert interviews.outcome_of(made.db, waiting) == ("over", Outcome.OPTED_OUT)
    assert made.db.execute("SELECT number_sealed FROM interviews").fetchone() == (None,)


@pytest.mark.parametrize("path", ["block", "look-up"])
@pytest.mark.parametrize("written", ["", "anna", "112", "0900123", "+47 22 22 22 22", "1234"])
def test_what_is_no_number_is_said_beside_the_field(anna: Visitor, made: MadeUp, path: str, written: str) -> None:
    text = post(anna, path, number=written)
    assert "Vi kan inte läsa det som ett svenskt telefonnummer. Inget är spärrat." in text
    assert 'aria-invalid="true"' in text
    assert count(made.db) == 0


def test_a_number_is_looked_up(anna: Visitor, made: MadeUp) -> None:
    assert "Nej, numret är inte spärrat." in post(anna, "look-up", number=NUMBER)
    opt_outs.add(made.db, made.keys, made.hash_of(E164), "call", NOW)
    text = post(anna, "look-up", number=NUMBER)
    assert "Ja, numret är spärrat." in text
    assert "av medborgaren i samtalet" in text


def test_a_block_is_lifted_in_two_steps_and_on_record(anna: Visitor, made: MadeUp, clock: Clock) -> None:
    opt_outs.add(made.db, made.keys, made.hash_of(E164), "call", NOW)
    clock.wait(minutes=1)
    found = re.search(r'name="number_hash" value="([0-9a-f]{64})"', post(anna, "look-up", number=NUMBER))
    assert found
    asked = post(anna, "lift", number_hash=found[1])
    assert "Häv spärren?" in asked
    assert contains(made.db, made.hash_of(E164))
    assert "Kryssa i att medborgaren själv har bett om det." in post(anna, "lift", number_hash=found[1], asked="1")
    assert contains(made.db, made.hash_of(E164))
    assert "Spärren är hävd." in post(anna, "lift", number_hash=found[1], asked="1", wished="1")
    assert of(made) == Change(made.hash_of(E164), NOW + timedelta(minutes=1), False, "staff", NAME)
    assert "Inget har ändrats" in post(anna, "lift", number_hash=found[1], asked="1", wished="1")
    assert "En spärr hävdes" in post(anna, "look-up", number=NUMBER)


@pytest.mark.parametrize("number_hash", ["", "x", "00", "f" * 64, "å"])
def test_a_block_that_is_none_cannot_be_lifted(anna: Visitor, made: MadeUp, number_hash: str) -> None:
    assert "Inget har ändrats" in post(anna, "lift", number_hash=number_hash, wished="1")


def test_a_pasted_list_is_blocked_and_told_without_its_content(anna: Visitor, made: MadeUp) -> None:
    opt_outs.add(made.db, made.keys, made.hash_of("+46701740606"), "call", NOW)
    text = post(anna, "list", numbers="070-174 06 05\nhemligt\n070-174 06 06\r\n\n12;\n")
    assert "Nya spärrar: 1. Redan spärrade: 1." in text
    assert "2 rader kunde inte läsas som telefonnummer: rad 2, 5" in text
    assert "hemligt" not in text
    change = of(made)
    assert change is not None
    assert (change.source, change.changed_by) == ("list", NAME)


def upload(anna: Visitor, content: bytes, pasted: bytes = b"") -> str:
    """As a browser sends a file; the test client's own way would go by a file on the disk."""
    fields = [
        (b'name="csrf_token"', anna.token("/opt-outs").encode()),
        (b'name="file"; filename="l.csv"', content),
        (b'name="numbers"', pasted),
    ]
    parts = [b"--part\r\nContent-Disposition: form-data; " + name + b"\r\n\r\n" + value for name, value in fields]
    body = b"\r\n".join([*parts, b"--part--", b""])
    response = anna.client.post("/opt-outs/list", data=body, content_type="multipart/form-data; boundary=part")
    assert response.location == "/opt-outs"
    return anna.client.get(response.location).text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_file_is_blocked_though_it_is_larger_than_any_other_form_and_touches_no_disk(
    anna: Visitor, made: MadeUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", None)
    row = "Ett ganska långt namn på en medborgare;070-174 06 05;Exempelköping\n"
    content = (row * 20_000).encode("cp1252")
    assert len(content) > 1_000_000
    text = upload(anna, content)
    assert "1 nummer på 20 000 rader." in text
    assert "Dubbletter i listan: 19 999." in text
    assert "Nya spärrar: 0. Redan spärrade: 1." in post(anna, "list", numbers="070-174 06 05\n" * 20_000)


def test_a_file_and_a_pasted_list_are_both_blocked(anna: Visitor, made: MadeUp) -> None:
    text = upload(anna, b"070-174 06 05\nx\n", b"070-174 06 06\n070-174 06 07\n")
    assert contains(made.db, made.hash_of(E164))
    assert contains(made.db, made.hash_of("+46701740606"))
    assert "Filen är inläst" in text
    assert "rad 2" in text
    assert "Det inklistrade är inläst" in text
    assert "2 nummer på 2 rader." in text


def test_what_was_done_is_told_once_and_no_number_is_in_the_session(anna: Visitor, page: Page) -> None:
    lines = "\n".join(["070-174 06 77", *["x"] * 30])
    for path, form in [("block", {"number": "070-174 06 77"}), ("list", {"numbers": lines})]:
        response = anna.client.post(f"/opt-outs/{path}", data={"csrf_token": anna.token("/opt-outs"), **form})
        assert response.status_code == 302
        with anna.client.session_transaction() as session:
            assert not re.search(r"\d{5}", f"{session['opt_outs']}")
        assert 'role="status"' in page("/opt-outs")
        assert 'role="status"' not in page("/opt-outs")


@pytest.mark.parametrize("path", ["block", "look-up", "lift", "list"])
def test_whoever_reloads_an_answer_or_changes_its_language_comes_back_to_the_page(anna: Visitor, path: str) -> None:
    response = anna.client.get(f"/opt-outs/{path}?lang=en", follow_redirects=True)
    assert (response.status_code, response.request.path) == (200, "/opt-outs")
    assert "Block a number" in response.text


def test_nothing_else_takes_a_large_form(anna: Visitor) -> None:
    token = anna.token("/opt-outs")
    for path in ("/opt-outs/block", "/logout"):
        data = {"csrf_token": token, "number": "0" * 100_000}
        assert anna.client.post(path, data=data).status_code == 413, path
    too_much = {"csrf_token": token, "numbers": "0" * 3_000_000}
    assert anna.client.post("/opt-outs/list", data=too_much).status_code == 413


def test_a_stranger_s_large_list_is_not_read(app: Flask) -> None:
    response = app.test_client().post("/opt-outs/list", data={"numbers": "070-174 06 05\n" * 50_000})
    assert response.status_code == 302


def test_an_empty_list_is_said_so(anna: Visitor) -> None:
    assert "Välj en fil eller klistra in en lista." in post(anna, "list", numbers="  \n")


def test_counts_are_shown_by_month_and_source_and_never_a_number(anna: Visitor, made: MadeUp, page: Page) -> None:
    for last_digits, (source, days) in enumerate({"call": 0, "staff": 0, "list": 40, "console": 400}.items()):
        moment = NOW - timedelta(days=days)
        opt_outs.add(made.db, made.keys, made.hash_of(f"+467017406{last_digits + 10}"), source, moment, "bo")
    opt_outs.add(made.db, made.keys, made.hash_of("+46701740620"), "letter", NOW)
    text = page("/opt-outs")
    assert "5 nummer är spärrade." in text
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', text)
    found = {month: [int(cell) for cell in re.findall(r">(\d+)<", cells)] for month, cells in rows}
    assert found == {"november 2026": [1, 1, 0, 1], "oktober 2026": [0, 0, 1, 0], "oktober 2025": [0, 0, 0, 1]}
    assert not re.search(r"\d{5}", re.sub(r"<input[^>]*>|<p class=\"note\".*?</p>", "", text))


def test_no_number_that_was_written_comes_back(anna: Visitor) -> None:
    for path in ("block", "look-up", "block"):
        assert not re.search(r"06[ -]?77", post(anna, path, number="070-174 06 77"))


@pytest.mark.parametrize("written", ["070-174 06 77 (mobil)", "070-174 06 77 8", "0701740677;Anna"])
@pytest.mark.parametrize("path", ["block", "look-up", "list"])
def test_nor_does_one_that_was_refused(anna: Visitor, path: str, written: str) -> None:
    text = post(anna, path, number=written, numbers=written)
    assert not re.search(r"06[ -]?77", text)


def test_in_english(anna: Visitor, page: Page) -> None:
    page("/opt-outs?lang=en")
    assert "The number is blocked." in post(anna, "block", number=NUMBER)
    assert "November 2026" in page("/opt-outs")

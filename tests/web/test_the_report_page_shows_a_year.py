import json
from collections.abc import Callable
from datetime import UTC, datetime

from made_up import MadeUp
from visitors import Visitor

from appliance.types import Area, Tonality

Read = Callable[[str], str]


def test_the_menu_leads_to_this_year(made: MadeUp, page: Read) -> None:
    assert "<h1>Exempelköping 2026: vad medborgarna tyckte</h1>" in page("/report")


def test_the_years_go_back_to_the_first_contact(made: MadeUp, page: Read) -> None:
    made.contact(datetime(2024, 3, 1, tzinfo=UTC))
    html = page("/report/2025")
    assert [year for year in range(2020, 2030) if f'href="/report/{year}"' in html] == [2024, 2025, 2026]
    assert 'href="/report/2025" aria-current="true"' in html


def test_the_page_and_the_files_say_the_same(made: MadeUp, anna: Visitor, page: Read) -> None:
    for _ in range(7):
        made.comment(opinions=[(Area.OVERALL, Tonality.SKEPTICAL)])
    assert "skeptisk 100 %, positiv 0 %; 7 kommentarer" in page("/report/2026")
    document = anna.client.get("/report/2026.json")
    assert document.headers["Content-Disposition"] == "attachment; filename=efterklang-2026.json"
    assert json.loads(document.text)["areas"][4]["n"] == 7
    file = anna.client.get("/report/2026.html")
    assert "skeptisk 100" in file.text
    assert "<style>" in file.text


def test_a_year_that_is_none_is_no_page(anna: Visitor) -> None:
    for address in ("/report/0", "/report/9999", "/report/10000000", "/report/abc", "/report/-1"):
        assert anna.client.get(address).status_code == 404, address

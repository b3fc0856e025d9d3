import re
from collections.abc import Callable
from datetime import timedelta

from made_up import NOW, MadeUp

from appliance.types import AnswerKind, Area, Outcome, Tonality

Read = Callable[[str], str]
NEGATIVE = [(Area.WAITING_TIME, Tonality.NEGATIVE)]
POSITIVE = [(Area.WAITING_TIME, Tonality.POSITIVE)]


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def section(html: str, name: str) -> str:
    found = re.search(rf'<section[^>]* id="{name}".*?</section>', html, re.DOTALL)
    assert found, name
    return found[0]


def test_the_funnel_from_call_to_comment(made: MadeUp, page: Read) -> None:
    for _ in range(10):
        made.contact()
    for outcome in [Outcome.COMPLETED] * 4 + [Outcome.NO_START] * 2 + [Outcome.NO_ANSWER] * 3:
        made.ended(outcome)
    made.comment()
    told = text_of(section(page("/"), "funnel"))
    assert "20 samtal till oss 10 drogs i urvalet 50 % av samtalen 10 ringdes upp 100 % av urvalet" in told
    assert "7 lyfte luren 70 % av uppringda 5 svarade 71 % av nådda 1 lämnade kommentar 20 % av svarande" in told
    assert "Inget svar 3" in told


def test_an_area_as_a_picture_and_as_a_table_with_the_same_numbers(made: MadeUp, page: Read) -> None:
    for opinions in [POSITIVE] * 3 + [NEGATIVE] * 5:
        made.comment(opinions=opinions)
    areas = section(page("/"), "areas")
    picture = re.search(r"<svg.*?</svg>", areas, re.DOTALL)
    assert picture
    assert "<title" in picture[0]
    assert "negativ 62 %, skeptisk 0 %, positiv 38 %; 8 kommentarer" in text_of(picture[0])
    assert re.findall(r'width="([\d.]+)%"', picture[0])[1:] == ["62.500", "37.500"]
    row = re.search(r"<tr><th[^>]*>Väntetid</th>.*?</tr>", areas, re.DOTALL)
    assert row
    assert text_of(row[0]).startswith("Väntetid 62 % 31–86 % 0 % 0–32 % 38 % 14–69 % 8")
    assert areas.count("färre än fem kommentarer, visas inte") == 2 * (len(Area) - 1)


def test_a_question_s_mean_distribution_and_number(made: MadeUp, page: Read) -> None:
    for value in (5, 5, 4, 3, 1):
        made.ended(given={"treatment": value, "got_answer": 1 if value > 3 else 2})
    made.ended(given={"treatment": AnswerKind.NO_OPINION})
    questions = section(page("/"), "questions")
    told = text_of(questions)
    assert "Bemötandet Bemötandet 1: 1, 2: 0, 3: 1, 4: 1, 5: 2" in told
    assert "3,6" in told
    assert "60 %" in told
    assert "Bemötandet 1 0 1 1 2 1 0" in told


def test_a_certain_change_is_news_with_a_link_to_the_comments_behind_it(made: MadeUp, page: Read) -> None:
    for opinions, days in ((NEGATIVE, 1), (POSITIVE, 8)):
        for _ in range(20):
            made.comment(opinions=opinions, at=NOW - timedelta(days=days))
    html = page("/")
    assert "<h1>Väntetiden har försämrats" in html
    assert "100 % negativa kommentarer mot 0 % de sju dagarna före (20 kommentarer mot 20" in text_of(
        section(html, "news")
    )
    assert 'href="/comments?period=week&amp;area=waiting_time&amp;tonality=negative"' in section(html, "news")
    assert "▼ +100" in section(html, "areas")


def test_without_a_certain_change_it_says_so(made: MadeUp, page: Read) -> None:
    for days in (1, 8):
        for opinions in [NEGATIVE] * 5 + [POSITIVE] * 5:
            made.comment(opinions=opinions, at=NOW - timedelta(days=days))
    html = page("/")
    assert "<h1>Inget sticker ut med säkerhet</h1>" in html
    assert "Ingen säker förändring mot de sju dagarna före." in html
    assert 'id="news"' not in html


def test_the_period_is_in_the_address(made: MadeUp, page: Read) -> None:
    for days in (0, 6, 7, 27, 28, 400):
        made.contact(NOW - timedelta(days=days))
    for address, n in (("/", 2), ("/?period=week", 2), ("/?period=month", 4), ("/?period=all", 6), ("/?period=x", 2)):
        assert text_of(section(page(address), "funnel")).startswith(f"Så många svarade {n} samtal"), address


def test_the_same_page_in_english(made: MadeUp, page: Read) -> None:
    for _ in range(5):
        made.comment()
    html = page("/?lang=en")
    assert '<html lang="en">' in html
    assert "<h1>Treatment praised</h1>" in html or "<h1>Nothing stands out for certain</h1>" in html
    assert "How many answered" in html
    assert 'lang="sv" dir="auto">det gick bra</p>' in html
    assert "How many answered" in page("/"), "the choice is remembered"
    assert "Så många svarade" in page("/?lang=sv")

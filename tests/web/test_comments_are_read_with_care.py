import re
from collections.abc import Callable

import pytest
from made_up import MadeUp
from visitors import Visitor

from appliance.types import Area, Tonality

Read = Callable[[str], str]
HOSTILE = [
    "<script>alert(1)</script>",
    "</p></section><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "{{ 7 * 7 }} {% raw %}",
    "javascript:alert(1) & <b>fet</b>",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("address", ["/", "/comments", "/live?page=overview", "/live?page=comments"])
def test_a_citizen_s_words_are_never_markup(made: MadeUp, anna: Visitor, text: str, address: str) -> None:
    made.comment(text=text, queue=text)
    response = anna.client.get(address)
    html = response.json["html"] if response.is_json else response.text
    assert html.count("alert(1)") == (2 if "alert(1)" in text else 0), "the words and the queue are shown"
    for tag in ("<script>", "<img", "<b>fet", "</section><img"):
        assert tag not in html
    assert re.search(r"<[^>]* onmouseover", html) is None
    assert "49 " not in html


def test_a_seal_that_does_not_open_is_told_and_the_rest_is_shown(made: MadeUp, page: Read) -> None:
    spoiled = made.comment("detta går inte att läsa")
    made.comment("detta går bra att läsa")
    made.db.execute("UPDATE transcripts SET text_sealed = ? WHERE comment_id = ?", (b"spoiled", spoiled))
    for address in ("/", "/comments"):
        html = page(address)
        assert "Texten kan inte öppnas" in html
        assert "detta går bra att läsa" in html


def test_an_erased_recording_takes_its_text_with_it(made: MadeUp, page: Read) -> None:
    erased = made.comment("detta är raderat")
    made.db["comments"].update(erased, {"file": None, "key_wrapped": None})
    html = page("/comments")
    assert "Texten kan inte öppnas" in html
    assert "detta är raderat" not in html


def test_the_filter_lives_in_the_address(made: MadeUp, page: Read) -> None:
    made.comment("lång kö", [(Area.WAITING_TIME, Tonality.NEGATIVE)])
    made.comment("ingen kö", [(Area.WAITING_TIME, Tonality.POSITIVE)])
    made.comment("snäll", [(Area.TREATMENT, Tonality.POSITIVE)])
    shown = {
        "/comments": {"lång kö", "ingen kö", "snäll"},
        "/comments?area=waiting_time": {"lång kö", "ingen kö"},
        "/comments?tonality=positive": {"ingen kö", "snäll"},
        "/comments?area=waiting_time&tonality=negative": {"lång kö"},
        "/comments?area=overall": set(),
        "/comments?area=nonsense&older=x": {"lång kö", "ingen kö", "snäll"},
    }
    for address, texts in shown.items():
        assert set(re.findall(r'lang="sv" dir="auto">([^<]+)</p>', page(address))) == texts, address
    assert "Inga kommentarer stämmer med urvalet." in page("/comments?area=overall")


def test_a_filter_s_links_keep_the_other_choices(made: MadeUp, page: Read) -> None:
    html = page("/comments?area=waiting_time&period=all&older=7")
    assert 'href="/comments?area=waiting_time&amp;period=all&amp;tonality=negative"' in html
    assert 'href="/comments?area=waiting_time&amp;period=all&amp;older=7&amp;lang=en"' in html


def test_a_long_list_goes_on_at_older_ones(made: MadeUp, page: Read) -> None:
    for number in range(35):
        made.comment(f"kommentar nummer {number}")
    first = page("/comments")
    assert first.count("<article") == 30
    assert "35 kommentarer" in first
    older = re.search(r'id="older" href="([^"]+)"', first)
    assert older
    second = page(older[1].replace("&amp;", "&"))
    assert second.count("<article") == 5
    assert "kommentar nummer 0" in second
    assert 'id="older"' not in second

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from made_up import NOW, MadeUp
from visitors import Clock, Visitor

from appliance.store import draws
from appliance.types import DrawReason
from appliance.web.funnel_view import STEPS, _steps

Read = Callable[[str], str]
SWEDISH = {
    DrawReason.ANONYMOUS: "Dolt nummer",
    DrawReason.NOT_DRAWN: "Lotten föll inte på samtalet",
    DrawReason.QUOTA_FULL: "Det var fullt",
}


def fill(made: MadeUp) -> None:
    """23 contacts with their reasons, of which one queue has three; and two kinds that are none."""
    for reason, count in ((DrawReason.ANONYMOUS, 4), (DrawReason.NOT_DRAWN, 9), (DrawReason.QUOTA_FULL, 2)):
        for _ in range(count):
            made.contact(reason=reason)
    for _ in range(5):
        made.contact(reason=DrawReason.QUEUED, queue="Bygg & bo")
    for _ in range(3):
        made.contact(reason=DrawReason.TOO_SHORT, queue="Hemlig kö")
    made.contact(reason=DrawReason.TRANSFERRED)
    for _ in range(2):
        made.contact(reason=DrawReason.TEST_CALL)


def plain(html: str) -> str:
    """The text as one reads it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("&amp;", "&")


def row(html: str, name: str) -> list[str]:
    """The cells of the table row that begins with a name."""
    (found,) = re.findall(rf"<tr[^>]*><th[^>]*>(?:<b>)?{name}.*?</tr>", html, re.DOTALL)
    return [plain(cell).strip() for cell in re.findall(r"<td.*?</td>", found, re.DOTALL)]


def test_every_step_has_its_count_its_share_and_what_is_left(made: MadeUp, page: Read) -> None:
    fill(made)
    html = page("/selection")
    assert "<h1>Av 23 avslutade samtal valdes 5 ut att ringas upp</h1>" in html
    assert "16 hade kunnat ringas upp, och lotten föll på 7 av dem" in html
    assert row(html, "Alla avslutade samtal") == ["", "", "23"]
    assert row(html, "Dolt nummer") == ["4", "17 %", "19"]
    assert row(html, "För kort samtal") == ["3", "13 %", "16"]
    assert row(html, "Kunde ringas upp") == ["", "70 %", "16"]
    assert row(html, "Lotten föll inte på samtalet") == ["9", "39 %", "7"]
    assert row(html, "Det var fullt") == ["2", "9 %", "5"]
    assert row(html, "Rings upp") == ["", "22 %", "5"]


@given(counts=st.dictionaries(st.sampled_from((*STEPS, DrawReason.QUEUED)), st.integers(0, 10_000)))
def test_the_steps_and_those_rung_add_up_to_all(counts: dict[DrawReason, int]) -> None:
    steps = _steps(Counter(counts))
    assert sum(step.count for step in steps) + counts.get(DrawReason.QUEUED, 0) == sum(counts.values())
    assert steps[-1].left == counts.get(DrawReason.QUEUED, 0)
    assert [step.left for step in steps] == sorted((step.left for step in steps), reverse=True)


def test_the_steps_are_all_reasons_in_the_funnel_s_order() -> None:
    outside = {DrawReason.QUEUED, DrawReason.TRANSFERRED, DrawReason.TEST_CALL}
    assert list(STEPS) == [reason for reason in DrawReason if reason not in outside]


def test_what_is_no_ended_contact_is_named_apart(made: MadeUp, page: Read) -> None:
    fill(made)
    text = plain(page("/selection"))
    assert "Utanför urvalet: 1 samtal som växeln eller en handläggare kopplade direkt till enkäten." in text
    assert "Dessutom 2 testsamtal" in text


def test_a_queue_with_fewer_than_five_contacts_is_not_shown(made: MadeUp, page: Read) -> None:
    fill(made)
    html = page("/selection")
    assert row(html, "Bygg &amp; bo") == ["5", "5", "5", "5"]
    assert row(html, "Växel") == ["15", "11", "2", "0"]
    assert "Hemlig kö" not in html
    assert "1 kö med färre än fem samtal visas inte." in html


def test_each_period_is_whole_days(made: MadeUp, page: Read) -> None:
    for days in (0, 1, 1, 6, 20, 27, 28):
        made.contact(NOW - timedelta(days=days), DrawReason.QUEUED)
    counts = {}
    for period in ("today", "yesterday", "week", "month"):
        found = re.search(r"<h1>Av (\d+)", page(f"/selection?period={period}"))
        counts[period] = int(found[1]) if found else 0
    assert counts == {"today": 1, "yesterday": 2, "week": 4, "month": 6}


def test_the_present_settings_stand_beside_their_steps(made: MadeUp, page: Read) -> None:
    text = plain(page("/selection"))
    assert "Gräns: 15 sekunder." in text
    assert "Ord i köns namn: socialtjänst, skyddade, skolhälsa, elevhälsa, våld i nära." in text
    assert "Nu: 90 dagar." in text
    assert "Nu: 25 %." in text
    assert "Nu: inget tak." in text


def test_an_empty_page_says_what_will_be_here(made: MadeUp, page: Read) -> None:
    html = page("/selection")
    assert "<h1>Inga avslutade samtal</h1>" in html
    assert "så snart växeln har rapporterat" in html
    assert "inte gjort än" in html


def test_today_s_and_tomorrow_s_seed_are_shown_as_hashes_only(made: MadeUp, page: Read) -> None:
    today = draws.prepare(made.db, NOW.date(), NOW - timedelta(days=1))
    tomorrow = draws.prepare(made.db, NOW.date() + timedelta(days=1), NOW)
    html = page("/selection")
    text = plain(html)
    assert f"I dag, 2026-11-21 {today.seed_hash} gjort i går 15:32." in text
    assert f"I morgon, 2026-11-22 {tomorrow.seed_hash} gjort i dag 15:32." in text
    assert today.seed.hex() not in html


def test_english_has_the_same_figures(made: MadeUp, anna: Visitor) -> None:
    fill(made)
    anna.client.get("/selection?lang=en")
    html = anna.client.get("/selection").text
    assert "<h1>Of 23 ended calls 5 were chosen to be rung</h1>" in html
    assert row(html, "Not drawn")[0] == "9"


def test_the_page_follows_the_data_by_itself(made: MadeUp, anna: Visitor, clock: Clock) -> None:
    version = anna.client.get("/live?page=selection&version=").json["version"]
    assert anna.client.get("/live", query_string={"page": "selection", "version": version}).json["html"] is None
    fill(made)
    html = anna.client.get("/live", query_string={"page": "selection", "version": version}).json["html"]
    assert "Av 23 avslutade samtal" in html
    assert "<form" not in html, "what somebody is writing is left alone"

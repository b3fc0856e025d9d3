import json
from collections.abc import Iterator

import pytest
from browser import Tab, new_tab
from made_up import MadeUp
from playwright.sync_api import Browser, Route, expect

from appliance.types import Area, Tonality

SOON_MS = 15_000


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Tab]:
    tab = new_tab(browser, address)
    tab.log_in()
    yield tab
    tab.page.context.close()


def test_a_comment_arrives_by_itself(live_made: MadeUp, tab: Tab) -> None:
    expect(tab.page.locator("h1")).to_have_text("Inga samtal än")
    live_made.comment("kön var lång <b>men</b> hon var snäll", [(Area.WAITING_TIME, Tonality.NEGATIVE)])
    row = tab.page.locator("#latest article").first
    expect(row).to_contain_text("kön var lång <b>men</b> hon var snäll", timeout=SOON_MS)
    expect(row.locator(".tag.negative")).to_contain_text("Väntetid, negativ")
    expect(tab.page.locator("#funnel li").first).to_have_text("1 samtal till oss")
    assert tab.complaints == []
    assert tab.foreign == []


def test_focus_and_open_tables_survive_an_update(live_made: MadeUp, tab: Tab) -> None:
    for _ in range(6):
        live_made.comment("en kommentar")
        live_made.ended(given={"treatment": 4})
    page = tab.page
    expect(page.locator("#questions")).to_contain_text("Bemötandet", timeout=SOON_MS)
    page.locator("#questions-summary").click()
    page.locator("#all-comments").focus()
    live_made.comment("och en till")
    live_made.ended(given={"treatment": 1})
    expect(page.locator("#latest article").first).to_contain_text("och en till", timeout=SOON_MS)
    assert page.evaluate("document.activeElement.id") == "all-comments"
    assert page.evaluate("document.querySelector('#questions-table').open") is True
    assert tab.complaints == []


def test_the_line_one_reads_stays_where_it_is(live_made: MadeUp, tab: Tab) -> None:
    ids = [live_made.comment(f"kommentar {number}") for number in range(20)]
    tab.open("/comments")
    where = f"document.getElementById('comment-{ids[8]}').getBoundingClientRect().top"
    tab.page.evaluate(f"scrollBy(0, {where} - 100)")
    before = tab.page.evaluate(where)
    live_made.comment("den nyaste " * 30)
    expect(tab.page.locator("article").first).to_contain_text("den nyaste", timeout=SOON_MS)
    assert tab.page.evaluate(where) == pytest.approx(before, abs=2)


def test_what_is_being_selected_is_left_alone(live_made: MadeUp, tab: Tab) -> None:
    live_made.comment("det här vill jag kopiera")
    words = tab.page.get_by_text("det här vill jag kopiera")
    expect(words).to_be_visible(timeout=SOON_MS)
    words.select_text()
    live_made.comment("en ny kommentar")
    expect(tab.page.locator("#funnel li").first).to_have_text("2 samtal till oss", timeout=SOON_MS)
    assert tab.page.evaluate("getSelection().toString()") == "det här vill jag kopiera"
    tab.page.evaluate("getSelection().removeAllRanges()")
    expect(tab.page.get_by_text("en ny kommentar")).to_be_visible(timeout=SOON_MS)


def test_the_page_says_when_the_box_cannot_be_reached(tab: Tab) -> None:
    status = tab.page.locator("#live-status")
    expect(status).to_contain_text("uppdaterad")
    tab.page.context.set_offline(True)
    expect(status).to_contain_text("ingen kontakt, visar läget", timeout=SOON_MS)
    tab.page.context.set_offline(False)
    expect(status).to_contain_text("uppdaterad", timeout=SOON_MS)


def test_a_log_out_is_announced_and_can_be_put_off(tab: Tab) -> None:
    """The server's answer is made up here, for nobody waits 13 minutes; what the page does with it is real."""
    answers = [
        json.dumps({"version": "1", "html": None, "clock": "12:00:00", "seconds_left": left}) for left in (90, 900)
    ]
    asked: list[str | None] = []

    def answer(route: Route) -> None:
        asked.append(route.request.headers.get("x-active"))
        route.fulfill(body=answers[1 if asked[-1] else 0], content_type="application/json")

    tab.page.route("**/live?*", answer)
    warning = tab.page.get_by_role("alert")
    expect(warning).to_contain_text("Du loggas snart ut", timeout=SOON_MS)
    asked.clear()
    warning.get_by_role("button", name="Jag är kvar").click()
    expect(warning).to_be_hidden(timeout=SOON_MS)
    assert asked[0] == "1"


def test_it_all_reads_without_scripts(live_made: MadeUp, browser: Browser, address: str) -> None:
    live_made.comment("utan skript")
    tab = new_tab(browser, address, has_scripts=False)
    tab.log_in()
    expect(tab.page.get_by_text("utan skript")).to_be_visible()
    tab.page.get_by_role("link", name="In English").click()
    expect(tab.page.get_by_role("heading", name="Latest comments")).to_be_visible()
    tab.page.get_by_role("button", name="Log out anna").click()
    expect(tab.page.get_by_role("heading", name="Log in")).to_be_visible()
    tab.page.context.close()


def test_the_whole_way_goes_by_keyboard(live_made: MadeUp, browser: Browser, address: str) -> None:
    live_made.comment("med tangenter")
    tab = new_tab(browser, address)
    tab.open("/login")
    expect(tab.page.locator("#name")).to_be_focused()
    tab.page.keyboard.type("anna")
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.type("tre trappor upp")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("#live")
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.activeElement.textContent") == "Hoppa till innehållet"
    tab.page.keyboard.press("Enter")
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.activeElement.id") == "period-week"
    tab.page.context.close()

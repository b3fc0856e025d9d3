import pytest
from browser import Tab, new_tab
from made_up import MadeUp
from playwright.sync_api import Browser

from appliance.store.opt_outs import contains

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="run: pip install -e '.[test]'")

NUMBER, E164 = "070-174 06 05", "+46701740605"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def go_the_round(tab: Tab, seen: list[str], *, has_scripts: bool) -> None:
    """Block, block a list, look up, lift: what stands on the page after each step is appended."""
    page = tab.page

    def note(where: str) -> None:
        page.wait_for_load_state()
        seen.append(page.inner_text("main"))
        found = axe.Axe().run(page, options=RULES).response if has_scripts else {"violations": []}
        assert [f"{one['id']}: {one['help']}" for one in found["violations"]] == [], where
        assert not has_scripts or page.evaluate("document.documentElement.scrollWidth") <= 390

    tab.open("/opt-outs")
    note("empty")
    page.fill("#block-number", "1")
    page.press("#block-number", "Enter")
    note("fault")
    page.fill("#block-number", NUMBER)
    page.press("#block-number", "Enter")
    note("blocked")
    page.set_input_files("#file", {"name": "l.csv", "mimeType": "text/csv", "buffer": f"{NUMBER}\nx\n".encode()})
    page.click("section[aria-labelledby=list-title] button")
    note("list")
    page.go_back()
    page.go_forward()
    note("again")
    page.fill("#look-up-number", NUMBER)
    page.press("#look-up-number", "Enter")
    note("found")
    top = "document.querySelector('.notice:not([hidden])').getBoundingClientRect().bottom < innerHeight"
    assert not has_scripts or page.evaluate(top), "the answer is on the screen"
    page.click("button.second")
    note("asked")
    page.click("main form button")
    note("not ticked")
    page.check("[name=wished]")
    page.click("main form button")
    note("lifted")


@pytest.mark.parametrize("has_scripts", [True, False])
def test_on_a_telephone_with_and_without_scripts(
    browser: Browser, address: str, live_made: MadeUp, has_scripts: bool
) -> None:
    tab = new_tab(browser, address, width=390, has_scripts=has_scripts)
    tab.log_in()
    seen: list[str] = []
    go_the_round(tab, seen, has_scripts=has_scripts)
    told = ["0 nummer", "kan inte läsa", "är spärrat", "rad 2", "1 nummer är spärrat"]
    told += ["Ja, numret", "Häv spärren?", "Kryssa i", "är hävd"]
    for expected, text in zip(told, seen, strict=True):
        assert expected in text.replace("\N{NO-BREAK SPACE}", " ")
    assert not contains(live_made.db, live_made.hash_of(E164))
    assert [text for text in tab.complaints if "422" not in text] == []
    assert tab.foreign == []
    tab.page.context.close()

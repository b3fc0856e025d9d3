from collections.abc import Iterator
from datetime import timedelta

import pytest
from browser import new_tab
from made_up import MadeUp
from playwright.sync_api import Browser, Page
from served import serving

from appliance.types import Area, Doubt, Tonality

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="run: pip install -e '.[test]'")

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PATHS = [
    "/",
    "/?period=month",
    "/comments",
    "/comments?area=overall",
    "/report",
    "/calling",
    "/selection",
    "/selection?period=today",
    "/opt-outs",
    "/nowhere",
]
WIDTHS = [1280, 390, 320]


@pytest.fixture
def address(live_made: MadeUp) -> Iterator[str]:
    """Enough of everything for each part of the pages to show, certain changes too."""
    now = live_made.now
    for area in list(Area)[:4]:
        for tonality in [Tonality.POSITIVE, Tonality.SKEPTICAL, *[Tonality.NEGATIVE] * 4]:
            live_made.comment(opinions=[(area, tonality)], at=now - timedelta(hours=1))
    for value, days in ((1, 1), (5, 8)):
        for _ in range(12):
            live_made.ended(at=now - timedelta(days=days), given={"treatment": value, "got_answer": 1})
    live_made.live(now)
    live_made.comment(words=[("bygglov", 0.1), ("i", 0.9), ("Krok" * 40, 0.2)], doubts=frozenset(Doubt))
    for language in ("en", "ar", "qq"):
        live_made.comment("said in another language", opinions=(), language=language)
    live_made.recorded(now)
    live_made.db["comments"].update(live_made.recorded(now), {"state": "parked", "fault": "some reason"})
    with serving(live_made.directory) as address:
        yield address


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(browser: Browser, address: str, width: int) -> None:
    tab = new_tab(browser, address, width=width)
    tab.open("/login")
    _check(tab.page, f"{width} /login")
    tab.log_in()
    for path in PATHS:
        tab.open(path)
        for summary in tab.page.locator("summary").all():
            summary.click()
        _check(tab.page, f"{width} {path}")
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert tab.foreign == []
    assert [text for text in tab.complaints if "404" not in text] == []
    tab.page.context.close()


def _check(page: Page, where: str) -> None:
    found = axe.Axe().run(page, options=RULES).response
    assert len(found["passes"]) > 10, "axe has looked"
    told = [f"{one['id']}: {one['help']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]
    assert told == [], where

"""In a real browser: written, given its recordings, and scheduled without scripts; axe finds nothing on the way."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from browser import Tab, new_tab
from made_up import MadeUp
from playwright.sync_api import Browser
from served import serving

from appliance.sound import write_wav
from appliance.store import schedule
from appliance.survey.voices import tone

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="run: pip install -e '.[test]'")

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SOON = f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%dT%H:%M}"
WIDTHS = [1280, 390, 320]


@pytest.fixture
def address(live_made: MadeUp) -> Iterator[str]:
    for queue in ("Växel", "Vatten & avlopp", "V" * 60):
        for _ in range(5):
            live_made.contact(queue=queue)
    with serving(live_made.directory) as address:
        yield address


def test_from_an_empty_form_to_a_period(browser: Browser, address: str, live_made: MadeUp, tmp_path: Path) -> None:
    tab = new_tab(browser, address, has_scripts=False)
    tab.log_in()
    page = tab.page
    tab.open("/questionnaires")
    page.click("text=Skriv en ny enkät")
    page.fill("#title", "Vattnet i ån")
    page.fill("#q0_label_sv", "Beskedet")
    page.fill("#q0_text_sv", "Hur bra var beskedet?")
    page.click("text=Spara och lyssna")
    assert page.text_content("#q0_text_sv-fault") == "Säg skalan i frågan, med siffrorna 1 och 5."
    page.fill("#q0_text_sv", "Hur bra var beskedet? Svara från 1 till 5.")
    page.click("text=Spara och lyssna")
    write_wav(tmp_path / "own.wav", np.tile(tone(440, 1), 3))
    page.click("summary:has-text('Lägg in en egen inspelning')")
    page.set_input_files("input[type=file]", tmp_path / "own.wav")
    page.click("button:has-text('Lägg in')")
    assert "Alla frågor har ljud." in page.content()
    page.fill("#ends", SOON)
    page.check("#whom-some")
    page.check("input[value='Vatten & avlopp']")
    page.click("button:has-text('Schemalägg')")
    assert "Ställs nu" in page.content()
    assert [one.queues for one in schedule.everything(live_made.db)] == [("Vatten & avlopp",)]
    page.click("summary:has-text('Dra tillbaka')")
    page.click("button:has-text('Ja, dra tillbaka')")
    assert "Ingenting är schemalagt." in page.content()
    assert tab.foreign == []
    page.context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(browser: Browser, address: str, width: int) -> None:
    tab = new_tab(browser, address, width=width)
    tab.log_in()
    page = tab.page
    tab.open("/questionnaires/new")
    _check(tab, width)
    page.click("text=Spara och lyssna")
    _check(tab, width)
    page.fill("#title", "Vattnet i ån")
    page.fill("#q0_label_sv", "Beskedet")
    page.fill("#q0_text_sv", "Hur bra var beskedet? Svara från 1 till 5.")
    page.click("text=Spara och lyssna")
    _check(tab, width)
    page.fill("#ends", "2020-01-01T12:00")
    page.click("button:has-text('Schemalägg')")
    _check(tab, width)
    page.fill("#ends", SOON)
    page.click("button:has-text('Schemalägg')")
    for path in ("/questionnaires", "/questionnaires?lang=en", "/"):
        tab.open(path)
        _check(tab, width)
    assert tab.foreign == []
    assert [text for text in tab.complaints if "422" not in text] == []
    page.context.close()


def _check(tab: Tab, width: int) -> None:
    for summary in tab.page.locator("details:not([open]) > summary").all():
        if summary.is_visible():
            summary.click()
    found = axe.Axe().run(tab.page, options=RULES).response
    told = [f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]
    assert told == [], tab.page.url
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= width, tab.page.url

from datetime import UTC, datetime
from typing import Any

import pytest
from browser import Tab, new_tab
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from made_up import MadeUp
from playwright.sync_api import Browser, expect

WRITTEN = "Hur nöjd är du? Svara från 1 till 5."


def idle(made: MadeUp, tab: Tab, seconds: int) -> None:
    """As if nobody had touched the page for so long."""
    app = Flask("signer")
    app.secret_key = made.keys.web
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer
    cookie: Any = next(one for one in tab.page.context.cookies() if one["name"] == "efterklang")
    session = {**signer.loads(cookie["value"]), "seen": int(datetime.now(UTC).timestamp()) - seconds}
    cookie["value"] = signer.dumps(session)
    tab.page.context.add_cookies([cookie])
    tab.page.clock.fast_forward(31_000)


@pytest.mark.parametrize(("path", "field"), [("/opt-outs", "#numbers"), ("/questionnaires/new", "#q0_text_sv")])
def test_it_warns_and_is_kept_and_what_is_written_stays(
    browser: Browser, address: str, live_made: MadeUp, path: str, field: str
) -> None:
    tab = new_tab(browser, address, width=390)
    tab.log_in()
    page = tab.page
    page.clock.install()
    tab.open(path)
    warning, stay = page.locator("#session-warning"), page.locator("#stay")
    idle(live_made, tab, seconds=60)
    expect(warning).to_be_hidden()
    idle(live_made, tab, seconds=14 * 60)
    expect(warning).to_contain_text("Du loggas snart ut")
    stay.click()
    expect(warning).to_be_hidden()
    page.fill(field, WRITTEN)
    idle(live_made, tab, seconds=16 * 60)
    expect(warning).to_contain_text("Du är utloggad, och det du har skrivit är inte sparat.")
    expect(stay).to_be_hidden()
    assert page.input_value(field) == WRITTEN
    assert [text for text in tab.complaints if "401" not in text] == []
    page.context.close()


@pytest.mark.parametrize("has_come_back_with_a_fault", [False, True])
def test_beside_a_live_part_what_is_written_stays_too(
    browser: Browser, address: str, live_made: MadeUp, has_come_back_with_a_fault: bool
) -> None:
    tab = new_tab(browser, address, width=390)
    tab.log_in()
    page = tab.page
    page.clock.install()
    tab.open("/selection")
    page.fill("#share", "140")
    if has_come_back_with_a_fault:
        page.click("form.policy button[type=submit]")
        expect(page.locator("#fault-share")).to_be_visible()
    idle(live_made, tab, seconds=16 * 60)
    expect(page.locator("#session-warning")).to_contain_text("det du har skrivit är inte sparat.")
    expect(page.locator("#stay")).to_be_hidden()
    assert page.input_value("#share") == "140"
    tab.open("/selection")
    expect(page.locator("#password")).to_be_visible()
    tab.page.context.close()


def test_a_live_page_that_nobody_writes_on_asks_for_the_log_in(
    browser: Browser, address: str, live_made: MadeUp
) -> None:
    tab = new_tab(browser, address)
    tab.log_in()
    tab.page.clock.install()
    tab.open("/selection")
    idle(live_made, tab, seconds=16 * 60)
    expect(tab.page.locator("#password")).to_be_visible()
    tab.page.context.close()

from collections.abc import Iterator

import pytest
from browser import Tab, new_tab
from made_up import MadeUp
from playwright.sync_api import Browser
from served import serving
from test_every_page_is_accessible import _check

from appliance.intake.policy import current
from appliance.settings import Settings, practice_settings
from appliance.types import DrawReason

SAVE = "form.policy button[type=submit]"


@pytest.fixture
def address(live_made: MadeUp) -> Iterator[str]:
    for reason in DrawReason:
        for _ in range(6):
            live_made.contact(reason=reason)
    with serving(live_made.directory) as address:
        yield address


def opened(browser: Browser, address: str, **how: object) -> Tab:
    tab = new_tab(browser, address, **how)  # type: ignore[arg-type]
    tab.log_in()
    tab.open("/selection")
    return tab


def test_a_form_in_error_is_accessible_and_its_confirmation_too(browser: Browser, address: str) -> None:
    for width in (1280, 320):
        tab = opened(browser, address, width=width)
        tab.page.fill("#share", "140")
        tab.page.fill("#spread_over", "17-8")
        tab.page.fill("[name=quota_queue] >> nth=0", "Växel")
        tab.page.click(SAVE)
        assert tab.page.locator("#field-quotas .fault").is_visible()
        _check(tab.page, f"{width} with errors")
        tab.page.fill("#share", "14")
        tab.page.fill("#spread_over", "")
        tab.page.fill("[name=quota_queue] >> nth=0", "")
        tab.page.fill("#denied_queues", "skyddade")
        tab.page.click(SAVE)
        assert tab.page.locator("[name=confirm]").is_visible()
        _check(tab.page, f"{width} with a confirmation")
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
        assert [text for text in tab.complaints if "400" not in text] == []
        tab.page.context.close()


def test_without_scripts_a_change_is_confirmed_saved_and_taken_back(
    browser: Browser, address: str, live_made: MadeUp
) -> None:
    tab = opened(browser, address, has_scripts=False)
    settings = practice_settings(Settings())
    tab.page.fill("#denied_queues", "skyddade")
    tab.page.fill("[name=share_queue] >> nth=0", "Växel")
    tab.page.fill("[name=share_percent] >> nth=0", "12,5")
    tab.page.click(SAVE)
    tab.page.check("[name=confirm]")
    tab.page.click(SAVE)
    assert "Sparat." in tab.page.inner_text(".said")
    policy = current(live_made.db, settings)
    assert (policy.denied_queues, policy.share_of("växel")) == (("skyddade",), 0.125)
    tab.page.click("form.reset button")
    assert current(live_made.db, settings) == settings.selection()
    tab.page.context.close()

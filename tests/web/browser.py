"""Debian's Chromium, driven by Playwright; what it complains of is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from shutil import which

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from visitors import NAME, PASSWORD

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass
class Tab:
    """One tab with the page in it, logged in."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    """What stood in the console as a warning or an error, and scripts that failed."""
    foreign: list[str] = field(default_factory=list)
    """Requests to anywhere but the page's own origin."""

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def log_in(self) -> None:
        self.open("/login")
        self.page.fill("#name", NAME)
        self.page.fill("#password", PASSWORD)
        self.page.press("#password", "Enter")
        self.page.wait_for_selector("header nav")  # only somebody who is logged in has one


@contextmanager
def chromium() -> Iterator[Browser]:
    path = which("chromium")
    if path is None:
        pytest.skip("needs Chromium; run: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def new_tab(browser: Browser, address: str, *, width: int = 1280, has_scripts: bool = True) -> Tab:
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=has_scripts)
    tab = Tab(context.new_page(), address)

    def watch_console(kind: str, text: str) -> None:
        if kind in {"warning", "error"}:
            tab.complaints.append(text)

    def watch_request(url: str) -> None:
        if not url.startswith(address):
            tab.foreign.append(url)

    tab.page.on("console", lambda message: watch_console(message.type, message.text))
    tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
    tab.page.on("request", lambda request: watch_request(request.url))
    return tab

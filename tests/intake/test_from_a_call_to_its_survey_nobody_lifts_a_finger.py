"""`efterklang run` beside a real Asterisk: a citizen rings the contact center, hangs up, and is rung back and asked."""

import http.cookiejar
import re
import socket
import subprocess
import sys
import urllib.parse
import urllib.request
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pbx.asterisk import Asterisk, free_port
from pbx.baresip import missing as baresip_missing
from pbx.box import Box, wait_until
from pbx.center import Center, center
from pbx.citizens import ANSWERS, CITIZENS
from pbx.contact_center import SOCIAL_SERVICES, SWITCHBOARD
from pbx.sipp import missing as sipp_missing

from appliance.results.overview import read_overview
from appliance.store.figures import Span
from appliance.types import DrawReason, Outcome

ANSWERS_ALL, OPTS_OUT, NEVER_RUNG = (CITIZENS[name] for name in ("no_comment", "opts_out", "completes"))
LONG = 3.2
NAME, PASSWORD = "anna", "tre trappor upp"


@pytest.mark.slow
def test_from_a_call_to_the_contact_center_to_answers_on_the_page(asterisk: Asterisk, tmp_path: Path) -> None:
    if why := baresip_missing() or sipp_missing():
        pytest.skip(why)
    asterisk.listen_in()
    begun_at = datetime.now(UTC)
    options = {"dialer": {"delay_minutes": 0.05, "quiet_days": 90}, "funnel": {"min_talk_seconds": 2}, "processes": 1}
    web = {"bind": f"127.0.0.1:{free_port(socket.SOCK_STREAM)}"}
    with center(tmp_path, asterisk, whole_box=True, web=web, **options) as at_work:
        box = at_work.box
        for citizen, asked in ((NEVER_RUNG, SOCIAL_SERVICES), (OPTS_OUT, SWITCHBOARD), (ANSWERS_ALL, SWITCHBOARD)):
            at_work.call(dialled(citizen.number), asked, LONG)
        wait_until(lambda: len(box.interviews()) == 2, 20, "nobody is to be rung")
        wait_until(lambda: all(map(box.is_over, box.interviews())), 90, "the surveys do not end")
        for citizen in (OPTS_OUT, ANSWERS_ALL):
            at_work.call(dialled(citizen.number), SWITCHBOARD, LONG)
        wait_until(lambda: len(at_work.told()) == 7, 20, f"not all is told: {at_work.told()}")
        page = text_of_page(box)
        check(at_work, begun_at, page)


def check(at_work: Center, begun_at: datetime, page: str) -> None:
    """Who was rung and what became of it, by the store, by the page, and by what Asterisk has seen."""
    box = at_work.box
    assert Counter(contact.reason for contact in at_work.told()) == {
        DrawReason.QUEUED: 2,
        DrawReason.DENIED_QUEUE: 1,
        DrawReason.OWN_CALL: 2,
        DrawReason.OPTED_OUT: 1,
        DrawReason.QUIET_PERIOD: 1,
    }
    assert rung(at_work.exchange) == Counter({ANSWERS_ALL.number: 1, OPTS_OUT.number: 1})
    opted_out, answered = box.interviews()
    assert box.outcome(opted_out) is Outcome.OPTED_OUT
    assert (box.outcome(answered), box.answers(answered)) == (Outcome.COMPLETED, ANSWERS)
    funnel = read_overview(box.db, Span(begun_at, begun_at + timedelta(hours=1))).funnel
    assert (funnel.drawn, funnel.rung, funnel.reached, funnel.interviews) == (2, 2, 2, 1)
    assert "2 drogs i urvalet" in page
    assert "2 ringdes upp" in page
    assert "1 svarade" in page


def dialled(number: str) -> str:
    """As a Swedish telephone shows itself: 070…"""
    return "0" + number.removeprefix("+46")


def rung(exchange: Asterisk) -> Counter[str]:
    """Whom the box has rung and how often, by the calls that came to Asterisk."""
    invited = re.findall(r"^INVITE sip:(\+46\d+)@.*?^Call-ID: (\S+)", exchange.sip_messages(), re.MULTILINE | re.DOTALL)
    return Counter(number for number, _ in set(invited))


def text_of_page(box: Box) -> str:
    """What staff read on the first page, logged in."""
    command = [sys.executable, "-m", "appliance", "--config", str(box.config), "user", "add", NAME]
    subprocess.run(command, input=f"{PASSWORD}\n", text=True, check=True, capture_output=True)
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(cookies)
    address = f"http://{box.settings.web.bind}"

    def read(path: str, form: dict[str, str] | None = None) -> str:
        data = urllib.parse.urlencode(form).encode() if form else None
        with browser.open(f"{address}{path}", data, timeout=20) as answer:
            return str(answer.read().decode())

    token = re.search(r'name="csrf_token" value="([^"]+)"', read("/login"))
    assert token
    read("/login", {"name": NAME, "password": PASSWORD, "csrf_token": token[1]})
    return " ".join(re.sub(r"<[^>]+>", " ", read("/")).split())

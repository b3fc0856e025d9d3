"""Asterisk is started again in between, refuses the log-in, speaks TLS; and our own calls come back to us."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pbx.asterisk import Asterisk
from pbx.baresip import missing as baresip_missing
from pbx.box import Box, wait_until
from pbx.center import ami_keys, center
from pbx.citizens import CITIZENS
from pbx.contact_center import AGENT, AMI_PASSWORD, SWITCHBOARD
from pbx.sipp import missing as sipp_missing

from appliance.store import intake_sources
from appliance.store.intake_sources import SourceState
from appliance.types import DrawReason

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(baresip_missing() or sipp_missing()), reason="needs baresip and SIPp: sudo scripts/pbx"),
]

CALLER = "0701740605"
LONG = 3.2
FORWARDED = CITIZENS["silent"].number


def test_asterisk_is_started_again_in_between(fresh_asterisk: Asterisk, tmp_path: Path) -> None:
    with center(tmp_path, fresh_asterisk, funnel={"min_talk_seconds": 2}) as at_work:
        at_work.call(CALLER, SWITCHBOARD, LONG)
        wait_until(lambda: len(at_work.told()) == 1, 15)
        with at_work.caller(CALLER, SWITCHBOARD, 60):
            at_work.answered(at_work.agent, 1)
            fresh_asterisk.kill()
            at_work.agent.hang_up()
        wait_until(lambda: at_work.state() is SourceState.WAITING, 10)
        fresh_asterisk.start()
        at_work.wait_until_connected(90)
        wait_until(lambda: fresh_asterisk.contacts(AGENT) == 1, 90)
        at_work.call(CALLER, SWITCHBOARD, LONG)
        told = at_work.next_told(1)
        assert [contact.reason for contact in told] == [DrawReason.QUEUED], "the call that was cut is on no record"
        assert "what ended since" in at_work.box.said()


def test_a_refused_log_in_is_one_state_and_one_try(
    asterisk: Asterisk, box_on: Callable[..., Box], tmp_path: Path
) -> None:
    box = box_on(asterisk, ami=ami_keys(tmp_path, asterisk, password="fel"))
    with box.process("intake"):
        wait_until(lambda: source_state(box) is SourceState.REFUSED, 30)
        time.sleep(5)
    said = (asterisk.folder / "log" / "messages").read_text(errors="replace")
    assert said.count("failed to authenticate as 'efterklang'") == 1
    assert box.said().count("refuses the user efterklang") == 1
    assert "fel" not in box.said().replace("efterklang", "")


def test_all_is_told_by_tls_as_well(both_asterisks: Asterisk, tmp_path: Path) -> None:
    with center(tmp_path, both_asterisks, tls=True, funnel={"min_talk_seconds": 2}) as at_work:
        at_work.call(CALLER, SWITCHBOARD, LONG)
        wait_until(lambda: [contact.reason for contact in at_work.told()] == [DrawReason.QUEUED], 15)
        assert AMI_PASSWORD not in at_work.box.said()


def test_a_certificate_that_nobody_vouches_for_is_refused(
    asterisk: Asterisk, box_on: Callable[..., Box], tmp_path: Path
) -> None:
    keys = ami_keys(tmp_path, asterisk, tls=True) | {"ca_file": "/etc/ssl/certs/ca-certificates.crt"}
    box = box_on(asterisk, ami=keys)
    with box.process("intake"):
        wait_until(lambda: source_state(box) is SourceState.WAITING, 30)
    assert "no way to" in box.said()


def test_a_survey_call_that_is_passed_on_to_the_contact_center_makes_no_survey_call(
    start_asterisk: Callable[..., Asterisk], tmp_path: Path
) -> None:
    """The citizen's telephone is forwarded to the switchboard: the agent there talks with us."""
    others = [citizen for citizen in CITIZENS.values() if citizen.number != FORWARDED]
    forwards = f"[citizens](+)\nexten = {FORWARDED},1,Goto(contact-center,{SWITCHBOARD},1)\n"
    exchange = start_asterisk(citizens=others, extra_dialplan=forwards)
    with center(tmp_path, exchange, dialer={"quiet_days": 0}, funnel={"min_talk_seconds": 2}) as at_work:
        at_work.call("0" + FORWARDED.removeprefix("+46"), SWITCHBOARD, LONG)
        wait_until(lambda: len(at_work.told()) == 1, 15)
        with at_work.box.line():
            at_work.answered(at_work.agent, 1)
            time.sleep(LONG)
            at_work.agent.hang_up()
            told = at_work.next_told(1)
            time.sleep(5)
        assert [(contact.queue, contact.reason) for contact in told] == [("Växel", DrawReason.OWN_CALL)]
        assert len(at_work.box.interviews()) == 1


def source_state(box: Box) -> SourceState | None:
    return next((source.state for source in intake_sources.all_sources(box.db)), None)

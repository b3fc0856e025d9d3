from collections.abc import Callable
from datetime import timedelta

import pytest
from made_up import MadeUp
from visitors import Visitor

from appliance.store import dialing, trunk
from appliance.store.dialing import DialingState
from appliance.store.timekeeping import HouseClock, Trust
from appliance.timepiece import Timepiece
from appliance.types import Outcome

Read = Callable[[str], str]


class _Elsewhere(Timepiece):
    """The clock of another start of the machine, set by nobody."""

    start = "another"  # type: ignore[assignment]

    def is_synchronized(self) -> bool:
        return False


def send(anna: Visitor, deed: str, token: str | None = None, seen: str = "running") -> int:
    form = {"csrf_token": token or anna.token("/calling"), "seen": seen}
    return anna.client.post(f"/calling/{deed}", data=form).status_code


@pytest.mark.parametrize(
    ("deed", "state", "title"),
    [
        ("pause", DialingState.PAUSED, "Uppringningen är pausad"),
        ("stop", DialingState.STOPPED, "Uppringningen är stoppad"),
    ],
)
def test_it_is_done_and_says_who_did_it_and_when(
    page: Read, anna: Visitor, made: MadeUp, deed: str, state: DialingState, title: str
) -> None:
    assert "Uppringningen är på" in page("/calling")
    assert send(anna, deed) == 302
    stopped_at = made.now if state is DialingState.STOPPED else None
    assert dialing.current(made.db) == dialing.Dialing(state, made.now, "anna", stopped_at)
    shown = page("/calling")
    assert title in shown
    assert "Av anna, i dag 15:32" in shown
    assert title in page("/"), "the overview says it too"
    assert send(anna, "resume", seen=state) == 302
    assert dialing.current(made.db).state is DialingState.RUNNING
    assert title not in page("/")


@pytest.mark.parametrize(("deed", "seen"), [("pause", "running"), ("resume", "paused")])
def test_a_page_that_has_stood_open_undoes_nobody_s_stop(
    page: Read, anna: Visitor, made: MadeUp, deed: str, seen: str
) -> None:
    dialing.change(made.db, DialingState.STOPPED, "bo", made.now)
    token = anna.token("/calling")
    answer = anna.client.post(f"/calling/{deed}", data={"csrf_token": token, "seen": seen})
    assert dialing.current(made.db) == dialing.Dialing(DialingState.STOPPED, made.now, "bo", made.now)
    told = page(answer.location)
    assert "Ingenting ändrades" in told
    assert "Uppringningen är stoppad" in told
    assert "Ingenting ändrades" not in page("/calling")


def test_what_is_resumed_is_what_was_seen(anna: Visitor) -> None:
    assert send(anna, "resume", seen="dancing") == 400


def test_nobody_is_next_where_nobody_waits(page: Read, made: MadeUp) -> None:
    made.queued()
    assert "Nästa därefter" not in page("/calling")


def test_the_emergency_stop_takes_two_steps_without_scripts(page: Read) -> None:
    shown = page("/calling")
    assert shown.index("<summary") < shown.index("Ja, avsluta alla samtal nu")
    assert '<details id="stop">' in shown


@pytest.mark.parametrize("deed", ["pause", "resume", "stop", "clock"])
def test_nothing_is_done_without_the_form_s_token_or_a_log_in(
    visit: Callable[..., Visitor], anna: Visitor, made: MadeUp, deed: str
) -> None:
    assert anna.client.get(f"/calling/{deed}").status_code == 405
    assert send(anna, deed, "made up") == 400
    assert visit().client.post(f"/calling/{deed}").status_code != 200
    assert dialing.current(made.db).since is None


def test_there_is_no_other_deed(anna: Visitor) -> None:
    assert send(anna, "dance") == 404


def test_the_figures_are_today_s(page: Read, made: MadeUp) -> None:
    made.ended(Outcome.BUSY)
    made.ended(Outcome.BUSY)
    made.ended(Outcome.COMPLETED, made.now - timedelta(days=1))
    made.queued()
    made.queued(made.now + timedelta(hours=2))
    made.live()
    shown = " ".join(page("/calling").split())
    assert "<dt>Pågående samtal</dt><dd>1</dd>" in shown
    assert "<dt>I kön</dt><dd>2</dd>" in shown
    assert "<dt>Har väntat färdigt</dt><dd>1</dd>" in shown
    assert "<dt>Nästa därefter</dt><dd>2026-11-21 17:32</dd>" in shown
    assert 'Upptaget</th><td class="n">2</td>' in shown
    assert "Svarade på alla frågor" not in shown, "that was yesterday"


def test_a_trunk_at_fault_is_named(page: Read, made: MadeUp) -> None:
    assert "inga fel kända" in page("/calling")
    lease = made.live()
    trunk.note_fault(made.db, lease.attempt_id, 503, made.now, lambda _: timedelta(minutes=1))
    assert "fel sedan i dag 15:32" in page("/calling")


def test_a_clock_in_doubt_is_asked_about_and_can_be_confirmed(
    page: Read, anna: Visitor, made: MadeUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    HouseClock(made.db).mind()
    assert "Stämmer det?" not in page("/calling")
    monkeypatch.setattr("appliance.store.timekeeping.Timepiece", _Elsewhere)
    assert "Klockan visar 2026-11-21 15:32. Stämmer det?" in page("/calling")
    assert "Klockan är obekräftad" in page("/")
    assert send(anna, "clock") == 302
    assert HouseClock(made.db).trust() is Trust.SETTLING
    assert "samtalen börjar inom tio minuter" in page("/calling")


def test_the_page_updates_by_itself(anna: Visitor, made: MadeUp) -> None:
    first = anna.client.get("/live?page=calling").json
    assert first is not None
    again = anna.client.get(f"/live?page=calling&version={first['version']}").json
    assert again is not None
    assert again["html"] is None
    dialing.change(made.db, DialingState.PAUSED, "bo", made.now)
    news = anna.client.get(f"/live?page=calling&version={first['version']}").json
    assert news is not None
    assert "Av bo" in news["html"]

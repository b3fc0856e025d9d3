import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from made_up import MadeUp
from records import NOW, NUMBERS, contact, register_of, settings_with

from appliance.intake.policy import change
from appliance.settings import Settings
from appliance.store.figures import Span
from appliance.store.weights import Stratum, strata

BEGIN = datetime(2026, 11, 23, 23, tzinfo=UTC)
DAY = Span(BEGIN, BEGIN + timedelta(days=1))


def admit(box: MadeUp, settings: Settings, count: int, queue: str = "Växel", label: str = "") -> None:
    calls = [contact(f"{label}{queue}{n}", NUMBERS[n % 95], queue=queue) for n in range(count)]
    register_of(box.db, box.directory, settings).admit_all(calls, NOW)


def policy(share: float = 0.4, **draw: object) -> Settings:
    return settings_with(dialer={"share": share, "quiet_days": 0}, draw={"spread_over": "", **draw})


def only(box: MadeUp) -> Stratum:
    (one,) = strata(box.db, DAY)
    return one


def test_where_all_drawn_are_queued_the_weights_add_up_to_about_the_eligible(box: MadeUp) -> None:
    admit(box, policy(), 400)
    one = only(box)
    assert (one.eligible, one.drawn) == (400, one.queued)
    assert one.weight_sum == pytest.approx(2.5 * one.queued)
    assert one.correction == pytest.approx(1, abs=0.25)
    assert one.corrected_weight == 400 / one.queued


def test_a_cap_makes_each_stand_for_more(box: MadeUp) -> None:
    admit(box, policy(daily_cap=40), 400)
    one = only(box)
    assert (one.eligible, one.queued) == (400, 40)
    assert one.drawn > 120
    assert one.weight_sum == 100, "1 / share alone would speak for a quarter of them"
    assert one.correction == 4
    assert one.corrected_weight == 10


def test_a_share_changed_at_noon_keeps_the_two_kinds_apart(box: MadeUp) -> None:
    """Those drawn by the smaller share stand for more; together they stand for all."""
    settings = policy(0.5)
    admit(box, settings, 300)
    change(box.db, settings, {"share": 0.25}, "anna", NOW)
    admit(box, settings, 300, label="later")
    one = only(box)
    weights = [row[0] for row in box.db.execute("SELECT weight FROM interviews")]
    assert set(weights) == {2.0, 4.0}
    assert sum(weights) == pytest.approx(one.weight_sum)
    assert one.correction is not None
    assert sum(weight * one.correction for weight in weights) == pytest.approx(one.eligible)


def test_where_nobody_was_queued_there_is_no_weight(box: MadeUp) -> None:
    admit(box, policy(share=0.0), 10)
    one = only(box)
    assert (one.eligible, one.queued, one.correction, one.corrected_weight) == (10, 0, None, None)


def test_each_queue_has_its_own_and_who_was_not_eligible_is_not_counted(box: MadeUp) -> None:
    settings = policy(1.0)
    admit(box, settings, 7)
    admit(box, settings, 3, "Bygg")
    admit(box, settings, 5, "Socialtjänsten")
    register = register_of(box.db, box.directory, settings)
    register.admit_all([contact("short", talk_seconds=1), contact("nobody", None)], NOW)
    register.admit_all([replace(contact("a"), linked_id="A"), contact("b", queue="Bygg")], NOW)
    register.admit(replace(contact("moved on", queue="Socialtjänsten"), linked_id="A"), NOW)
    assert [(one.queue, one.eligible) for one in strata(box.db, DAY)] == [("Bygg", 4), ("Växel", 7)]


def test_rows_of_an_older_version_have_no_weight(box: MadeUp) -> None:
    box.queued(NOW)
    assert strata(box.db, DAY) == []


def test_corrected_weights_give_the_mean_that_a_cap_would_distort(box: MadeUp) -> None:
    """A busy queue runs into its quota. Nine in ten eligible calls are its own; unweighted it seems half of them."""
    settings = policy(0.5, quotas=({"queue": "Växel", "per": "day", "interviews": 50},))
    calls = [contact(f"{n}", NUMBERS[n % 95], queue="Växel" if n % 10 else "Bygg") for n in range(1_000)]
    random.Random(5).shuffle(calls)
    register_of(box.db, box.directory, settings).admit_all(calls, NOW)
    found = strata(box.db, DAY)
    plain = {one.queue: one.queued for one in found}
    corrected = {one.queue: one.queued * (one.corrected_weight or 0) for one in found}
    assert plain["Växel"] / sum(plain.values()) < 0.6
    assert corrected["Växel"] / sum(corrected.values()) == pytest.approx(0.9)

import re
from typing import Any

import pytest
from made_up import NOW, MadeUp
from visitors import Visitor

from appliance.intake.policy import changes_of, current, in_force
from appliance.settings import Settings
from appliance.store import policies

WORDS = "socialtjänst\nskyddade\nskolhälsa\nelevhälsa\nvåld i nära"
FORM = {
    "min_talk_seconds": "15",
    "quiet_days": "90",
    "denied_queues": WORDS,
    "share": "25",
    "share_queue": ["", ""],
    "share_percent": ["", ""],
    "daily_cap": "",
    "spread_over": "08:00-17:00",
    "unnamed_queues": "ask",
    "quota_queue": ["", ""],
    "quota_per": ["week", "week"],
    "quota_interviews": ["", ""],
}
"""What the page shows before anybody has changed anything."""


def hidden(anna: Visitor, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', anna.client.get("/selection").text)
    assert found
    return found[1]


def send(anna: Visitor, **changes: Any) -> Any:
    data = {**FORM, "csrf_token": anna.token("/selection"), "seen": hidden(anna, "seen"), **changes}
    return anna.client.post("/selection", data=data)


def faulty(html: str) -> list[str]:
    """The fields that have an error text beside them."""
    return re.findall(r'class="fault" id="fault-(\w+)"', html)


def test_a_change_is_a_new_version_with_who_and_when(made: MadeUp, anna: Visitor, settings: Settings) -> None:
    in_force(made.db, settings, NOW, adopts=True)
    done = send(
        anna,
        share="12,5 %",
        daily_cap="200",
        share_queue=["Bygg", ""],
        share_percent=["50", ""],
        quota_queue=["Växel", ""],
        quota_interviews=["60", ""],
    )
    assert done.status_code == 302
    policy = current(made.db, settings)
    assert (policy.share, policy.daily_cap, dict(policy.queue_shares)) == (0.125, 200, {"Bygg": 0.5})
    assert [(quota.queue, quota.per, quota.interviews) for quota in policy.quotas] == [("Växel", "week", 60)]
    last = policies.latest(made.db)
    assert last
    assert (last.changed_by, last.since) == ("anna", NOW)
    html = anna.client.get(done.location).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Sparat. Den nya versionen gäller från nästa samtal." in html
    assert "Andel som lottas fram, procent: 25 % → 12,5 %" in html
    assert "Köer med egen andel: inga → Bygg 50 %" in html
    assert "Kvoter per kö: inga → Växel högst 60 i veckan" in html
    assert html.count("Ändrad här.") == 4


def test_what_the_page_shows_can_be_sent_back_unchanged(made: MadeUp, anna: Visitor, settings: Settings) -> None:
    assert "said=same" in send(anna).location
    assert policies.latest(made.db) is None
    send(anna, share="33,333", quiet_days="30")
    html = anna.client.get("/selection").text
    assert 'value="33,333"' in html
    assert "said=same" in send(anna, share="33,333", quiet_days="30").location


def test_only_what_differs_from_the_file_is_kept_as_a_change(made: MadeUp, anna: Visitor) -> None:
    send(anna, share="50", quiet_days="90")
    assert changes_of(made.db) == {"share": 0.5}
    send(anna)
    assert changes_of(made.db) == {}


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("min_talk_seconds", {"min_talk_seconds": "länge"}),
        ("min_talk_seconds", {"min_talk_seconds": ""}),
        ("quiet_days", {"quiet_days": "-1"}),
        ("quiet_days", {"quiet_days": "4000"}),
        ("share", {"share": "101"}),
        ("share", {"share": "nan"}),
        ("share", {"share": ""}),
        ("queue_shares", {"share_queue": ["Växel", ""], "share_percent": ["", ""]}),
        ("queue_shares", {"share_queue": ["", ""], "share_percent": ["5", ""]}),
        ("queue_shares", {"share_queue": ["Växel", "VÄXEL"], "share_percent": ["5", "6"]}),
        ("queue_shares", {"share_queue": ["Växel", ""], "share_percent": ["500", ""]}),
        ("daily_cap", {"daily_cap": "12.5"}),
        ("spread_over", {"spread_over": "17:00-08:00"}),
        ("quotas", {"quota_queue": ["Växel", ""], "quota_interviews": ["", ""]}),
        ("quotas", {"quota_queue": ["Växel", ""], "quota_interviews": ["1", ""], "quota_per": ["year", "week"]}),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_nothing_is_saved(
    made: MadeUp, anna: Visitor, field: str, sent: dict[str, Any]
) -> None:
    done = send(anna, **sent)
    assert done.status_code == 400
    assert faulty(done.text) == [field]
    assert f'<a href="#field-{field}">' in done.text
    assert policies.latest(made.db) is None
    texts = [one for value in sent.values() for one in ([value] if isinstance(value, str) else value)]
    for text in (one for one in texts if one != "year"):  # no browser sends that
        assert text in done.text, "what was written is still there to be mended"


def test_all_that_is_wrong_is_told_at_once(anna: Visitor) -> None:
    wrong = {"share": "x", "daily_cap": "x", "spread_over": "x", "min_talk_seconds": "x"}
    assert faulty(send(anna, **wrong).text) == ["min_talk_seconds", "share", "daily_cap", "spread_over"]


def test_letting_go_of_a_protected_queue_needs_a_yes_to_just_that(
    made: MadeUp, anna: Visitor, settings: Settings
) -> None:
    fewer = WORDS.replace("socialtjänst\n", "")
    asked = send(anna, denied_queues=fewer)
    assert asked.status_code == 400
    assert "Du är på väg att låta skyddade köer ringas upp: socialtjänst." in asked.text
    assert current(made.db, settings).denies("Socialtjänsten")
    assert send(anna, denied_queues="skyddade", confirm="socialtjänst").status_code == 400, (
        "a yes to one is no yes to all"
    )
    assert current(made.db, settings).denies("Socialtjänsten")
    assert send(anna, denied_queues=fewer, confirm="socialtjänst").status_code == 302
    assert not current(made.db, settings).denies("Socialtjänsten")
    assert send(anna, denied_queues=fewer, share="30").status_code == 302, "what was confirmed is not asked again"


def test_a_word_that_protects_more_needs_no_yes(made: MadeUp, anna: Visitor, settings: Settings) -> None:
    assert send(anna, denied_queues=WORDS.replace("socialtjänst", "Social") + "\nfamilj").status_code == 302
    assert current(made.db, settings).denies("Socialtjänsten")
    assert current(made.db, settings).denies("Familjerätten")


def test_who_saves_over_another_s_change_is_told(made: MadeUp, anna: Visitor, settings: Settings) -> None:
    seen = hidden(anna, "seen")
    send(anna, share="50")
    done = send(anna, share="10", seen=seen)
    assert done.status_code == 409
    assert "någon annan har ändrat inställningarna" in done.text
    assert 'name="share" value="10"' in done.text
    assert current(made.db, settings).share == 0.5


def test_the_file_s_values_come_back_and_the_history_stays(made: MadeUp, anna: Visitor, settings: Settings) -> None:
    send(anna, share="50", denied_queues=WORDS + "\nfamilj")
    data = {"csrf_token": anna.token("/selection"), "seen": hidden(anna, "seen")}
    done = anna.client.post("/selection/reset", data=data)
    assert done.status_code == 302
    assert current(made.db, settings) == settings.selection()
    html = anna.client.get("/selection").text
    assert html.count("· anna</p>") == 2
    assert "Tillbaka till konfigurationsfilens värden" not in html, "nothing is changed any more"


def test_what_citizens_queues_are_called_is_never_markup(made: MadeUp, anna: Visitor) -> None:
    for _ in range(5):
        made.contact(queue='<script>alert("1")</script>')
    send(anna, share_queue=['"><b>x', ""], share_percent=["5", ""])
    html = anna.client.get("/selection").text
    assert "<script>alert" not in html
    assert '"><b>x' not in html


def test_a_version_that_nobody_can_read_any_more_does_not_close_the_page(made: MadeUp, anna: Visitor) -> None:
    send(anna, share="50")
    with made.db.conn:
        made.db.execute("UPDATE policies SET content = '{\"gone\": 1}'")
    assert anna.client.get("/selection").status_code == 200


def test_staff_can_let_calls_that_name_no_queue_be(made: MadeUp, anna: Visitor, settings: Settings) -> None:
    assert send(anna, unnamed_queues="deny").status_code == 302
    assert current(made.db, settings).unnamed_queues == "deny"
    assert '<option value="deny" selected>rings aldrig upp</option>' in anna.client.get("/selection").text
    assert faulty(send(anna, unnamed_queues="perhaps").text) == ["unnamed_queues"]

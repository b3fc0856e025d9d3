import re
from datetime import UTC, datetime

import pytest
from made_up import MadeUp
from visitors import Clock, Visitor


@pytest.mark.parametrize("name", ["overview", "comments"])
def test_nothing_until_something_happens(made: MadeUp, anna: Visitor, name: str) -> None:
    made.comment("den första")
    first = anna.client.get(f"/live?page={name}").json
    assert "den första" in first["html"]
    again = anna.client.get("/live", query_string={"page": name, "version": first["version"]}).json
    assert again["html"] is None
    made.comment("den andra")
    changed = anna.client.get("/live", query_string={"page": name, "version": first["version"]}).json
    assert "den andra" in changed["html"]
    assert changed["version"] != first["version"]


@pytest.mark.parametrize(
    ("name", "address"), [("overview", "/?period=month"), ("comments", "/comments?area=treatment")]
)
def test_a_page_knows_the_version_it_shows(made: MadeUp, anna: Visitor, name: str, address: str) -> None:
    made.comment()
    html = anna.client.get(address).text
    version, url = re.search(r'data-version="([^"]*)"', html), re.search(r'id="live" data-url="([^"]*)"', html)
    assert version
    assert url
    assert f"page={name}" in url[1]
    answer = anna.client.get(url[1].replace("&amp;", "&") + "&version=" + version[1]).json
    assert answer["html"] is None


def test_the_part_it_sends_is_the_page_s_own(made: MadeUp, anna: Visitor) -> None:
    made.comment()
    part = anna.client.get("/live?page=overview").json["html"]
    assert part.strip() in anna.client.get("/").text


def test_everything_that_can_hold_the_focus_can_be_found_again(made: MadeUp, anna: Visitor) -> None:
    for _ in range(40):
        made.comment()
        made.ended(given={"treatment": 3})
    for name in ("overview", "comments"):
        part = anna.client.get(f"/live?page={name}").json["html"]
        holders = re.findall(r"<(?:a|button|input|summary|details|[a-z]+ [^>]*tabindex)[ >][^>]*>", part)
        assert holders
        assert [holder for holder in holders if ' id="' not in holder] == []
        ids = re.findall(r' id="([^"]+)"', part)
        assert len(ids) == len(set(ids))


def test_another_language_is_another_version(made: MadeUp, anna: Visitor) -> None:
    version = anna.client.get("/live?page=overview").json["version"]
    anna.client.get("/?lang=en")
    answer = anna.client.get("/live", query_string={"page": "overview", "version": version}).json
    assert "How many answered" in answer["html"]


def test_a_new_day_is_a_new_version(made: MadeUp, anna: Visitor, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 21, 22, 59, tzinfo=UTC)  # one minute to midnight in Stockholm
    assert anna.log_in() == 302
    version = anna.client.get("/live?page=overview").json["version"]
    clock.wait(minutes=2)
    assert anna.client.get("/live?page=overview").json["version"] != version

from collections.abc import Callable
from datetime import timedelta

from made_up import NOW, MadeUp
from visitors import Visitor

from appliance.types import Outcome

Read = Callable[[str], str]


def test_before_the_first_call(made: MadeUp, page: Read) -> None:
    html = page("/")
    assert "<h1>Inga samtal än</h1>" in html
    assert "så snart växeln har rapporterat de första avslutade samtalen" in html
    assert "Inga svar än." in html
    assert "Inga kommentarer än." in html


def test_while_the_first_calls_are_on(made: MadeUp, page: Read) -> None:
    for _ in range(3):
        made.live()
    made.queued()
    html = page("/")
    assert "<h1>De första samtalen pågår</h1>" in html
    assert "3 samtal pågår just nu, 1 väntar på att ringas upp." in html


def test_no_call_is_on_where_all_wait(made: MadeUp, page: Read) -> None:
    made.queued()
    html = page("/")
    assert "<h1>Ingen har svarat än</h1>" in html
    assert "0 samtal pågår just nu, 1 väntar på att ringas upp." in html


def test_when_nobody_answered(made: MadeUp, page: Read) -> None:
    made.ended(Outcome.NO_ANSWER)
    assert "<h1>Ingen har svarat än</h1>" in page("/")


def test_with_too_few_answers(made: MadeUp, page: Read) -> None:
    for _ in range(4):
        made.ended(given={"treatment": 5})
    html = page("/")
    assert "<h1>För få svar än för att säga något säkert</h1>" in html
    assert "färre än fem svar, visas inte" in html


def test_in_a_period_without_calls(made: MadeUp, page: Read) -> None:
    made.comment(at=NOW - timedelta(days=60))
    html = page("/")
    assert "<h1>Inga samtal än</h1>" in html
    assert "Välj en längre period ovanför." in html


def test_while_the_analyst_listens(made: MadeUp, page: Read) -> None:
    made.recorded()
    assert "1 kommentar väntar på att tolkas." in page("/")


def test_before_the_first_account_the_door_says_how_to_make_one(made: MadeUp, visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    assert "Det finns inget konto än." not in visitor.client.get("/login").text
    with made.db.conn:
        made.db["users"].delete_where()
    assert "Det finns inget konto än." in visitor.client.get("/login").text

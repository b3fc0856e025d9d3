from collections.abc import Callable
from datetime import UTC, datetime

from appliance.health import Context
from appliance.health.checks import accounts
from appliance.store import Database, users

Box = Callable[..., Context]


def test_a_box_without_accounts_is_told_how_to_make_one(installed: Box, practice: Box, db: Database) -> None:
    expected = ["run: efterklang user add NAME"]
    assert [issue.todo for issue in accounts.run(practice(db))] == expected
    assert [issue.todo for issue in accounts.run(installed())] == expected


def test_a_box_with_an_account_is_well(practice: Box, db: Database) -> None:
    users.add(db, "ada", "a hash", datetime.now(UTC))
    assert list(accounts.run(practice(db))) == []


def test_a_practice_box_that_never_ran_is_well(practice: Box) -> None:
    assert list(accounts.run(practice())) == []

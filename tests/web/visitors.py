"""A clock that a test moves, and somebody who visits the page."""

import re
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from made_up import NOW

NAME, PASSWORD = "anna", "tre trappor upp"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)


class Visitor:
    """A browser's manners on top of the test client: it keeps cookies and finds the form's token."""

    def __init__(self, client: FlaskClient, address: str = "127.0.0.1") -> None:
        self.client = client
        self.address = {"REMOTE_ADDR": address}

    def token(self, page: str = "/login") -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get(page).text)
        assert found, f"{page} has no form"
        return found[1]

    def log_in(self, name: str = NAME, password: str = PASSWORD, to: str | None = None) -> int:
        """The status: 302 is in."""
        form = {"name": name, "password": password, "csrf_token": self.token()}
        response = self.client.post(
            "/login", query_string={"to": to} if to else {}, data=form, environ_overrides=self.address
        )
        self.last = response
        return response.status_code

    def is_in(self) -> bool:
        return self.client.get("/comments").status_code == 200

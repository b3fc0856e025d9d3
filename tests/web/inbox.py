"""The HTTP inbox as a machine sees it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from made_up import NOW
from werkzeug.test import TestResponse

from appliance.settings import Settings

TOKEN = "0123456789abcdef" * 4
PATH = "/api/v1/ended-contacts"
NUMBER = "070-174 06 05"


def body(**fields: Any) -> dict[str, Any]:
    """An ended contact that is surveyed where everybody is drawn."""
    made = {
        "call_id": "1",
        "ended_at": NOW.isoformat(),
        "number": NUMBER,
        "queue": "Växel",
        "wait_seconds": 30,
        "talk_seconds": 120,
    }
    return {**made, **fields}


def open_inbox(settings: Settings, folder: Path, token: str = TOKEN) -> Settings:
    """The same settings with an inbox that a token opens."""
    (folder / "token").write_text(f"{token}\n", encoding="utf-8")
    intake = settings.intake.model_copy(update={"http_token_file": folder / "token"})
    dialer = settings.dialer.model_copy(update={"share": 1.0})
    return settings.model_copy(update={"intake": intake, "dialer": dialer})


def send(
    app: Flask, content: Any, token: str | None = TOKEN, headers: Mapping[str, str] | None = None,
    address: str = "127.0.0.1",
) -> TestResponse:  # fmt: skip
    """Hand in a contact; `content` is an object, or the body's own bytes."""
    sent = {"Content-Type": "application/json", **(headers or {})}
    if token is not None:
        sent.setdefault("Authorization", f"Bearer {token}")
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return app.test_client().post(PATH, data=data, headers=sent, environ_overrides={"REMOTE_ADDR": address})

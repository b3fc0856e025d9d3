"""What staff send from the page Enkäter."""

from typing import Any

from visitors import Visitor
from werkzeug.test import TestResponse

NEWS = "Hur bra var beskedet? Svara från 1 till 5."
WATER = "Hade du vatten? Om ja, tryck 1. Om nej, tryck 2."
PERIOD = {"begins": "2026-11-21T15:00", "ends": "2026-11-23T12:00"}


def written(title: str = "Vattnet i ån", **more: str) -> dict[str, str]:
    return {
        "title": title,
        "q0_label_sv": "Beskedet", "q0_kind": "scale", "q0_text_sv": NEWS,
        "q4_label_sv": "Vatten", "q4_kind": "yes_no", "q4_text_sv": WATER,
        **more,
    }  # fmt: skip


def send(anna: Visitor, path: str, **data: Any) -> TestResponse:
    token = anna.token("/questionnaires/new")
    return anna.client.post(path, data={"csrf_token": token, **data})

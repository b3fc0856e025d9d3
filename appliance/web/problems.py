"""Errors for machines: problem details (RFC 9457), which repeat nothing of what was sent."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, Final

from flask import Response, request

from appliance.intake.http_inbox import Fault

PREFIX: Final = "/api/"
RETRY_AFTER_SECONDS: Final = 30
_CONTENT_TYPE: Final = "application/problem+json"


def is_for_a_machine() -> bool:
    """Whether this request is of a machine's, which reads no pages."""
    return request.path.startswith(PREFIX)


def problem(status: int, detail: str = "", faults: Iterable[Fault] = (), **headers: str) -> Response:
    """An answer of that status; `headers` with _ for -."""
    content: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if detail:
        content["detail"] = detail
    if errors := [asdict(fault) for fault in faults]:
        content["errors"] = errors
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(json.dumps(content), status, more, content_type=_CONTENT_TYPE)

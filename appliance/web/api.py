"""The HTTP inbox: a machine on the municipality's network tells of an ended contact. No cookies, no session."""

import hmac
import json
import logging
import re
from datetime import timedelta
from hashlib import sha256
from importlib.resources import files
from ipaddress import IPv6Address, IPv6Network
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from appliance.errors import ConfigError, StoreError
from appliance.intake.doubt import ClockInDoubtError, insist_on_clock
from appliance.intake.http_inbox import KeyUsedBeforeError, RefusedBodyError, take_in
from appliance.intake.register import Register
from appliance.store import http_inbox
from appliance.web.problems import PREFIX, RETRY_AFTER_SECONDS, problem
from appliance.web.state import now, page, store

blueprint = Blueprint("api", __name__, url_prefix=f"{PREFIX}v1")

_MAX_BODY_BYTES: Final = 16 * 1024
_KEY: Final = re.compile(r"[!-~]{1,200}")
_FAILURES: Final = 20
_FAILURES_SPAN: Final = timedelta(hours=1)
_ONE_MACHINE_BITS: Final = 64

_log = logging.getLogger(__name__)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """What this interface is, for whoever builds the other end; it says nothing of this box."""
    return Response(files("appliance.web").joinpath("openapi.json").read_bytes(), content_type="application/json")


@blueprint.post("/ended-contacts")
def ended_contacts() -> Response:
    """Take in one ended contact."""
    request.max_content_length = _MAX_BODY_BYTES
    if refusal := _refusal():
        return refusal
    key = request.headers.get("Idempotency-Key", "")
    insist_on_clock(store(), page().settings)
    register = Register(store(), page().keys, page().settings, adopts_file=False)
    try:
        status, answer = take_in(store(), page().keys, register, request.get_data(), key, now())
    except KeyUsedBeforeError as error:
        return problem(409, str(error))
    except RefusedBodyError as error:
        return problem(422, str(error), error.faults)
    return Response(json.dumps(answer), status, content_type="application/json")


def _refusal() -> Response | None:
    """Why nothing of the body is looked at; None where it is."""
    intake = page().settings.intake
    if intake.http_token_file is None:
        return problem(404, "this box takes no ended contacts over HTTP")
    if refusal := _stranger(intake.http_token()):
        return refusal
    if request.mimetype != "application/json":
        return problem(415, "the body must be application/json")
    if not _KEY.fullmatch(request.headers.get("Idempotency-Key", "-")):
        return problem(400, "Idempotency-Key must be 1 to 200 visible ASCII characters")
    return None


def _stranger(token: str) -> Response | None:
    """Refuse whoever does not know the token; slowly whoever guesses, and nobody else at the same address."""
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        return problem(401, "this needs a bearer token", WWW_Authenticate="Bearer")
    if hmac.compare_digest(sha256(given.token.encode()).digest(), sha256(token.encode()).digest()):
        return None
    network, since = _network(request.remote_addr or ""), now() - _FAILURES_SPAN
    if http_inbox.failures(store(), network, since) >= _FAILURES:
        seconds = int(_FAILURES_SPAN.total_seconds())
        return problem(429, "too many wrong tokens from this address", Retry_After=f"{seconds}")
    http_inbox.add_failure(store(), network, now(), forget_before=since)
    return problem(401, "this is not the token", WWW_Authenticate="Bearer")


def _network(address: str) -> str:
    """An IPv4 address as it is; of an IPv6 address the /64, for a machine has all of it."""
    try:
        found = IPv6Address(address)
    except ValueError:
        return address
    return str(found.ipv4_mapped or IPv6Network((int(found), _ONE_MACHINE_BITS), strict=False))


@blueprint.errorhandler(StoreError)
@blueprint.errorhandler(ClockInDoubtError)
@blueprint.errorhandler(ConfigError)
def _not_now(error: Exception) -> Response:
    """The sender keeps the contact and tries again."""
    _log.error("the HTTP inbox: %s", error)
    return problem(503, "this cannot be taken in now; send it again later", Retry_After=f"{RETRY_AFTER_SECONDS}")


@blueprint.errorhandler(HTTPException)
def _refused(error: HTTPException) -> Response:
    return problem(error.code or 500)

"""Whether the page and its store answer: for the watchdog and for a monitor on the network; says nothing else."""

from flask import Blueprint, Response, jsonify

from appliance.store import users
from appliance.web.state import store

blueprint = Blueprint("alive", __name__)


@blueprint.get("/health")
def health() -> Response:
    users.count(store())
    return jsonify(status="ok")

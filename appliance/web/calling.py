"""Control: whether citizens are rung, and what waits."""

from flask import Blueprint, render_template

blueprint = Blueprint("calling", __name__)


@blueprint.get("/calling")
def show() -> str:
    return render_template("calling.html")

"""Control: who is surveyed, and why."""

from flask import Blueprint, render_template

blueprint = Blueprint("selection", __name__)


@blueprint.get("/selection")
def show() -> str:
    return render_template("selection.html")

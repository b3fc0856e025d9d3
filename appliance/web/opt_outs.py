"""Control: numbers that are never rung again."""

from flask import Blueprint, render_template

blueprint = Blueprint("opt_outs", __name__)


@blueprint.get("/opt-outs")
def show() -> str:
    return render_template("opt_outs.html")

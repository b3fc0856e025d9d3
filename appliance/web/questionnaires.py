"""Control: what is asked, of whom and when."""

from flask import Blueprint, render_template

blueprint = Blueprint("questionnaires", __name__)


@blueprint.get("/questionnaires")
def show() -> str:
    return render_template("questionnaires.html")

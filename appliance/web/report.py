"""The year report on the page, and as a file."""

from datetime import MAXYEAR

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from appliance.results.report import YearReport, make_report
from appliance.results.report_html import report_html
from appliance.results.report_json import report_json
from appliance.store import figures
from appliance.web.language import words
from appliance.web.state import now, page, store

blueprint = Blueprint("report", __name__)


def _this_year() -> int:
    return now().astimezone(page().zone).year


def _years() -> list[int]:
    """From the oldest contact's year to this one, newest first."""
    first = figures.first_contact(store())
    oldest = first.astimezone(page().zone).year if first else _this_year()
    return list(range(_this_year(), oldest - 1, -1))


def _report(year: int) -> YearReport:
    if not 1 < year < MAXYEAR:
        abort(404)
    return make_report(store(), page().settings.municipality, year, now())


@blueprint.get("/report")
def newest() -> BaseResponse:
    return redirect(url_for("report.show", year=_this_year()))


@blueprint.get("/report/<int:year>")
def show(year: int) -> str:
    return render_template("report.html", report=_report(year), years=_years(), year=year)


@blueprint.get("/report/<int:year>.json")
def as_json(year: int) -> Response:
    return _file(report_json(_report(year)), "application/json", f"efterklang-{year}.json")


@blueprint.get("/report/<int:year>.html")
def as_html(year: int) -> Response:
    return _file(report_html(_report(year), words()), "text/html", f"efterklang-{year}.html")


def _file(text: str, kind: str, name: str) -> Response:
    response = Response(text, mimetype=kind)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response

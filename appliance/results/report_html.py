"""The year report as one HTML file that needs nothing else: to mail, to print, to archive."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from appliance.results.overview import response_rate
from appliance.results.report import YearReport
from appliance.results.telling import change_text, question_label
from appliance.results.words import Words

TEMPLATES: Final = Path(__file__).parent / "templates"
TEMPLATE_FUNCTIONS: Final[Mapping[str, Any]] = {
    "response_rate": response_rate,
    "change_text": change_text,
    "label": question_label,
}
"""What the templates of this room call; whoever includes them gives them these."""


def report_html(report: YearReport, words: Words) -> str:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.globals.update(TEMPLATE_FUNCTIONS, t=words)
    return environment.get_template("report_file.html").render(report=report)

"""Control: what is asked, of whom and when."""

from datetime import datetime, timedelta
from typing import Any, Final

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from appliance.errors import UsageError
from appliance.store import contacts, questionnaires, schedule
from appliance.store.schedule import NewSchedule
from appliance.survey.draft import MAX_LABEL_CHARACTERS, MAX_SPOKEN_CHARACTERS, slug
from appliance.survey.prompts import Prompt, PromptLibrary
from appliance.survey.questionnaire import Questionnaire, load_questionnaire
from appliance.web.questionnaire_form import Fault, Form
from appliance.web.scheduled import library_of, missing_sounds, planned, version_of
from appliance.web.state import now, page, store

blueprint = Blueprint("questionnaires", __name__)

_SEEN: Final = timedelta(days=28)
"""Queues with a contact in these days are offered."""
_BEFORE: Final = ("greeting", "menu")
_AFTER: Final = ("comment_invite", "thanks")
_DONE: Final = frozenset({"saved", "scheduled", "withdrawn", "made", "uploaded"})


def _ordinary() -> Questionnaire:
    return load_questionnaire(page().settings.survey.questionnaire)


def _temporary() -> list[Questionnaire]:
    """The newest version of each, the ordinary one left out."""
    newest: dict[str, Questionnaire] = {}
    for each in map(Questionnaire.from_json, questionnaires.contents(store())):
        newest.setdefault(each.id, each)
    ordinary = _ordinary().id
    return [one for one in newest.values() if one.id != ordinary and not schedule.is_ordinary(store(), one.id)]


def done() -> str:
    """What has just been done, by the address that the browser was sent to."""
    told = request.args.get("done", "")
    return told if told in _DONE else ""


@blueprint.get("/questionnaires")
def show() -> str:
    known = [(one, missing_sounds(one)) for one in _temporary()]
    return render_template(
        "questionnaires.html",
        known=known,
        ordinary=_ordinary(),
        planned=planned(schedule.everything(store())),
        done=done(),
    )


@blueprint.get("/questionnaires/new")
def new() -> str:
    return _form(Form(), {}, None)


@blueprint.get("/questionnaires/<name>/edit")
def edit(name: str) -> str:
    found = _newest(name)
    return _form(Form.of(found), {}, found)


@blueprint.post("/questionnaires/new")
def add() -> Response | tuple[str, int]:
    form = Form.typed(request.form)
    taken = {Questionnaire.from_json(content).id for content in questionnaires.contents(store())}
    return _save(form, slug(form.title, taken | {_ordinary().id}, "-"), None)


@blueprint.post("/questionnaires/<name>/edit")
def change(name: str) -> Response | tuple[str, int]:
    return _save(Form.typed(request.form), name, _newest(name))


def _newest(name: str) -> Questionnaire:
    """404 where there is none, or it is the ordinary one."""
    return next((one for one in _temporary() if one.id == name), None) or abort(404)


def _save(form: Form, name: str, before: Questionnaire | None) -> Response | tuple[str, int]:
    draft, faults = form.read(name, before, page().settings.survey.language)
    if draft is None:
        return _form(form, faults, before), 422
    version = questionnaires.add(store(), draft.id, draft.to_json(), _ordinary().id)
    return redirect(url_for("questionnaires.one", name=draft.id, version=version, done="saved"))


def _form(form: Form, faults: dict[str, Fault], before: Questionnaire | None) -> str:
    limits = {"label": MAX_LABEL_CHARACTERS, "text": MAX_SPOKEN_CHARACTERS}
    language = page().settings.survey.language
    return render_template(
        "questionnaire_form.html", form=form, faults=faults, before=before, limits=limits, language=language
    )


@blueprint.get("/questionnaires/<name>/<int:version>")
def one(name: str, version: int) -> str:
    return show_one(wanted(name, version))


def wanted(name: str, version: int) -> Questionnaire:
    return version_of(name, version) or abort(404)


def show_one(asked: Questionnaire, fault: Fault | None = None, at: str = "", typed: Any = None) -> str:
    """A version: how a call with it goes, its sounds, and the form to schedule it. A fault stands at its field."""
    library, ordinary = library_of(asked), PromptLibrary(page().settings)
    newest = questionnaires.versions_of(store(), asked.id)
    return render_template(
        "questionnaire.html",
        asked=asked,
        is_newest=Questionnaire.from_json(newest[0]).version == asked.version,
        before=[_spoken(ordinary, ordinary.prompt(key)) for key in _BEFORE],
        questions=[_spoken(library, prompt) for prompt in library.prompts],
        after=[_spoken(ordinary, ordinary.prompt(key)) for key in _AFTER],
        missing=missing_sounds(asked),
        queues=contacts.queues_since(store(), now() - _SEEN),
        begins=f"{now().astimezone(page().zone):%Y-%m-%dT%H:%M}",
        typed=typed or {},
        fault=fault,
        at=at,
        done=done(),
    )


def _spoken(library: PromptLibrary, prompt: Prompt) -> dict[str, Any]:
    language = page().settings.survey.language
    return {"key": prompt.key, "text": prompt.text[language], "take": library.find(prompt.key, language)}


@blueprint.post("/questionnaires/<name>/<int:version>/schedule")
def plan(name: str, version: int) -> Response | tuple[str, int]:
    asked = wanted(name, version)
    begins, ends = _moment("begins"), _moment("ends")
    if begins is None or ends is None:
        return show_one(asked, Fault("no_moment"), "begins" if begins is None else "ends", request.form), 422
    queues = [*request.form.getlist("queue"), *request.form.get("more_queues", "").split(",")]
    chosen = tuple(dict.fromkeys(filter(None, map(str.strip, queues))))
    if request.form.get("whom") == "some" and not chosen:
        return show_one(asked, Fault("no_queue"), "whom", request.form), 422
    new = NewSchedule(
        (asked.id, asked.version), chosen if request.form.get("whom") == "some" else (), begins, ends, g.user.name
    )
    try:
        schedule.add(store(), new, now())
    except UsageError:
        return show_one(asked, Fault("over_before"), "ends", request.form), 422
    return redirect(url_for("questionnaires.show", done="scheduled"))


def _moment(name: str) -> datetime | None:
    """A local time of a form; None where it is none."""
    try:
        return datetime.fromisoformat(request.form.get(name, "")).replace(tzinfo=page().zone)
    except ValueError:
        return None


@blueprint.post("/questionnaires/withdraw/<int:number>")
def withdraw(number: int) -> Response:
    if not schedule.withdraw(store(), number, g.user.name, now()):
        abort(404)
    return redirect(url_for("questionnaires.show", done="withdrawn"))

"""Control: what is asked, of whom and when."""

import json
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from appliance.intake import policy as policies_in_force
from appliance.intake.masking import mask
from appliance.results.overview import MINIMUM_N
from appliance.store import contacts, questionnaires, schedule
from appliance.store.database import writing
from appliance.store.schedule import NewSchedule
from appliance.survey.draft import MAX_LABEL_CHARACTERS, MAX_SPOKEN_CHARACTERS, Draft, slug
from appliance.survey.prompts import Prompt, PromptLibrary
from appliance.survey.questionnaire import Questionnaire, load_questionnaire
from appliance.types import Language
from appliance.web import schedule_form
from appliance.web.questionnaire_form import Fault, Form
from appliance.web.schedule_form import Wrong
from appliance.web.scheduled import library_of, missing_sounds, planned, version_of
from appliance.web.state import now, page, store

blueprint = Blueprint("questionnaires", __name__)

_SEEN: Final = timedelta(days=28)
"""Queues with contacts enough in these days are offered."""
_BEFORE: Final = ("greeting", "menu")
_AFTER: Final = ("comment_invite", "thanks")
_DONE: Final = frozenset({"saved", "scheduled", "withdrawn", "uploaded"})


def _ordinary() -> Questionnaire:
    return load_questionnaire(page().settings.survey.questionnaire)


def _temporary() -> list[Questionnaire]:
    """The newest version of each, the ordinary one left out."""
    newest: dict[str, Questionnaire] = {}
    for each in map(Questionnaire.from_json, questionnaires.contents(store())):
        newest.setdefault(each.id, each)
    return [one for one in newest.values() if not _is_ordinary(one.id)]


def _is_ordinary(name: str) -> bool:
    """The one asked without a schedule, or that once was."""
    return name == _ordinary().id or schedule.is_ordinary(store(), name)


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
    """What is written twice, by a second press or by two at once, is one; another of the same name gets an own id."""
    form = Form.typed(request.form)
    with writing(store()):
        taken = {Questionnaire.from_json(content).id for content in questionnaires.contents(store())}
        draft, faults = form.read(slug(form.title, taken | {_ordinary().id}, "-"), None, _language())
        if draft is None:
            return _form(form, faults, None), 422
        same = next((one for one in _temporary() if _words_of(one) == _words_of(draft)), None)
        return _saved(same) if same else _save(draft)


@blueprint.post("/questionnaires/<name>/edit")
def change(name: str) -> Response | tuple[str, int]:
    form = Form.typed(request.form)
    with writing(store()):
        before = _newest(name)
        draft, faults = form.read(name, before, _language())
        if draft is None:
            return _form(form, faults, before), 422
        if _words_of(draft) != _words_of(before) and request.form.get("seen") != str(before.version):
            return _form(form, {}, before, overtaken=True), 409
        return _save(draft)


def _newest(name: str) -> Questionnaire:
    """404 where there is none, or it is the ordinary one."""
    return next((one for one in _temporary() if one.id == name), None) or abort(404)


def _words_of(questionnaire: Questionnaire) -> dict[str, Any]:
    """All that staff write."""
    content: dict[str, Any] = json.loads(questionnaire.to_json())
    return {name: value for name, value in content.items() if name not in {"id", "version"}}


def _language() -> Language:
    return page().settings.survey.language


def _save(draft: Draft) -> Response:
    version = questionnaires.add(store(), draft.id, draft.to_json(), _ordinary().id)
    return _saved(draft.model_copy(update={"version": version}))


def _saved(kept: Questionnaire) -> Response:
    return redirect(url_for("questionnaires.one", name=kept.id, version=kept.version, done="saved"))


def _form(form: Form, faults: dict[str, Fault], before: Questionnaire | None, *, overtaken: bool = False) -> str:
    limits = {"label": MAX_LABEL_CHARACTERS, "text": MAX_SPOKEN_CHARACTERS}
    return render_template(
        "questionnaire_form.html",
        form=form,
        faults=faults,
        before=before,
        overtaken=overtaken,
        limits=limits,
        language=_language(),
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
    maker, version = page().sound_maker, (asked.id, asked.version)
    if fault is None and maker.busy_with is None and maker.failed_with == version:
        fault, at = Fault("voice"), "sounds"
    return render_template(
        "questionnaire.html",
        asked=asked,
        is_ordinary=_is_ordinary(asked.id),
        is_newest=Questionnaire.from_json(newest[0]).version == asked.version,
        before=[_spoken(ordinary, ordinary.prompt(key)) for key in _BEFORE],
        questions=[_spoken(library, prompt) for prompt in library.prompts],
        after=[_spoken(ordinary, ordinary.prompt(key)) for key in _AFTER],
        missing=missing_sounds(asked),
        is_making=maker.busy_with == version,
        queues=_offered(),
        begins=f"{now().astimezone(page().zone):%Y-%m-%dT%H:%M}",
        typed=typed or {},
        fault=fault,
        at=at,
        done=done(),
    )


def _spoken(library: PromptLibrary, prompt: Prompt) -> dict[str, Any]:
    language = _language()
    return {"key": prompt.key, "text": prompt.text[language], "take": library.find(prompt.key, language)}


@blueprint.post("/questionnaires/<name>/<int:version>/schedule")
def plan(name: str, version: int) -> Response | tuple[str, int]:
    asked = wanted(name, version)
    if _is_ordinary(name):
        return show_one(asked), 422
    period = schedule_form.read(request.form, now(), page().zone)
    if isinstance(period, Wrong):
        return show_one(asked, period.fault, period.at, request.form), 422
    new = NewSchedule((asked.id, asked.version), period.queues, period.begins_at, period.ends_at, g.user.name)
    schedule.add(store(), new, now(), _ordinary().id)
    return redirect(url_for("questionnaires.show", done="scheduled"))


@blueprint.post("/questionnaires/withdraw/<int:number>")
def withdraw(number: int) -> Response:
    """Where it was withdrawn before, or is over, there is nothing left to do."""
    if not any(one.id == number for one in schedule.everything(store())):
        abort(404)
    schedule.withdraw(store(), number, g.user.name, now())
    return redirect(url_for("questionnaires.show", done="withdrawn"))


def _offered() -> list[str]:
    """The queues to choose among: none that is small or never surveyed, and none whose name may be a number."""
    policy = policies_in_force.current(store(), page().settings)
    lately = contacts.queues_since(store(), now() - _SEEN, MINIMUM_N)
    return [name for name in lately if mask(name) == name and not policy.denies(name)]

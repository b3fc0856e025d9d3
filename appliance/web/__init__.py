"""The local page: what citizens thought, for the staff of one municipality. Nothing is fetched from elsewhere."""

from datetime import timedelta
from typing import Any

import jinja2
from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.routing import IntegerConverter, Map

from appliance.custody.opt_outs import open_box
from appliance.results.overview import funnel_steps
from appliance.results.report_html import TEMPLATE_FUNCTIONS, TEMPLATES
from appliance.results.telling import headline_text, news_text, news_title
from appliance.settings import Settings
from appliance.web import (
    alive,
    api,
    calling,
    comments,
    errors,
    guard,
    headers,
    language,
    live,
    login,
    opt_outs,
    overview,
    questionnaire_sounds,
    questionnaires,
    report,
    selection,
    state,
)
from appliance.web.sessions import ABSOLUTE

_MAX_REQUEST_BYTES = 64 * 1024
_CONTROL = (selection, calling, opt_outs, questionnaires)
_PAGES = (login, overview, comments, report, *_CONTROL, questionnaire_sounds, live, alive, api)


class _Number(IntegerConverter):
    """A number in an address, no greater than the store can hold one; a greater one leads nowhere."""

    def __init__(self, url_map: Map, **more: Any) -> None:
        super().__init__(url_map, **{"max": 2**63 - 1, **more})


def create_app(settings: Settings, clock: state.Clock = state.utc_now) -> Flask:
    """The page for one box; `clock` gives the moment it is now. CustodyError where the master key is unusable."""
    db, keys = open_box(settings.storage.directory, clock())
    db.close()
    app = Flask(__name__)
    app.request_class = state.InMemory
    app.config.update(
        SECRET_KEY=keys.web,
        SESSION_COOKIE_NAME="efterklang",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=settings.web.tls,
        PERMANENT_SESSION_LIFETIME=timedelta(seconds=ABSOLUTE),
        MAX_CONTENT_LENGTH=_MAX_REQUEST_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session
        WTF_CSRF_SSL_STRICT=False,  # asks for a Referer, which our own header forbids; guard.py checks the origin
    )
    app.url_map.converters["int"] = _Number
    app.extensions["efterklang"] = state.Page(settings, keys, clock)
    app.jinja_loader = jinja2.ChoiceLoader([jinja2.PackageLoader("appliance.web"), jinja2.FileSystemLoader(TEMPLATES)])
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.globals.update(
        TEMPLATE_FUNCTIONS,
        headline_text=headline_text,
        news_title=news_title,
        news_text=news_text,
        funnel_steps=funnel_steps,
        control_pages=[page.blueprint.name for page in _CONTROL],
    )
    app.teardown_appcontext(state.close_store)
    language.install(app)
    guard.install(app)
    questionnaire_sounds.install(app)
    CSRFProtect(app).exempt(api.blueprint)  # machines have no session that another site could use
    headers.install(app)
    errors.install(app)
    for page in _PAGES:
        app.register_blueprint(page.blueprint)
    return app

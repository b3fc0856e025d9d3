"""The sounds of a questionnaire: heard in the browser, made by the municipality's voice, or brought as a recording."""

import logging
from collections.abc import Callable
from typing import Final

from flask import Blueprint, Flask, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from appliance.errors import AudioError, PromptError
from appliance.sound import parse_wav, wav_bytes, wav_seconds
from appliance.survey.loudness import fit
from appliance.survey.prompts import PromptLibrary, Source
from appliance.survey.voices import choose_voice, render
from appliance.web.questionnaire_form import Fault
from appliance.web.questionnaires import show_one, wanted
from appliance.web.scheduled import library_of
from appliance.web.state import page

_log = logging.getLogger(__name__)

blueprint = Blueprint("questionnaire_sounds", __name__)

MAX_WAV_BYTES: Final = 12 * 1024 * 1024
"""A minute in stereo at 48 kHz."""
_MAX_SECONDS: Final = 60
"""Three times what may be read out."""


def install(app: Flask) -> None:
    app.before_request(_allow_recordings)


def _allow_recordings() -> None:
    """Before anybody reads the form: all other requests stay small."""
    if request.endpoint == "questionnaire_sounds.upload":
        request.max_content_length = MAX_WAV_BYTES


@blueprint.get("/questionnaires/<name>/<int:version>/<key>.wav")
def play(name: str, version: int, key: str) -> Response:
    """A prompt as a call plays it: a question of this version, or one of the ordinary prompts around it."""
    asked = wanted(name, version)
    is_own = key in {question.prompt for question in asked.questions}
    library = library_of(asked) if is_own else PromptLibrary(page().settings)
    try:
        samples = library.samples(key, page().settings.survey.language)
    except PromptError:
        abort(404)
    return Response(wav_bytes(samples), mimetype="audio/wav")


@blueprint.post("/questionnaires/<name>/<int:version>/sounds")
def make(name: str, version: int) -> BaseResponse | tuple[str, int]:
    """By the voice that `prompts make` uses: the missing ones, or all anew. An own recording is still played first.

    They are begun here; the questionnaire's page tells how far it has come.
    """
    asked, language = wanted(name, version), page().settings.survey.language
    library = library_of(asked)
    chosen = [prompt.key for prompt in library.prompts] if "all" in request.form else library.missing(language)
    try:
        voice = choose_voice(page().settings.prompts.voice, language)
    except PromptError as error:
        _log.error("%s", error)
        return show_one(asked, Fault("voice"), "sounds"), 503

    def sound(key: str) -> Callable[[], object]:
        prompt = library.prompt(key)
        return lambda: library.save(key, language, render(prompt, language, voice), Source.MADE)

    if not page().sound_maker.start((name, version), map(sound, chosen)):
        return show_one(asked, Fault("busy"), "sounds"), 409
    return _back(name, version)


@blueprint.post("/questionnaires/<name>/<int:version>/<key>.wav")
def upload(name: str, version: int, key: str) -> BaseResponse | tuple[str, int]:
    """A recording of the municipality's own, played before what a voice has made."""
    asked, language = wanted(name, version), page().settings.survey.language
    library = library_of(asked)
    if key not in {question.prompt for question in asked.questions}:
        abort(404)
    brought = request.files.get("recording")
    try:
        data = brought.read() if brought else b""
        if wav_seconds(data) > _MAX_SECONDS:
            return show_one(asked, Fault("too_long", {"limit": _MAX_SECONDS}), key), 422
        samples = fit(parse_wav(data))
    except AudioError:
        return show_one(asked, Fault("no_wav"), key), 422
    if not samples.size:
        return show_one(asked, Fault("nothing_heard"), key), 422
    try:
        library.save(key, language, samples, Source.OWN)
    except PromptError as error:
        _log.error("%s", error)
        return show_one(asked, Fault("unsaved"), key), 503
    return _back(name, version, "uploaded")


def _back(name: str, version: int, done: str | None = None) -> BaseResponse:
    return redirect(url_for("questionnaires.one", name=name, version=version, done=done, _anchor="sounds"))

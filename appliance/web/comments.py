"""Comments in full, filtered by area and tonality; the filter lives in the address."""

from enum import StrEnum
from typing import Any, Final, TypeVar

from flask import Blueprint, render_template, request, url_for

from appliance.results.periods import Period, span_of
from appliance.store import figures
from appliance.store.listing import CommentFilter, TextKind, count_listed
from appliance.types import Area, CommentId, Tonality
from appliance.web import progress
from appliance.web.language import words
from appliance.web.opened import open_comments
from appliance.web.overview import asked_period
from appliance.web.state import now, page, store

blueprint = Blueprint("comments", __name__)

PART: Final = "parts/comments.html"
_PAGE_LENGTH: Final = 30

Choice = TypeVar("Choice", bound=StrEnum)


def _chosen(choices: type[Choice], name: str) -> Choice | None:
    value = request.args.get(name)
    return choices(value) if value in set(choices) else None


def _wanted() -> CommentFilter:
    span = span_of(asked_period(), now(), page().zone, figures.first_contact(store()))
    older = request.args.get("older", type=int)
    older_than = CommentId(older) if older is not None else None
    chosen = _chosen(Area, "area"), _chosen(Tonality, "tonality"), _chosen(TextKind, "text")
    return CommentFilter(span, *chosen, older_than)


def version() -> str:
    """Changes whenever the part would look different."""
    data_version, today = figures.data_version(store()), now().astimezone(page().zone).date()
    return f"{words().language}|{data_version}|{today}|{progress.read()}"


def context() -> dict[str, Any]:
    """What the part's template shows: one page of the list, and how long all of it is."""
    wanted = _wanted()
    comments = open_comments(wanted, _PAGE_LENGTH + 1)
    return {
        "comments": comments[:_PAGE_LENGTH],
        "has_more": len(comments) > _PAGE_LENGTH,
        "count": count_listed(store(), wanted),
        "wanted": wanted,
        "is_filtered": any((wanted.area, wanted.tonality, wanted.text)),
        "period": asked_period(),
        "progress": progress.read(),
    }


def _filter_arguments() -> dict[str, Any]:
    names = ("period", "area", "tonality", "text", "older")
    return {name: request.args[name] for name in names if name in request.args}


@blueprint.get("/comments")
def show() -> str:
    return render_template(
        "comments.html",
        **context(),
        part=PART,
        version=version(),
        live_url=url_for("live.changes", page="comments", **_filter_arguments()),
        periods=Period,
        areas=Area,
        tonalities=Tonality,
        text_kinds=TextKind,
    )

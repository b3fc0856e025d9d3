"""What every request can reach: the settings, the keys, the clock, and its own connection to the store."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import IO
from zoneinfo import ZoneInfo

from flask import Request, current_app, g

from appliance.custody.keys import Keys
from appliance.settings import Settings
from appliance.store import Database, open_store
from appliance.web.overviews import Overviews
from appliance.web.sound_maker import SoundMaker

Clock = Callable[[], datetime]


class InMemory(Request):
    """A request whose uploaded files, which may hold telephone numbers, never touch a disk."""

    def _get_file_stream(self, *_args: object, **_more: object) -> IO[bytes]:
        return BytesIO()


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Page:
    settings: Settings
    keys: Keys
    clock: Clock
    overviews: Overviews = field(default_factory=Overviews)
    sound_maker: SoundMaker = field(default_factory=SoundMaker)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.municipality.time_zone)


def page() -> Page:
    """The application's own state."""
    found: Page = current_app.extensions["efterklang"]
    return found


def now() -> datetime:
    """The one moment of this request."""
    if "now" not in g:
        g.now = page().clock()
    moment: datetime = g.now
    return moment


def store() -> Database:
    """The connection of this request, opened at its first use."""
    if "store" not in g:
        g.store = open_store(page().settings.storage.directory)
    db: Database = g.store
    return db


def close_store(_error: BaseException | None) -> None:
    if "store" in g:
        g.pop("store").close()

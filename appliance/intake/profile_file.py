"""Profiles as TOML files: those that are shipped, and those that a municipality writes."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from appliance.errors import ConfigError
from appliance.intake.profile import Profile
from appliance.settings import Settings
from appliance.settings_file import line_of

_SHIPPED: Final = Path(__file__).parent / "profiles"


@cache
def shipped_profiles() -> tuple[str, ...]:
    """Their names."""
    return tuple(sorted(path.stem for path in _SHIPPED.glob("*.toml")))


def find_profile(storage: Path, name: str) -> Profile:
    """The municipality's own profile in the storage's profiles/, else a shipped one, else that of a path."""
    own = storage / "profiles" / f"{name}.toml"
    return load_profile(own if own.is_file() else name)


def profile_of_source(settings: Settings, name: str) -> Profile:
    """How files of source `name` read: as the TCP connection of that name, else as the profile of that name.

    Its name is the source's, so that a call which came over the connection is known again when it comes in a file.
    """
    storage = settings.storage.directory
    tcp = next((each for each in settings.intake.tcp if each.name == name), None)
    return find_profile(storage, tcp.profile).model_copy(update={"name": name}) if tcp else find_profile(storage, name)


def load_profile(name_or_path: str | Path) -> Profile:
    """A shipped profile by its name, or one's own by its path; ConfigError names file, line, key and what to do."""
    name = str(name_or_path)
    if name in shipped_profiles():
        return _load(_SHIPPED / f"{name}.toml")
    path = Path(name_or_path)
    if path.suffix != ".toml":
        raise ConfigError(f"{name}: no such profile; shipped are {', '.join(shipped_profiles())}, or give a .toml file")
    return _load(path)


def _load(path: Path) -> Profile:
    text = _text(path)
    document = _document(path, text)
    try:
        return Profile.model_validate({**document, "name": path.stem})
    except ValidationError as error:
        raise ConfigError(_explain(path, text, error)) from error


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise ConfigError(f"{path}: cannot read the profile: {reason}") from error


def _document(path: Path, text: str) -> dict[str, Any]:
    """The file's tables, upon those of its base."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    base = document.pop("base", None)
    if base is None:
        return document
    if base not in shipped_profiles():
        where = f"{path}, line {line_of(text, ['base'])}"
        raise ConfigError(f"{where}: base: no such profile; shipped are {', '.join(shipped_profiles())}")
    return _upon(_document(_SHIPPED / f"{base}.toml", _text(_SHIPPED / f"{base}.toml")), document)


def _upon(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Tables are changed key by key, everything else is replaced."""
    return {**base, **{key: _changed(base.get(key), value) for key, value in changes.items()}}


def _changed(before: Any, after: Any) -> Any:
    return _upon(before, after) if isinstance(before, dict) and isinstance(after, dict) else after


def _explain(path: Path, text: str, error: ValidationError) -> str:
    first = error.errors()[0]
    keys = [str(part) for part in first["loc"]]
    if keys[:1] == ["layout"]:  # the second part names the kind, which is no key
        keys[1:2] = []
    line = line_of(text, keys)
    where = f"{path}, line {line}" if line else str(path)
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    if first["type"] == "extra_forbidden":
        return f"{where}: {'.'.join(keys)}: unknown key; the shipped profiles show all that there are{more}"
    message = first["msg"].removeprefix("Value error, ")
    return f"{where}: {'.'.join([*keys, '']).removesuffix('.') or 'profile'}: {message[0].lower()}{message[1:]}{more}"

"""One TOML file as settings; an unknown key is an error that names the key and its line."""

import os
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError

from appliance.errors import ConfigError
from appliance.settings import Settings

DEFAULT_PATH: Final = Path("/etc/efterklang/efterklang.toml")


def load(path: Path) -> Settings:
    """Read settings from a TOML file; ConfigError names file, line, key and what to do."""
    try:
        text = path.read_bytes().decode("utf-8")  # as it stands: TOML has its own line ends
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise ConfigError(f"{path}: cannot read the configuration: {reason}") from error
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    try:
        return Settings.model_validate(document)
    except ValidationError as error:
        raise ConfigError(_explain(path, text, error)) from error


def find(option: Path | None) -> Path | None:
    """The file to read: --config, EFTERKLANG_CONFIG, or the default path where it exists."""
    if option is not None:
        return option
    if from_environment := os.environ.get("EFTERKLANG_CONFIG"):
        return Path(from_environment)
    return DEFAULT_PATH if DEFAULT_PATH.exists() else None


def _explain(path: Path, text: str, error: ValidationError) -> str:
    first = error.errors()[0]
    keys = [str(part) for part in first["loc"]]
    name = ".".join(key if key.isprintable() else repr(key) for key in keys)
    line = line_of(text, keys)
    where = f"{path}, line {line}" if line else str(path)
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    if first["type"] == "extra_forbidden":
        known = ", ".join(_known_keys(keys[:-1]))
        return f"{where}: unknown key {name}; known here: {known}{more}"
    message = first["msg"].removeprefix("Value error, ")
    return f"{where}: {name}: {message[0].lower()}{message[1:]}{more}"


def _known_keys(sections: list[str]) -> list[str]:
    model: type[BaseModel] = Settings
    for section in (section for section in sections if not section.isdecimal()):
        found = _section_in(model.model_fields[section].annotation) if section in model.model_fields else None
        if found is None:
            return []
        model = found
    return sorted(field.alias or name for name, field in model.model_fields.items())


def _section_in(annotation: Any) -> type[BaseModel] | None:
    """The section that a field holds, may hold, or holds several of."""
    candidates = (annotation, *get_args(annotation))
    return next((each for each in candidates if isinstance(each, type) and issubclass(each, BaseModel)), None)


def line_of(text: str, keys: list[str]) -> int | None:
    """The line (from 1) where a dotted key stands; the nearest parent's line where it stands nowhere."""
    table: list[str] = []
    entries: Counter[str] = Counter()
    best, best_depth = None, 0
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
            names = [[part.strip().strip("\"'") for part in header[1].split(".")]]
            if line.lstrip().startswith("[["):  # one of several of this name, counted from 0
                names.append([*names[0], str(entries[header[1]])])
                entries[header[1]] += 1
            table = names[-1]
        elif key := re.match(r"\s*([A-Za-z0-9_.\-\"']+)\s*=", line):
            names = [table + [part.strip("\"'") for part in key[1].split(".")]]
        else:
            continue
        for name in names:
            if name == keys[: len(name)] and len(name) > best_depth:
                best, best_depth = number, len(name)
    return best

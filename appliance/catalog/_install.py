"""Putting a model into place: whole, or not at all."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.catalog._entries import Entry, ModelFile, read_catalog
from appliance.catalog._models import fault_of, verify, write_manifest
from appliance.catalog._sources import fetch, offered_files
from appliance.errors import ModelError

Say = Callable[[str], None]
"""Told each step of an installation, one line."""


def install(name: str, into: Path, from_path: Path | None = None, say: Say = lambda _: None) -> Path:
    """Put a catalog model into `into/name` and return that; one that is there and whole stays as it is.

    `from_path` is a folder or archive with the source's files, for a box without a network.
    ModelError says what is missing or wrong; nothing half-installed is left.
    """
    catalog = read_catalog()
    if name not in catalog:
        raise ModelError(f"no model is called {name!r}; the catalog has {', '.join(catalog)}")
    target = into / name
    if _is_whole(target, say):
        return target
    try:
        with _staging(into, name) as staging:
            if not _is_whole(target, say):
                _build(name, catalog[name], staging, from_path, say)
                _swap(staging, target)
    except OSError as error:
        raise ModelError(f"cannot install {name} in {into}: {error.strerror or error}") from error
    say(f"{name}: installed in {target}")
    return target


def _is_whole(target: Path, say: Say) -> bool:
    if not target.exists():
        return False
    try:
        verify(target)
    except ModelError as error:
        say(f"{error}")
        return False
    say(f"{target.name}: installed and whole in {target}")
    return True


@contextmanager
def _staging(into: Path, name: str) -> Iterator[Path]:
    """A working folder, ours alone: a second installer waits; what a killed one left is cleared away."""
    into.mkdir(parents=True, exist_ok=True)
    folder = into / f".{name}.partial"
    with (into / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(folder, ignore_errors=True)
        for part in ("source", "model"):
            (folder / part).mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _build(name: str, entry: Entry, staging: Path, from_path: Path | None, say: Say) -> None:
    """Assemble and check the model in `staging/model`."""
    source, model = staging / "source", staging / "model"
    if from_path is None:
        say(f"{name}: fetching {entry.source}")
        fetch(entry, source, say)
    offered = offered_files(from_path or source, unpack_into=source)
    for inner, file in (entry.files or dict.fromkeys(offered, ModelFile())).items():
        _assemble(model / inner, inner, file, offered, f"{from_path or entry.source}")
        if fault := fault_of(model / inner, file):
            raise ModelError(f"cannot install {name}: {inner} from {from_path or entry.source}: {fault}")
    about = {"engine": entry.engine, "languages": entry.languages, "licence": entry.licence}
    write_manifest(model, entry.files or offered, source=entry.source, **about)


def _assemble(target: Path, inner: str, file: ModelFile, offered: dict[str, Path], source: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        for part in file.parts if file.parts and not _match(inner, offered) else (inner,):
            found = _match(part, offered)
            if found is None:
                raise ModelError(f"{source}: has no {part}, which the model {target.parent.name} needs")
            with found.open("rb") as stream:
                shutil.copyfileobj(stream, out, 1 << 20)


def _match(name: str, offered: dict[str, Path]) -> Path | None:
    """The offered file of that name, wherever in its source it lies; the outermost of several."""
    matches = [path for path in offered if path == name or path.endswith("/" + name)]
    return offered[min(matches, key=len)] if matches else None


def _swap(staging: Path, target: Path) -> None:
    if target.exists():
        target.rename(staging / "replaced")
    (staging / "model").rename(target)

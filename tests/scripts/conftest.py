import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What scripts/setup needs of a checkout, with nothing installed."""
    folder = tmp_path / "checkout"
    shutil.copytree(HOUSE / "scripts", folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HOUSE / "pyproject.toml", folder)
    return folder


@pytest.fixture
def programs(tmp_path: Path) -> Callable[[str, str], Path]:
    """Puts a program of a name that runs some lines of shell into a folder; gives that folder, for PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()

    def make(name: str, lines: str) -> Path:
        path = folder / name
        path.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
        path.chmod(0o755)
        return folder

    return make


@pytest.fixture
def setup(checkout: Path) -> Run:
    """Run scripts/setup of the checkout with options and variables of the environment."""

    def run(*options: str, path: Path | None = None, **environment: str) -> "subprocess.CompletedProcess[str]":
        before = f"{path}:" if path else ""
        environment = {"PATH": f"{before}/usr/bin:/bin", "HOME": str(checkout), "LC_ALL": "C.UTF-8", **environment}
        command = [f"{checkout}/scripts/setup", *options]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)

    return run

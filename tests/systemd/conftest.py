import shutil
import subprocess
from collections.abc import Callable
from configparser import ConfigParser
from pathlib import Path

import pytest

UNITS = Path(__file__).parents[2] / "systemd"


@pytest.fixture
def analyze(tmp_path: Path) -> Callable[..., tuple[str, str]]:
    """Run systemd-analyze on a copy of the units whose programs are there; gives its stdout and stderr."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze: apt-get install systemd")
    folder = shutil.copytree(UNITS, tmp_path / "units")
    for path in folder.glob("*.service"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("/opt/efterklang/current/bin/efterklang", "/bin/true"), encoding="utf-8")

    def run(*arguments: str) -> tuple[str, str]:
        command = ["systemd-analyze", "--no-pager", *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        return done.stdout, done.stderr

    return run


@pytest.fixture(params=sorted(path.name for path in UNITS.glob("*.service")))
def service(request: pytest.FixtureRequest) -> str:
    """The name of each service's file."""
    return str(request.param)


@pytest.fixture
def unit(service: str) -> ConfigParser:
    """A service's file with the sandbox that systemd adds to it; a key that stands twice keeps its last value."""
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment]  # systemd's keys have capitals
    parser.read([UNITS / service, UNITS / "efterklang-.service.d" / "10-sandbox.conf"], encoding="utf-8")
    return parser

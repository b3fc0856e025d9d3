from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.health import Context
from appliance.health.checks import http_inbox

Box = Callable[..., Context]


@pytest.fixture
def token(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.touch(mode=0o640)
    path.write_text("f" * 64 + "\n")
    return path


def whats(box: Box, path: Path) -> list[str]:
    return [issue.what for issue in http_inbox.run(box(intake={"http_token_file": str(path)}))]


def test_a_closed_inbox_needs_none(installed: Box) -> None:
    assert list(http_inbox.run(installed())) == []


def test_a_token_as_the_manual_makes_it_is_well(installed: Box, token: Path) -> None:
    assert whats(installed, token) == []


def test_a_token_that_is_not_there_is_named(installed: Box, tmp_path: Path) -> None:
    assert whats(installed, tmp_path / "none")[0].endswith("No such file or directory")


@pytest.mark.parametrize("content", ["", "f" * 31, "å" * 64])
def test_a_token_that_is_no_good_is_named_and_not_shown(installed: Box, token: Path, content: str) -> None:
    token.write_text(content, encoding="utf-8")
    (what,) = whats(installed, token)
    assert "openssl rand -hex 32" in what
    assert "ffff" not in what


def test_a_token_that_every_user_can_read_is_named(installed: Box, token: Path) -> None:
    token.chmod(0o644)
    assert whats(installed, token) == ["every user of this machine can read it"]

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from appliance.health import Context
from appliance.health.checks import configuration

Box = Callable[..., Context]


def whats(context: Context) -> list[str]:
    return [issue.what for issue in configuration.run(context)]


def test_a_practice_run_needs_no_configuration(practice: Box) -> None:
    assert whats(practice()) == []


def test_a_complete_box_is_well(installed: Box) -> None:
    assert whats(installed()) == []


def test_an_installed_box_without_a_pbx_is_told_so(installed: Box) -> None:
    assert whats(installed(sip=None)) == ["no PBX is given: nobody is rung"]


@pytest.mark.parametrize(
    ("sections", "what"),
    [
        ({"municipality": {"name": "Exempelköping"}}, "the municipality is still Exempelköping"),
        ({"sip": {"caller_id": ""}}, "no caller id: citizens would see no number"),
        ({"sip": {"transport": "tls", "ca_file": "/nowhere/ca.pem"}}, "it cannot be read: No such file or directory"),
        ({"sip": {"local_address": "192.0.2.1"}}, "no such address on this machine"),
        ({"sip": {"local_address": "the PBX"}}, "no such address on this machine"),
    ],
)
def test_what_a_box_lacks_is_named(installed: Box, sections: dict[str, Any], what: str) -> None:
    assert whats(installed(**sections)) == [what]


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 -- an address to look up, not to serve on
def test_an_address_of_this_machine_is_accepted(installed: Box, address: str) -> None:
    assert whats(installed(sip={"local_address": address})) == []


@pytest.mark.parametrize(("mode", "issues"), [(0o600, 0), (0o640, 0), (0o644, 1), (0o602, 1)])
def test_the_password_is_kept_from_others(installed: Box, tmp_path: Path, mode: int, issues: int) -> None:
    password = tmp_path / "sip-password"
    password.write_text("tulpanlök\n")
    password.chmod(mode)

    found = list(configuration.run(installed(sip={"password_file": password})))

    assert [issue.todo for issue in found] == [f"chmod o= {password}"] * issues


def test_a_password_that_is_missing_or_empty_is_named(installed: Box, tmp_path: Path) -> None:
    password = tmp_path / "sip-password"
    assert "No such file" in whats(installed(sip={"password_file": password}))[0]
    password.touch(mode=0o600)
    assert whats(installed(sip={"password_file": password})) == ["the password's file is empty"]


@pytest.mark.parametrize("key", ["ca_file", "cert_file", "key_file"])
def test_each_tls_file_that_cannot_be_read_is_named(installed: Box, tmp_path: Path, key: str) -> None:
    files = {name: tmp_path / f"{name}.pem" for name in ("ca_file", "cert_file", "key_file")}
    for name, path in files.items():
        path.mkdir() if name == key else path.touch(mode=0o640)

    (issue,) = configuration.run(installed(sip={"transport": "tls", **files}))

    assert (issue.what, issue.where) == ("it cannot be read: Is a directory", f"sip.{key} {files[key]}")


def test_the_tls_key_is_kept_from_others(installed: Box, tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    for path in (certificate, key):
        path.touch()
        path.chmod(0o644)

    found = list(configuration.run(installed(sip={"cert_file": certificate, "key_file": key})))

    assert [issue.todo for issue in found] == [f"chmod o= {key}"]

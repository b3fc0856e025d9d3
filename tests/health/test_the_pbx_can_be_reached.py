from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.health import Context
from appliance.health.checks import pbx_address

Box = Callable[..., Context]


@pytest.mark.parametrize(
    ("address", "warned"), [("10.1.2.3", False), ("192.168.1.5", False), ("127.0.0.1", False), ("8.8.8.8", True)]
)
def test_an_address_outside_the_sandbox_is_named_with_what_opens_it(
    installed: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, warned: bool
) -> None:
    monkeypatch.setattr(pbx_address, "_DROP_INS", tmp_path)
    box = installed(sip={"registrar": f"sip:{address}"})
    assert [address in issue.todo for issue in pbx_address.run(box)] == [True] * warned

    (tmp_path / "override.conf").write_text(f"[Service]\nIPAddressAllow={address}\n")
    assert list(pbx_address.run(box)) == []


def test_a_name_that_nobody_knows_is_an_error(installed: Box) -> None:
    box = installed(sip={"registrar": "sip:pbx.invalid:5060"})
    assert next(iter(pbx_address.run(box))).what.startswith("pbx.invalid is not found")


def test_the_practice_municipality_has_no_pbx_to_reach(practice: Box) -> None:
    assert list(pbx_address.run(practice())) == []

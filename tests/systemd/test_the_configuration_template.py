import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from appliance.settings import AmiSettings, Settings, SipSettings, TcpSettings
from appliance.settings_file import load

TEMPLATE = Path(__file__).parents[2] / "systemd" / "efterklang.toml"


@pytest.fixture
def everything() -> dict[str, Any]:
    """The template with every commented key brought to life."""
    text = TEMPLATE.read_text(encoding="utf-8")
    return tomllib.loads(re.sub(r"^#(?=\[|\w+ = )", "", text, flags=re.MULTILINE))


def test_it_can_be_used_as_it_is() -> None:
    settings = load(TEMPLATE)
    assert settings.sip is None
    assert str(settings.storage.memory_directory) == "/run/efterklang"


def test_it_has_every_key_and_no_other(everything: dict[str, Any]) -> None:
    expected = {
        section: {
            field.alias or key for key, field in (SipSettings if section == "sip" else model).model_fields.items()
        }
        for section, info in Settings.model_fields.items()
        if (model := info.annotation) is not None
    }
    assert {section: set(keys) for section, keys in everything.items()} == expected
    assert set(everything["intake"]["ami"]) == set(AmiSettings.model_fields)
    assert set(everything["intake"]["tcp"][0]) == set(TcpSettings.model_fields) - {"connect"}  # instead of listen


def test_what_it_calls_the_default_is_the_default(everything: dict[str, Any]) -> None:
    sip = everything.pop("sip")
    del everything["storage"]["memory_directory"], everything["intake"]["http_token_file"]
    ami, [tcp] = everything["intake"].pop("ami"), everything["intake"].pop("tcp")
    assert Settings.model_validate(everything) == Settings()
    assert AmiSettings.model_validate(ami) == AmiSettings.model_validate(
        {key: ami[key] for key in ("address", "user", "password_file")}
    )
    assert TcpSettings.model_validate(tcp).name == "vaxel"
    shown, default = SipSettings.model_validate(sip), SipSettings(registrar=sip["registrar"])
    examples = {"password_file", "cert_file", "key_file", "local_address", "caller_id"}
    assert shown.model_dump(exclude=examples) == default.model_dump(exclude=examples)

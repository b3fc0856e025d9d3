from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from appliance import settings_file
from appliance.cli import root
from appliance.errors import ConfigError
from appliance.settings import Settings, SipSettings, practice_settings
from appliance.settings_file import find, load

DELIVERED = Path(__file__).parents[1] / "systemd" / "efterklang.toml"
DESIGN = """
[municipality]
name = "Exempelköping"
code = "9999"
time_zone = "Europe/Stockholm"
[storage]
directory = "/var/lib/efterklang"
[sip]
registrar = "sip:pbx.exempel.lan:5060"
register = false
user = "efterklang"
password_file = "/etc/efterklang/sip-password"
transport = "tls"
ca_file = "/etc/efterklang/pbx-ca.pem"
srtp = "required"
local_address = "192.0.2.10"
caller_id = "0771000000"
processes = 2
calls_per_process = 4
[dialer]
hours = { mon-fri = "09:00-20:00", sat = "10:00-16:00" }
delay_minutes = 5
share = 0.25
quiet_days = 90
[web]
bind = "127.0.0.1:8080"
[speech]
model = "whisper-base"
[opinions]
model = "opinions-sv"
"""


@pytest.fixture(autouse=True)
def nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EFTERKLANG_CONFIG", raising=False)
    monkeypatch.setattr(settings_file, "DEFAULT_PATH", tmp_path / "etc" / "efterklang.toml")


def written(path: Path, name: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'[municipality]\nname = "{name}"\n', encoding="utf-8")
    return path


def test_every_key_of_the_design_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "efterklang.toml"
    path.write_text(DESIGN, encoding="utf-8")
    settings = load(path)
    assert settings.sip is not None
    assert not settings.sip.register_
    assert settings.sip.registrar_uri() == "sip:pbx.exempel.lan:5060;transport=tls"
    assert settings.dialer == Settings().dialer


def test_the_delivered_file_says_what_holds_without_it() -> None:
    delivered = load(DELIVERED)
    changed = {"storage"}  # systemd's memory-backed folder
    assert delivered.model_dump(exclude=changed) == Settings().model_dump(exclude=changed)


def test_settings_do_not_change_while_we_run() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().dialer.share = 1.0  # type: ignore[misc]  # that is the fault


def test_the_option_comes_before_the_environment_and_that_before_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    option, environment = written(tmp_path / "a.toml", "A"), written(tmp_path / "b.toml", "B")
    default = settings_file.DEFAULT_PATH
    assert find(None) is None
    written(default, "C")
    assert find(None) == default
    monkeypatch.setenv("EFTERKLANG_CONFIG", str(environment))
    assert find(None) == environment
    assert find(option) == option


@pytest.mark.parametrize("by_option", [True, False])
def test_the_command_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_option: bool) -> None:
    """A configuration that cannot be read is the proof that it was looked for."""
    path = tmp_path / "broken.toml"
    path.write_text("[storage]\ndirektory = 1")
    if not by_option:
        monkeypatch.setenv("EFTERKLANG_CONFIG", str(path))
    options = ["--config", str(path)] if by_option else []
    result = CliRunner().invoke(root, [*options, "nightly"])
    assert isinstance(result.exception, ConfigError)
    assert str(result.exception).startswith(f"{path}, line 2: unknown key storage.direktory; known here: directory")


def test_the_storage_option_comes_before_the_file(tmp_path: Path) -> None:
    path = tmp_path / "efterklang.toml"
    path.write_text('[storage]\ndirectory = "/nowhere/at/all"')
    result = CliRunner().invoke(root, ["--config", str(path), "--storage", str(tmp_path / "here"), "nightly"])
    assert result.exit_code == 0
    assert (tmp_path / "here" / "efterklang.db").exists()


def test_a_password_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "sip-password"
    path.write_text("hemligt ord\n")
    sip = SipSettings(registrar="sip:pbx", password_file=path)
    assert sip.password() == "hemligt ord"
    assert "hemligt" not in repr(sip)
    assert SipSettings(registrar="sip:pbx").password() == ""


def test_a_password_file_that_is_missing_is_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "none"
    with pytest.raises(ConfigError, match=f"^sip.password_file {path}: No such file or directory$"):
        SipSettings(registrar="sip:pbx", password_file=path).password()


def test_practice_changes_how_it_rings_and_how_much_room_that_needs() -> None:
    settings = Settings()
    practice = practice_settings(settings)
    changed = {"dialer": True, "storage": {"min_free_mib", "min_free_percent"}}
    assert practice.model_dump(exclude=changed) == settings.model_dump(exclude=changed)
    assert practice.dialer.holidays
    assert practice.dialer.max_attempts == 1

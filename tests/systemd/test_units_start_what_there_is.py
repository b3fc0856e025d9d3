from configparser import ConfigParser

from click import Context

from appliance.cli import root
from appliance.settings import StorageSettings


def test_each_starts_a_command_that_exists(unit: ConfigParser) -> None:
    program, command, *arguments = unit["Service"]["ExecStart"].split()
    assert program == "/opt/efterklang/current/bin/efterklang"
    assert command in root.list_commands(Context(root))
    assert arguments in ([], ["%i"])


def test_the_storage_is_where_the_settings_have_it(unit: ConfigParser) -> None:
    assert f"/var/lib/{unit['Service']['StateDirectory']}" == str(StorageSettings().directory)

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from appliance.errors import ConfigError
from appliance.settings import Settings
from appliance.settings_file import load

SECTIONS = sorted(Settings.model_fields)
BARE = st.from_regex(r"x_[A-Za-z0-9_-]{0,20}", fullmatch=True)
"""No key of ours begins so."""
BLANK = st.lists(st.sampled_from(["", "# a remark", "  "]), max_size=5)


def refused(directory: Path, text: str) -> str:
    """What is said of a configuration with this text; the file's name is left out."""
    path = directory / "efterklang.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}")
    assert len(message.splitlines()) == 1
    return message.removeprefix(f"{path}")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(section=st.sampled_from(SECTIONS), key=BARE, before=BLANK, between=BLANK)
def test_an_unknown_key_is_named_with_its_line(
    tmp_path: Path, section: str, key: str, before: list[str], between: list[str]
) -> None:
    known = ['registrar = "sip:pbx.exempel.lan"'] if section == "sip" else []
    lines = [*before, f"[{section}]", *known, *between, f"{key} = 1"]
    message = refused(tmp_path, "\n".join(lines))
    assert message.startswith(f", line {len(lines)}: unknown key {section}.{key}; known here: ")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(section=BARE, before=BLANK, is_table=st.booleans())
def test_an_unknown_section_is_named_with_its_line(
    tmp_path: Path, section: str, before: list[str], is_table: bool
) -> None:
    lines = [*before, f"[{section}]" if is_table else f"{section} = 1"]
    message = refused(tmp_path, "\n".join(lines))
    assert message == f", line {len(lines)}: unknown key {section}; known here: {', '.join(SECTIONS)}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[dialer]\n\nshare = "ofta"', ", line 3: dialer.share: input should be a valid number"),
        ("[dialer]\nshare = 1.5", ", line 2: dialer.share: input should be less than or equal to 1"),
        ("[dialer]\nshare = nan", ", line 2: dialer.share: input should be a finite number"),
        ("[dialer]\ndelay_minutes = inf", ", line 2: dialer.delay_minutes: input should be a finite number"),
        ("[dialer]\nquiet_days = 99999999", ", line 2: dialer.quiet_days: input should be less than or equal to 3650"),
        ("[dialer]\nlatest_hours = 1e12", ", line 2: dialer.latest_hours: input should be less than or equal to 720"),
        ("[dialer]\nmax_attempts = 0", ", line 2: dialer.max_attempts: input should be greater than or equal to 1"),
        ("[municipality]\nname = 5", ", line 2: municipality.name: input should be a valid string"),
        ('[municipality]\ncode = "99"', ", line 2: municipality.code: string should match pattern"),
        (
            '[municipality]\ntime_zone = "Sverige"',
            ', line 2: municipality.time_zone: is no time zone; "Europe/Stockholm" is one',
        ),
        ('municipality.time_zone = "../etc"', ", line 1: municipality.time_zone: is no time zone;"),
        ('[sip]\nregistrar = "sip:pbx"\ncert_file = "/c"', ", line 1: sip: cert_file needs key_file beside it"),
        ('[sip]\nregistrar = "sip:pbx"\nkey_file = "/k"', ", line 1: sip: key_file needs cert_file beside it"),
        ("[web]\nbind = 8080", ", line 2: web.bind: input should be a valid string"),
        ('[web]\nbind = "8080"', ', line 2: web.bind: must be "address:port", such as "127.0.0.1:8080"'),
        ('[web]\nbind = "127.0.0.1:99999"', ", line 2: web.bind: must be"),
        ('[sip]\nuser = "x"', ", line 1: sip.registrar: field required"),
        ('[sip]\nregistrar = "pbx"', ", line 2: sip.registrar: string should match pattern"),
        ('[sip]\nregistrar = "sip:pbx"\ntransport = "ipx"', ", line 3: sip.transport: input should be 'udp', 'tcp'"),
        ('[survey]\nlanguage = "fi"', ", line 2: survey.language: input should be 'sv' or 'en'"),
        ("[funnel]\ndenied_queues = [1]", ", line 2: funnel.denied_queues.0: input should be a valid string"),
        ("dialer = 5", ", line 1: dialer: input should be a valid dictionary"),
        ("[[dialer]]\nshare = 1", ", line 1: dialer: input should be a valid dictionary"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    assert refused(tmp_path, text).startswith(told)


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ('{ mån = "09:00-20:00" }', ""),
        ('{ mond = "09:00-20:00" }', '"mond" is no day; write mon, sat or mon-fri'),
        ('{ fri-mon = "09:00-20:00" }', '"fri-mon" runs backwards'),
        ('{ mon-fri = "9-20" }', '"9-20" for mon-fri is no time span; write 09:00-20:00'),
        ('{ mon-fri = "20:00-09:00" }', '"20:00-09:00" for mon-fri is no time span; write 09:00-20:00'),
        ("{ mon-fri = 9 }", '"9" for mon-fri is no time span; write 09:00-20:00'),
        ('"09:00-20:00"', 'must be a table, such as { mon-fri = "09:00-20:00" }'),
        ("[[[0, 99999]]]", 'must be a table, such as { mon-fri = "09:00-20:00" }'),
    ],
)
def test_hours_that_cannot_be_kept_are_refused(tmp_path: Path, hours: str, told: str) -> None:
    message = refused(tmp_path, f"[dialer]\n# when we ring\nhours = {hours}")
    assert message.startswith(f", line 3: dialer.hours: {told}" if told else ": not valid TOML: ")


def test_the_first_of_several_faults_is_told_and_the_others_are_counted(tmp_path: Path) -> None:
    message = refused(tmp_path, "[dialer]\nshare = 2\n[web]\nprot = 1\n[speech]\nthreads = -1")
    assert message.startswith(", line 2: dialer.share:")
    assert message.endswith(" (and 2 more)")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec="utf-8"), max_size=60))
@example('"a\\nb" = 1')
@example('[dialer."\\u2028"]')
def test_whatever_stands_in_the_file_is_read_or_refused_in_one_line(tmp_path: Path, text: str) -> None:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assert refused(tmp_path, text).startswith(": not valid TOML: ")
    else:
        assume(document)
        refused(tmp_path, text)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "efterklang.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match=r"efterklang\.toml: cannot read the configuration: not UTF-8 text$"):
        load(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: cannot read the configuration: No such file or directory$"):
        load(tmp_path / "none.toml")

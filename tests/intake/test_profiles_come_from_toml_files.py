from pathlib import Path

import pytest
from days import FORMATS, day
from profiles import reader_of
from records import NOW
from vendors import QUEUES

from appliance.errors import ConfigError
from appliance.intake.fields import Answered, CallDirection, CitizensNumber, Queue
from appliance.intake.layouts import Delimited, Fixed, Pattern
from appliance.intake.profile import Profile
from appliance.intake.profile_file import load_profile, shipped_profiles
from appliance.intake.times import Duration, Ended
from appliance.types import EndedContact

HOUSE = Path(__file__).parents[2]


def put(folder: Path, text: str, name: str = "ours.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_every_format_has_a_shipped_profile_that_says_what_it_is() -> None:
    assert set(shipped_profiles()) >= set(FORMATS)
    for name in shipped_profiles():
        profile = load_profile(name)
        assert profile.name == name
        assert profile.about


def test_each_vendor_s_profile_says_where_it_is_from_what_is_assumed_and_what_the_pbx_must_send() -> None:
    guide = (HOUSE / "systemd" / "pbx.md").read_text(encoding="utf-8")
    for name in set(FORMATS) - {"efterklang"}:
        text = (HOUSE / "appliance" / "intake" / "profiles" / f"{name}.toml").read_text(encoding="utf-8")
        assert [word for word in ("# From: ", "# Assumed", "# The PBX must send: ") if word not in text] == [], name
        assert f": `{name}`\n" in guide, "the guide has a section on it"


def test_every_key_of_a_profile_is_documented() -> None:
    guide = (HOUSE / "appliance" / "intake" / "profiles" / "README.md").read_text(encoding="utf-8")
    missing = [key for key in Profile.model_fields.keys() - {"name", "layout"} if f"`{key}`" not in guide]
    sections = (Answered, CallDirection, CitizensNumber, Duration, Ended, Queue, Delimited, Fixed, Pattern)
    for section in sections:
        missing += [key for key in section.model_fields if f"`{key}" not in guide and f"`layout.{key}" not in guide]
    assert missing == []


def test_a_profile_of_one_s_own_may_say_only_what_differs_from_a_shipped_one(tmp_path: Path) -> None:
    names = "\n".join(f'"{queue}" = "{name}"' for queue, name in QUEUES.items())
    path = put(tmp_path, f'base = "ip-office"\n[queue.names]\n{names}\n[number]\naccess_digits = "0"\n')
    profile, shipped = load_profile(path), load_profile("ip-office")
    assert profile.name == "ours"
    assert profile.queue.names == QUEUES
    assert profile.queue.columns == shipped.queue.columns
    assert profile.number.access_digits == "0"
    assert profile.layout == shipped.layout
    line = next(line for line in day("ip-office", 50, seed=1) if line.meant and line.meant.queue)
    assert line.meant
    item = reader_of(profile).read(1, line.text, NOW)
    assert isinstance(item, EndedContact)
    assert item.queue == line.meant.queue


def test_without_names_no_extension_of_a_person_s_is_kept_as_a_queue() -> None:
    for name in ("mx-one", "ip-office", "3cx"):
        reader = reader_of(load_profile(name))
        items = [reader.read(number, line.text, NOW) for number, line in enumerate(day(name, 200, seed=2), 1)]
        assert {item.queue for item in items if isinstance(item, EndedContact)} == {""}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("about = \n", "{path}: not valid TOML: "),
        ('base = "mx-two"\n', "{path}, line 1: base: no such profile; shipped are 3cx, avaya-cm, "),
        ('base = "3cx"\n\n[ended]\ntimezone = "UTC"\n', "{path}, line 4: ended.timezone: unknown key; "),
        (
            'base = "3cx"\n[ended]\nzone = "Svensk tid"\n',
            '{path}, line 3: ended.zone: is no time zone; write one such as "UTC"',
        ),
        ('base = "3cx"\nencoding = "utf-16"\n', "{path}, line 2: encoding: input should be 'utf-8', "),
        ('base = "3cx"\n[layout]\ncolumns = []\n', "{path}, line 2: layout: needs either header = true or columns"),
        (
            'base = "mx-one"\n[talk]\ncolumns = ["samtal"]\n',
            "{path}: profile: the layout has no column samtal; it ",
        ),
        ('[ended]\ncolumns = ["a"]\n', "{path}: layout: field required (and 1 more)"),
        ('base = "mx-one"\nignore = ["("]\n', "{path}, line 2: ignore.0: is no regular expression: "),
    ],
)
def test_what_is_wrong_is_one_line_with_file_line_and_key(tmp_path: Path, text: str, told: str) -> None:
    path = put(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_profile(path)
    assert str(caught.value).startswith(told.format(path=path))
    assert "\n" not in str(caught.value)


def test_a_profile_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^mxone: no such profile; shipped are 3cx, .*, or give a \.toml file$"):
        load_profile("mxone")
    path = tmp_path / "none.toml"
    with pytest.raises(ConfigError, match=f"^{path}: cannot read the profile: No such file or directory$"):
        load_profile(path)
    path.write_bytes(b"about = '\xff'")
    with pytest.raises(ConfigError, match=f"^{path}: cannot read the profile: not UTF-8 text$"):
        load_profile(path)

import sys
from pathlib import Path

import pytest

from appliance.cli import main
from appliance.store import interviews, open_store

CONFIGURATION = """
[sip]
registrar = "sip:192.0.2.5"
user = "4900"
caller_id = "031-390 06 00"
[dialer]
allowed_ranges = ["+4670", "+4631"]
"""


@pytest.mark.parametrize("words", [("040-628 04 00",), ("040-628", "04", "00"), ("040", "628", "04", "00")])
def test_a_number_is_typed_with_spaces_or_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    _is_refused(words, "it is outside dialer.allowed_ranges", tmp_path, monkeypatch, capsys)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("112", "it is an emergency or service number"),
        ("114 14", "it is an emergency or service number"),
        ("9-112", "it is an emergency or service number"),
        ("4900", "it is our own"),
        ("031-390 06 00", "it is our own"),
        ("040-628 04 00", "it is outside dialer.allowed_ranges"),
    ],
)
def test_what_must_not_be_rung_is_one_line_and_nothing_is_queued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: str, reason: str
) -> None:
    _is_refused((number,), reason, tmp_path, monkeypatch, capsys)


def _is_refused(
    words: tuple[str, ...], reason: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    configuration = tmp_path / "efterklang.toml"
    configuration.write_text(CONFIGURATION, encoding="utf-8")
    storage = tmp_path / "box"
    command = ["efterklang", "--config", str(configuration), "--storage", str(storage), "dial", *words]
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert capsys.readouterr() == ("", f"efterklang: this number is not rung: {reason}\n")
    assert interviews.all_ids(open_store(storage)) == []

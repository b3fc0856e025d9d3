import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from shipped import SHIPPED

from appliance.cli.classify import classify
from appliance.settings import Settings, StorageSettings

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("EFTERKLANG_MODELS", str(SHIPPED.parent))
    settings = Settings(storage=StorageSettings(directory=tmp_path))

    def run(*arguments: str, stdin: bytes = b"") -> Result:
        return CliRunner().invoke(classify, arguments, input=stdin, obj=settings)

    return run


def _line(**row: object) -> bytes:
    return json.dumps(row).encode() + b"\n"


def test_lines_come_out_in_order_with_their_opinions(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "comments.jsonl"
    file.write_bytes(_line(id="a-1", text="Hon var trevlig.") + _line(id=7, text="Nej tack."))
    result = run(str(file))
    assert result.exit_code == 0
    assert result.stderr == ""
    first, second = map(json.loads, result.stdout.splitlines())
    (opinion,) = first["opinions"]
    assert first["id"] == "a-1"
    assert (opinion["area"], opinion["tonality"]) == ("treatment", "positive")
    assert 0.3 <= opinion["score"] <= 1
    assert second == {"id": 7, "opinions": []}


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_standard_input_is_read_where_no_file_is_named(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments, stdin=_line(id="ö", text="kön var lång"))
    assert json.loads(result.stdout)["id"] == "ö"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"not json\n", "not JSON"),
        (b'{"id": "a"}\n', "wants"),
        (b'{"id": "a", "text": 5}\n', "wants"),
        (b'{"text": "hej"}\n', "wants"),
        (b'{"id": NaN, "text": "hej"}\n', "wants"),
        (b"\xff\xfe\n", "not UTF-8"),
        (b"[" * 100_000 + b"\n", "not JSON"),
        (b'{"id": ' + b"9" * 5000 + b', "text": "hej"}\n', "not JSON"),
    ],
)
def test_a_bad_line_is_named_and_the_others_go_on(run: Run, bad: bytes, reason: str) -> None:
    result = run(stdin=_line(id=1, text="hej") + bad + _line(id=3, text="hej"))
    assert result.exit_code == 1
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [1, 3]
    (message,) = result.stderr.splitlines()
    assert "line 2" in message
    assert reason in message


def test_empty_lines_and_empty_input_are_no_fault(run: Run) -> None:
    assert run(stdin=b"").exit_code == 0
    result = run(stdin=b"\n" + _line(id=1, text="") + b"  \n")
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"id": 1, "opinions": []})


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(lines=st.lists(st.binary(max_size=60).map(lambda b: b.replace(b"\n", b"")), max_size=5))
def test_any_bytes_give_an_answer_or_a_reason_for_each_line(run: Run, lines: list[bytes]) -> None:
    result = run(stdin=b"".join(line + b"\n" for line in lines))
    answers, reasons = result.stdout.splitlines(), result.stderr.splitlines()
    assert len(answers) + len(reasons) == sum(bool(line.strip()) for line in lines)
    assert result.exit_code == (1 if reasons else 0)

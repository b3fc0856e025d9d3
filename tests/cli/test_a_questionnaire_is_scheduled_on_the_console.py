import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from appliance.cli.prompts import prompts
from appliance.cli.questionnaires import questionnaires
from appliance.errors import ConfigError, UsageError
from appliance.settings import Settings
from appliance.sound import write_wav
from appliance.store import open_store, schedule
from appliance.store import questionnaires as kept
from appliance.survey.questionnaire import load_questionnaire
from appliance.survey.voices import tone

Run = Callable[..., Result]
LATER = "2099-01-01 12:00"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.model_validate({"storage": {"directory": tmp_path / "box"}})


@pytest.fixture
def run(settings: Settings) -> Run:
    return lambda *arguments: CliRunner().invoke(questionnaires, list(arguments), obj=settings)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path, "Hur bra var beskedet? Svara från 1 till 5.")


def write(folder: Path, text: str, questionnaire_id: str = "vattnet") -> Path:
    path = folder / f"{questionnaire_id}.toml"
    question = f'key = "news"\nkind = "scale"\nlabel.sv = "Beskedet"\ntext.sv = "{text}"'
    path.write_text(f'id = "{questionnaire_id}"\ntitle = "Vattnet"\n[[question]]\n{question}\n', encoding="utf-8")
    return path


def rows(run: Run) -> list[dict[str, object]]:
    return [json.loads(line) for line in run("list", "--json").stdout.splitlines()]


def test_from_a_file_to_a_period_and_back(run: Run, settings: Settings, file: Path) -> None:
    added = run("add", str(file))
    assert added.stdout == "vattnet version 1\n"
    assert "efterklang prompts make --questionnaire vattnet" in added.stderr
    assert "promote nothing" in added.stderr
    scheduled = run("schedule", "vattnet", "--from", "2026-11-22 13:00", "--until", LATER, "--queue", "Vatten")
    assert scheduled.stdout == "1\n"
    assert "until then the ordinary one is" in scheduled.stderr
    ordinary, known, period = rows(run)
    assert (ordinary["questionnaire"], ordinary["ordinary"]) == ("kontaktcenter", True)
    assert (known["title"], known["without_sound"]) == ("Vattnet", ["question_news"])
    assert (period["from"], period["until"], period["queues"]) == ("2026-11-22 13:00", LATER, ["Vatten"])
    (one,) = schedule.everything(open_store(settings.storage.directory))
    assert one.begins_at == datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert run("withdraw", "1").exit_code == 0
    assert rows(run)[-1]["state"] == "withdrawn"
    assert "no 1" in run("list").stdout


def test_other_words_are_the_next_version_and_both_can_be_shown(run: Run, tmp_path: Path, file: Path) -> None:
    run("add", str(file))
    assert run("add", str(file)).stdout == "vattnet version 1\n"
    assert run("add", str(write(tmp_path, "Nytt besked? Från 1 till 5."))).stdout == "vattnet version 2\n"
    assert json.loads(run("show", "vattnet").stdout)["question"][0]["text"]["sv"].startswith("Nytt")
    assert json.loads(run("show", "vattnet", "--version", "1").stdout)["question"][0]["text"]["sv"].startswith("Hur")


def test_its_sounds_are_made_as_all_prompts_are(run: Run, settings: Settings, file: Path, tmp_path: Path) -> None:
    run("add", str(file))
    write_wav(tmp_path / "own.wav", tone(440, 2))
    arguments = ["make", "question_news", "--questionnaire", "vattnet", "--from", str(tmp_path / "own.wav")]
    made = CliRunner().invoke(prompts, arguments, obj=settings)
    assert made.exit_code == 0, made.exception
    assert "the lines take it up by themselves" in made.stderr
    assert rows(run)[1]["without_sound"] == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["show", "branden"], "no questionnaire branden; known: vattnet"),
        (["schedule", "vattnet", "--until", "2020-01-01 12:00"], "over before anybody is asked"),
        (["withdraw", "7"], "nothing in force or to come is scheduled as 7; the schedule is empty"),
    ],
)
def test_what_cannot_be_is_one_clear_line(run: Run, file: Path, arguments: list[str], says: str) -> None:
    run("add", str(file))
    result = run(*arguments)
    assert isinstance(result.exception, UsageError)
    assert says in str(result.exception)


def test_a_question_that_cannot_be_asked_is_not_kept(run: Run, tmp_path: Path) -> None:
    result = run("add", str(write(tmp_path, "Hur bra var beskedet?")))
    assert isinstance(result.exception, ConfigError)
    assert "question 1 text: text must say the keys, 1 and 5, in figures" in str(result.exception)
    assert len(rows(run)) == 1


def test_the_ordinary_one_s_id_is_refused(run: Run, tmp_path: Path) -> None:
    result = run("add", str(write(tmp_path, "Hur? Från 1 till 5.", "kontaktcenter")))
    assert isinstance(result.exception, UsageError)
    assert "mixed with the ordinary" in str(result.exception)


def test_a_period_is_now_unless_told(run: Run, settings: Settings, file: Path) -> None:
    run("add", str(file))
    run("schedule", "vattnet", "--until", LATER)
    (one,) = schedule.everything(open_store(settings.storage.directory))
    assert abs(one.begins_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert one.queues == ()


def test_the_ordinary_one_cannot_be_scheduled(run: Run, settings: Settings) -> None:
    db, ordinary = open_store(settings.storage.directory), load_questionnaire("kontaktcenter")
    kept.freeze(db, ordinary.id, ordinary.version, ordinary.to_json())
    refused = run("schedule", ordinary.id, "--until", LATER)
    assert isinstance(refused.exception, UsageError)
    assert str(refused.exception).startswith("questionnaire kontaktcenter is asked without a schedule")
    assert schedule.everything(db) == []

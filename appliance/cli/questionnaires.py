"""`efterklang questionnaires`: what is asked, of whom and when."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import click

from appliance.errors import UsageError
from appliance.settings import Settings
from appliance.store import Database, open_store, schedule
from appliance.store import questionnaires as kept
from appliance.store.schedule import NewSchedule, Scheduled
from appliance.survey.draft import Draft
from appliance.survey.prompts import PromptLibrary
from appliance.survey.questionnaire import Questionnaire, load_questionnaire, read_questionnaire

_MOMENT: Final = click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"])
_MADE_BY: Final = "command line"
_REMINDER: Final = "a survey call must promote nothing and ask for no names: read the texts once more"


@click.group()
def questionnaires() -> None:
    """What is asked, of whom and when."""


@questionnaires.command("list")
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@click.pass_obj
def list_(settings: Settings, as_json: bool) -> None:
    """The ordinary questionnaire, the others, and what is scheduled; the newest first."""
    with closing(open_store(settings.storage.directory)) as db:
        rows = [*_known(settings, db), *_schedule(settings, db)]
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row))


def _known(settings: Settings, db: Database) -> Iterator[dict[str, Any]]:
    ordinary = load_questionnaire(settings.survey.questionnaire)
    yield {"questionnaire": ordinary.id, "title": ordinary.name, "ordinary": True, "questions": len(ordinary.questions)}
    seen = {ordinary.id}
    for one in map(Questionnaire.from_json, kept.contents(db)):
        if one.id not in seen and not schedule.is_ordinary(db, one.id):
            seen.add(one.id)
            missing = PromptLibrary(settings, one).missing(settings.survey.language)
            yield {
                "questionnaire": one.id,
                "version": one.version,
                "title": one.name,
                "ordinary": False,
                "questions": len(one.questions),
                "without_sound": missing,
            }


def _schedule(settings: Settings, db: Database) -> Iterator[dict[str, Any]]:
    zone, now = ZoneInfo(settings.municipality.time_zone), datetime.now(UTC)
    for one in schedule.everything(db):
        yield {
            "scheduled": one.id,
            "questionnaire": one.questionnaire[0],
            "version": one.questionnaire[1],
            "state": one.state(now),
            "from": f"{one.begins_at.astimezone(zone):%Y-%m-%d %H:%M}",
            "until": f"{one.ends_at.astimezone(zone):%Y-%m-%d %H:%M}",
            "queues": list(one.queues),
            "made_by": one.made_by,
        }


def _line(row: dict[str, Any]) -> str:
    if "scheduled" in row:
        queues = ", ".join(row["queues"]) or "all queues"
        what = f"{row['questionnaire']} version {row['version']}"
        return f"no {row['scheduled']:<3} {row['state']:10} {row['from']} – {row['until']}  {what}  {queues}"
    if row["ordinary"]:
        return f"{row['questionnaire']:20} the ordinary one, {row['questions']} questions"
    lacking = f"no sound: {', '.join(row['without_sound'])}" if row["without_sound"] else "all have a sound"
    return (
        f"{row['questionnaire']:20} version {row['version']}, {row['questions']} questions, {lacking}  {row['title']}"
    )


@questionnaires.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def add(settings: Settings, file: Path) -> None:
    """Keep the questionnaire of a TOML FILE; other words under the same id are its next version."""
    if file.suffix != ".toml":
        raise UsageError(f"{file}: a questionnaire is a TOML file, NAME.toml")
    draft = read_questionnaire(file, Draft, settings.survey.language)
    with closing(open_store(settings.storage.directory)) as db:
        ordinary = load_questionnaire(settings.survey.questionnaire)
        version = kept.add(db, draft.id, draft.to_json(), ordinary.id)
    click.echo(_REMINDER, err=True)
    if missing := PromptLibrary(settings, draft).missing(settings.survey.language):
        click.echo(f"{len(missing)} without a sound: efterklang prompts make --questionnaire {draft.id}", err=True)
    click.echo(f"{draft.id} version {version}")


@questionnaires.command()
@click.argument("questionnaire_id", metavar="ID")
@click.option("--version", type=int, help="Default: the newest.")
@click.pass_obj
def show(settings: Settings, questionnaire_id: str, version: int | None) -> None:
    """What a questionnaire asks, in which words, as JSON."""
    with closing(open_store(settings.storage.directory)) as db:
        click.echo(_one(db, questionnaire_id, version).model_dump_json(by_alias=True, exclude_defaults=True, indent=2))


@questionnaires.command("schedule")
@click.argument("questionnaire_id", metavar="ID")
@click.option("--from", "begins", type=_MOMENT, help='In local time, "2026-11-22 13:00"; default: now.')
@click.option("--until", "ends", type=_MOMENT, required=True, help="In local time.")
@click.option("--queue", "queues", multiple=True, metavar="NAME", help="Only who has talked in this queue; repeatable.")
@click.option("--version", type=int, help="Default: the newest.")
@click.pass_obj
def schedule_(
    settings: Settings, questionnaire_id: str, begins: datetime | None, ends: datetime, queues: tuple[str, ...],
    version: int | None,
) -> None:  # fmt: skip
    """Ask the questionnaire ID instead of the ordinary one for a period; of two for one queue the last made is asked.

    It counts when a citizen is rung for the first time, not when the call to the contact center ended.
    """
    zone, now = ZoneInfo(settings.municipality.time_zone), datetime.now(UTC)
    with closing(open_store(settings.storage.directory)) as db:
        asked = _one(db, questionnaire_id, version)
        period = begins.replace(tzinfo=zone) if begins else now, ends.replace(tzinfo=zone)
        new = NewSchedule((asked.id, asked.version), queues, *period, _MADE_BY)
        number = schedule.add(db, new, now, load_questionnaire(settings.survey.questionnaire).id)
    if missing := PromptLibrary(settings, asked).missing(settings.survey.language):
        click.echo(f"asked once these have a sound: {', '.join(missing)}; until then the ordinary one is", err=True)
    click.echo(f"{number}")


@questionnaires.command()
@click.argument("number", type=int)
@click.pass_obj
def withdraw(settings: Settings, number: int) -> None:
    """Ask what was scheduled as NUMBER of nobody new; whose interview has begun is asked it to the end."""
    with closing(open_store(settings.storage.directory)) as db:
        if not schedule.withdraw(db, number, _MADE_BY, datetime.now(UTC)):
            raise UsageError(f"nothing in force or to come is scheduled as {number}; {_numbers(db)}")
    click.echo(f"{number} is withdrawn", err=True)


def _numbers(db: Database) -> str:
    coming: list[Scheduled] = schedule.to_come(db, datetime.now(UTC))
    return f"there are {', '.join(str(one.id) for one in coming)}" if coming else "the schedule is empty"


def _one(db: Database, questionnaire_id: str, version: int | None) -> Questionnaire:
    found = [Questionnaire.from_json(content) for content in kept.versions_of(db, questionnaire_id)]
    if chosen := next((one for one in found if version in {None, one.version}), None):
        return chosen
    ids = sorted({Questionnaire.from_json(content).id for content in kept.contents(db)})
    raise UsageError(
        f"no questionnaire {questionnaire_id}{f' version {version}' if version else ''}; known: {', '.join(ids)}"
    )

"""A line that runs is told of a crisis: through a real exchange one queue hears other questions, for a period."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from pbx.asterisk import Asterisk
from pbx.box import Box, wait_until
from pbx.citizens import COMMENTS, STARTS, Citizen, presses, seconds_of
from pbx.hearing import disturbed, places_heard

from appliance.sound import read_wav
from appliance.store import answers, questionnaires, schedule
from appliance.store.schedule import NewSchedule
from appliance.survey.loudness import fit
from appliance.survey.prompts import PromptLibrary, Source
from appliance.survey.questionnaire import Questionnaire
from appliance.types import E164, InterviewId, Language, Outcome

ORDINARY: Final = "question_treatment"
CRISIS: Final = Questionnaire.model_validate(
    {
        "id": "vattnet",
        "questions": [
            {"key": "treatment", "kind": "scale", "label": {"sv": "Beskedet"}, "text": {"sv": "Beskedet? 1 till 5."}},
            {"key": "water", "kind": "yes_no", "label": {"sv": "Vatten"}, "text": {"sv": "Vatten? Ja 1, nej 2."}},
        ],
    }
)
SOUNDS: Final = {"question_treatment": "02-halvtimme.wav", "question_water": "03-losning.wav"}
"""Human speech that no prompt of ours says."""
MINUTE: Final = timedelta(minutes=1)


def citizen(number: int, *steps: str) -> Citizen:
    """What the box says is recorded."""
    hears = f"MixMonitor(,r(${{HERE}}/spool/{number}.wav))"
    return Citizen(E164(f"+467017406{number:02}"), ("Answer()", hears, *steps), None)


_TALKS: Final = (*STARTS[1:], "Wait(6)", *presses("4"), "Wait(4)", *presses("1"), "Wait(1)", "Hangup()")
TALKERS: Final = [citizen(number, *_TALKS) for number in range(99, 92, -1)]
LISTENERS: Final = [citizen(number, "Wait(60)", "Hangup()") for number in (80, 81, 82)]
"""They hear the greeting out and press nothing."""


class Town:
    """A box on an exchange, its line, and what each telephone has heard."""

    def __init__(self, exchange: Asterisk, box: Box) -> None:
        self.exchange = exchange
        self.box = box
        self.library = PromptLibrary(box.settings, CRISIS)
        self._talkers = iter(TALKERS)

    @contextmanager
    def calls(self, *queues: str) -> Iterator[list[tuple[InterviewId, Path]]]:
        """One call for a citizen of each queue, over on leaving."""
        people = [next(self._talkers) for _ in queues]
        made = [self.box.queue(one, queue) for one, queue in zip(people, queues, strict=True)]
        yield [(i, self.heard_by(one)) for i, one in zip(made, people, strict=True)]
        wait_until(lambda: all(map(self.box.is_over, made)), 90)

    def call(self, *queues: str) -> list[str]:
        """What was asked of a citizen of each queue, by what the telephone heard and by what stands in the store."""
        with self.calls(*queues) as calls:
            pass
        return [self.asked(interview, heard) for interview, heard in calls]

    def heard_by(self, one: Citizen) -> Path:
        return self.exchange.folder / "spool" / f"{one.number[-2:]}.wav"

    def asked(self, interview: InterviewId, heard: Path) -> str:
        ordinary = len(places_heard(ORDINARY, heard)) >= 3
        crisis = self.has_sounds and len(places_heard(ORDINARY, heard, self.library)) >= 3
        assert ordinary != crisis, f"{heard}: ordinary {ordinary}, crisis {crisis}"
        row = self.box.db.execute("SELECT questionnaire_id FROM interviews WHERE id = ?", (interview,)).fetchone()
        assert row[0] == ("vattnet" if crisis else "kontaktcenter")
        return str(row[0])

    @property
    def has_sounds(self) -> bool:
        return self.library.find(ORDINARY, Language.SWEDISH) is not None

    def schedule(self, *queues: str) -> int:
        db, now = self.box.db, datetime.now(UTC)
        version = questionnaires.freeze(db, CRISIS.id, 1, CRISIS.to_json())
        new = NewSchedule((CRISIS.id, version), queues, now, now + 60 * MINUTE, "anna")
        return schedule.add(db, new, now, "kontaktcenter")

    def bring_sounds(self) -> None:
        for key, name in SOUNDS.items():
            self.library.save(key, Language.SWEDISH, fit(read_wav(COMMENTS / name)), Source.OWN)

    def has_taken_them_up(self) -> bool:
        return "2 questions of other questionnaires can be asked" in self.box.said()


@pytest.fixture
def town(start_asterisk: Callable[..., Asterisk], box_on: Callable[..., Box]) -> Town:
    exchange = start_asterisk(citizens=[*TALKERS, *LISTENERS])
    return Town(exchange, box_on(exchange, calls_per_process=4))


@pytest.mark.slow
def test_one_queue_hears_the_crisis_questions_until_the_period_ends(town: Town) -> None:
    with town.box.line():
        assert town.call("Vatten") == ["kontaktcenter"]
        number = town.schedule("Vatten")
        assert town.call("Vatten") == ["kontaktcenter"]
        assert "vattnet version 1 is not asked yet: its sounds are not there" in town.box.said()
        town.bring_sounds()
        wait_until(town.has_taken_them_up, 20)
        with town.calls("Vatten", "Växel") as ((crisis, heard), (ordinary, _)):
            pass
        assert [town.asked(crisis, heard)] == ["vattnet"]
        assert len(places_heard("question_water", heard, town.library)) >= 3
        assert schedule.withdraw(town.box.db, number, "anna", datetime.now(UTC))
        assert town.call("Vatten") == ["kontaktcenter"]
    given = {i: answers.of_interview(town.box.db, i) for i in (crisis, ordinary)}
    assert {key: answer.value for key, answer in given[crisis].items()} == {"treatment": 4, "water": 1}
    assert {key: answer.value for key, answer in given[ordinary].items()} == {"treatment": 4, "knowledge": 1}
    assert [town.box.outcome(i) for i in (crisis, ordinary)] == [Outcome.COMPLETED, Outcome.PARTIAL]


@pytest.mark.slow
def test_no_live_call_hears_that_new_questions_are_taken_up(town: Town) -> None:
    with town.box.line():
        made = [town.box.queue(one) for one in LISTENERS]
        wait_until(lambda: all(map(town.box.is_picked_up, made)), 20)
        town.schedule()
        town.bring_sounds()
        wait_until(town.has_taken_them_up, seconds_of("greeting"), f"the calls are live: {town.box.said()}")
        assert town.call("Vatten") == ["vattnet"]
        wait_until(lambda: all(map(town.box.is_over, made)), 90)
        cache = town.box.directory / "cache"
        time.sleep(5)
        assert [file.name for file in cache.iterdir()] == ["line-1-1.wav"]
    heard = {one.number[-2:]: disturbed("greeting", town.heard_by(one)) for one in LISTENERS}
    assert {name: bad for name, (bad, _) in heard.items()} == dict.fromkeys(heard, 0), heard

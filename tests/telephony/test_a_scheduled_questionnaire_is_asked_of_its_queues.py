"""Which questionnaire an interview asks: decided at its first attempt, by the contact's queue and that moment."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest
from made_up import NUMBER, MadeUp
from telephony.callers import EXTENSION, Callers
from telephony.dummy_phone import DummyPhone

from appliance.store import answers, interviews, questionnaires, schedule
from appliance.store.answers import Answer
from appliance.store.interviews import Lease
from appliance.store.schedule import NewSchedule
from appliance.survey.atlas import Clip
from appliance.survey.questionnaire import Questionnaire, load_questionnaire
from appliance.telephony._api import Span
from appliance.telephony.desk import Desk
from appliance.types import AnswerKind

ORDINARY = load_questionnaire("kontaktcenter")
HOUR = timedelta(hours=1)


def of(questionnaire_id: str, *words: str, key: str = "water") -> Questionnaire:
    """A questionnaire of questions in those words."""
    asked = [
        {
            "key": key if not number else f"{key}_{number}",
            "kind": "scale",
            "label": {"sv": "Vatten"},
            "text": {"sv": text},
        }
        for number, text in enumerate(words)
    ]
    return Questionnaire.model_validate({"id": questionnaire_id, "questions": asked})


WATER = of("vatten", "Fick du veta nog om vattnet? Svara från 1 till 5.")
FIRE = of("brand", "Fick du veta nog om branden? Svara från 1 till 5.", key="treatment")


def plan(callers: Callers, questionnaire: Questionnaire, begins: timedelta, ends: timedelta, *queues: str) -> int:
    db, now = callers.desk.db, callers.desk.now()
    version = questionnaires.freeze(db, questionnaire.id, 1, questionnaire.to_json())
    new = NewSchedule((questionnaire.id, version), queues, now + begins, now + ends, "anna")
    return schedule.add(db, new, now + begins, ORDINARY.id)


def have_sounds(callers: Callers, *known: Questionnaire) -> None:
    """The atlas holds the questions of these, besides the ordinary one's."""
    words = [(question.prompt, question.text.sv) for each in known for question in each.questions]
    clips = {prompt: Clip(500_000 + 1000 * number, 1000) for number, prompt in enumerate(words)}
    callers.repertoire.renew(replace(callers.atlas, questions=MappingProxyType(clips)))


def asked(callers: Callers, made: MadeUp, queue: str) -> str:
    lease = made.live(queue=queue)
    return callers.desk.questionnaire_of(lease, callers.repertoire).id


def on_record(made: MadeUp, lease: Lease) -> tuple[str, int]:
    row = made.db.execute(
        "SELECT questionnaire_id, questionnaire_version FROM interviews WHERE id = ?", (lease.interview_id,)
    )
    return tuple(row.fetchone())


def test_one_queue_hears_it_and_the_others_do_not(callers: Callers, made: MadeUp) -> None:
    have_sounds(callers, WATER)
    plan(callers, WATER, -HOUR, HOUR, "Vatten")
    assert [asked(callers, made, queue) for queue in ("Vatten", "VATTEN", "Växel", "")] == [
        "vatten", "vatten", "kontaktcenter", "kontaktcenter",
    ]  # fmt: skip


@pytest.mark.parametrize(("begins", "ends"), [(HOUR, 2 * HOUR), (-2 * HOUR, -HOUR)])
def test_before_and_after_its_period_nobody_hears_it(
    callers: Callers, made: MadeUp, begins: timedelta, ends: timedelta
) -> None:
    have_sounds(callers, WATER)
    plan(callers, WATER, begins, ends)
    assert asked(callers, made, "Vatten") == "kontaktcenter"


def test_the_moment_of_the_call_counts_and_not_that_of_the_contact(callers: Callers, made: MadeUp) -> None:
    have_sounds(callers, WATER)
    plan(callers, WATER, -timedelta(minutes=1), HOUR)
    made.now -= 3 * HOUR
    assert asked(callers, made, "Vatten") == "vatten"


def test_of_two_the_one_scheduled_last_is_asked(callers: Callers, made: MadeUp) -> None:
    have_sounds(callers, WATER, FIRE)
    plan(callers, WATER, -HOUR, HOUR)
    last = plan(callers, FIRE, -2 * HOUR, HOUR, "Brand")
    assert [asked(callers, made, queue) for queue in ("Brand", "Växel")] == ["brand", "vatten"]
    assert schedule.withdraw(made.db, last, "anna", callers.desk.now())
    assert asked(callers, made, "Brand") == "vatten"


def test_without_its_sounds_the_ordinary_one_is_asked_until_they_are_there(
    callers: Callers, made: MadeUp, caplog: pytest.LogCaptureFixture
) -> None:
    plan(callers, WATER, -HOUR, HOUR)
    assert asked(callers, made, "Vatten") == "kontaktcenter"
    assert "vatten version 1 is not asked yet: its sounds are not there" in caplog.text
    have_sounds(callers, WATER)
    assert asked(callers, made, "Vatten") == "vatten"


def test_a_later_call_of_the_same_interview_keeps_it(callers: Callers, made: MadeUp) -> None:
    have_sounds(callers, WATER)
    number = plan(callers, WATER, -HOUR, HOUR)
    lease = made.live(queue="Vatten")
    callers.desk.questionnaire_of(lease, callers.repertoire)
    schedule.withdraw(made.db, number, "anna", callers.desk.now())
    again = replace(lease, questionnaire=on_record(made, lease), rings=1)
    assert callers.desk.questionnaire_of(again, callers.repertoire).asks_as(WATER)
    assert on_record(made, lease) == ("vatten", 1)


def test_once_withdrawn_it_is_not_asked_of_whom_no_phone_has_rung_for(callers: Callers, made: MadeUp) -> None:
    have_sounds(callers, WATER)
    number = plan(callers, WATER, -HOUR, HOUR)
    lease = made.live()
    assert callers.desk.questionnaire_of(lease, callers.repertoire).id == "vatten"
    schedule.withdraw(made.db, number, "anna", callers.desk.now())
    again = replace(lease, questionnaire=on_record(made, lease))
    assert callers.desk.questionnaire_of(again, callers.repertoire).id == ORDINARY.id
    assert on_record(made, lease)[0] == ORDINARY.id
    begun = replace(lease, questionnaire=("vatten", 1), has_started=True)
    assert callers.desk.questionnaire_of(begun, callers.repertoire).id == "vatten", "they rang us, and pressed 1"


def test_a_correction_without_its_sounds_leaves_the_one_in_force(callers: Callers, made: MadeUp) -> None:
    have_sounds(callers, WATER)
    plan(callers, WATER, -HOUR, HOUR)
    corrected = of("vatten", "Fick du veta nog i dag? Svara från 1 till 5.")
    plan(callers, corrected, -HOUR, HOUR)
    assert asked(callers, made, "Vatten") == "vatten"
    lease = made.live()
    assert callers.desk.questionnaire_of(lease, callers.repertoire).asks_as(WATER)
    have_sounds(callers, WATER, corrected)
    assert callers.desk.questionnaire_of(made.live(), callers.repertoire).asks_as(corrected)


def test_it_is_temporary_from_then_on_though_it_is_withdrawn(callers: Callers, made: MadeUp) -> None:
    have_sounds(callers, WATER, FIRE)
    asked_of_one, of_none = plan(callers, WATER, -HOUR, HOUR, "Vatten"), plan(callers, FIRE, -HOUR, HOUR, "Brand")
    asked(callers, made, "Vatten")
    for number in (asked_of_one, of_none):
        assert schedule.withdraw(made.db, number, "anna", callers.desk.now())
    assert schedule.is_temporary(made.db, "vatten")
    assert not schedule.is_temporary(made.db, "brand"), "nobody was asked"


def test_its_sounds_gone_answers_of_two_questionnaires_are_not_mixed(callers: Callers, made: MadeUp) -> None:
    two = of("vatten", "Ett? 1 till 5.", "Två? 1 till 5.")
    have_sounds(callers, two)
    plan(callers, two, -HOUR, HOUR)
    lease = made.live()
    callers.desk.questionnaire_of(lease, callers.repertoire)
    again = replace(lease, questionnaire=on_record(made, lease), rings=1)
    answers.add(made.db, lease.interview_id, Answer("water", AnswerKind.VALUE, 4), made.now)
    have_sounds(callers, of("vatten", "Ett? 1 till 5."))
    left = callers.desk.questionnaire_of(again, callers.repertoire)
    assert (left.id, [question.key for question in left.questions]) == ("vatten", ["water"])
    assert on_record(made, lease) == ("vatten", 1)


def test_who_is_put_through_hears_what_all_queues_hear(callers: Callers, made: MadeUp) -> None:
    have_sounds(callers, WATER, FIRE)
    plan(callers, WATER, -HOUR, HOUR)
    plan(callers, FIRE, -HOUR, HOUR, "Brand")
    callers.talk(NUMBER, asked=EXTENSION).press("1")
    assert played(callers.phone)[-1].start == 500_000
    assert questionnaires.wanted(made.db) == [questionnaires.content_of(made.db, "vatten", 1)]


def test_the_same_key_in_other_words_has_a_sound_of_its_own(callers: Callers, made: MadeUp) -> None:
    have_sounds(callers, WATER, FIRE)
    plan(callers, FIRE, -HOUR, HOUR)
    callers.talk(NUMBER, asked=EXTENSION).press("1")
    (span,) = played(callers.phone)[-1:]
    assert (span.start, span.file) == (501_000, callers.atlas.file)
    ordinary = callers.repertoire.atlas_for(ORDINARY)
    assert ordinary.clips["question_treatment"] == callers.atlas.clips["question_treatment"]


def test_a_line_asks_for_what_may_be_asked(callers: Callers, made: MadeUp) -> None:
    have_sounds(callers, WATER)
    plan(callers, WATER, -2 * HOUR, -HOUR)
    plan(callers, FIRE, HOUR, 2 * HOUR)
    assert ids(callers.desk) == ["brand"]
    begun = made.live()
    interviews.set_questionnaire(made.db, begun.interview_id, ("vatten", 1))
    callers.desk.questionnaire_of(made.live(), callers.repertoire)
    assert ids(callers.desk) == ["brand", "vatten"]


def ids(desk: Desk) -> list[str]:
    return [each.id for each in desk.asked_at_times(ORDINARY)]


def played(phone: DummyPhone) -> list[Span]:
    spans: list[Span] = []
    for what, details in phone.told:
        if what == "play":
            assert isinstance(details, Iterable)
            spans += details
    return spans

import phonenumbers
import pytest

from appliance.errors import UsageError
from appliance.practice.numbers import FICTIONAL_NUMBERS
from appliance.practice.people import COMMENTS_DIRECTORY, Habit, citizen_of, spoken_comments
from appliance.settings import PRACTICE_CALLER_ID
from appliance.types import E164


def test_every_number_is_of_a_range_kept_free_for_fiction_and_belongs_to_one_citizen() -> None:
    assert len(set(FICTIONAL_NUMBERS)) == len(FICTIONAL_NUMBERS) == 494
    assert PRACTICE_CALLER_ID not in FICTIONAL_NUMBERS
    for number in FICTIONAL_NUMBERS:
        assert phonenumbers.is_valid_number(phonenumbers.parse(number))


def test_twenty_neighbours_have_every_habit() -> None:
    for first in range(0, len(FICTIONAL_NUMBERS) - 20, 20):
        assert {citizen_of(number).habit for number in FICTIONAL_NUMBERS[first : first + 20]} == set(Habit)


def test_the_same_number_is_always_the_same_citizen() -> None:
    citizen_of_first = citizen_of(FICTIONAL_NUMBERS[0])
    assert citizen_of(FICTIONAL_NUMBERS[0]) == citizen_of_first


def test_a_number_of_nobody_is_refused() -> None:
    with pytest.raises(UsageError, match="no citizen"):
        citizen_of(E164("+46701740604"))


def test_thirty_comments_or_more_ship_with_sound_text_and_opinions() -> None:
    comments = spoken_comments()
    assert len(comments) >= 30
    assert any(not comment.opinions for comment in comments)
    for comment in comments:
        assert (COMMENTS_DIRECTORY / comment.file).is_file()
        assert comment.text

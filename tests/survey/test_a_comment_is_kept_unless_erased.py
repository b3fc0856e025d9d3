from world import recording_world, started_world

from appliance.survey.events import (
    End,
    EraseComment,
    HangUp,
    HungUp,
    KeepComment,
    Play,
    RecordingEnded,
    StartRecording,
    StopRecording,
    Wait,
)
from appliance.types import Outcome


def test_the_invitation_is_followed_by_the_recording() -> None:
    world = started_world()
    assert world.press("333222")[-1] == Play(("comment_invite",))
    assert world.let_pass() == (StartRecording(),)


def test_hash_during_the_invitation_declines() -> None:
    world = started_world()
    world.press("333222")
    assert world.press("#") == (Play(("thanks",)),)
    assert world.let_pass() == (HangUp(),)
    assert world.let_pass() == (End(Outcome.COMPLETED),)


def test_star_repeats_the_invitation_and_then_the_review_five_times_each() -> None:
    world = started_world()
    world.press("333222")
    assert world.press("******") == (Play(("comment_invite",)),) * 5
    world.let_pass()
    world.send(RecordingEnded(spoken=True))
    assert world.press("******") == (Play(("review",)),) * 5


def test_hash_stops_the_recording_once_and_other_keys_do_not() -> None:
    world = recording_world()
    assert world.press("1*7") == ()
    assert world.press("#") == (StopRecording(),)
    assert world.press("#") == ()
    assert world.let_pass() == (Play(("review",)),)


def test_key_1_keeps() -> None:
    world = recording_world()
    world.send(RecordingEnded(spoken=True))
    assert world.press("1") == (KeepComment(), Play(("kept", "thanks")))


def test_key_7_erases() -> None:
    world = recording_world()
    world.send(RecordingEnded(spoken=True))
    assert world.press("7") == (EraseComment(), Play(("erased", "thanks")))
    assert world.send(HungUp()) == (End(Outcome.COMPLETED),)


def test_no_key_asks_once_more_and_then_keeps() -> None:
    world = recording_world()
    world.send(RecordingEnded(spoken=True))
    assert world.let_pass() == (Wait(8.0),)
    assert world.let_pass() == (Play(("no_key", "review")),)
    world.let_pass()
    assert world.let_pass() == (KeepComment(), Play(("kept", "thanks")))


def test_silence_is_forgotten_without_a_question() -> None:
    assert recording_world().send(RecordingEnded(spoken=False)) == (EraseComment(), Play(("thanks",)))


def test_a_hang_up_while_speaking_keeps_the_comment() -> None:
    assert recording_world().send(HungUp()) == (KeepComment(), End(Outcome.COMPLETED))


def test_a_hang_up_while_stopping_keeps_the_comment() -> None:
    world = recording_world()
    world.press("#")
    assert world.send(HungUp()) == (KeepComment(), End(Outcome.COMPLETED))


def test_a_hang_up_in_review_keeps_the_comment() -> None:
    world = recording_world()
    world.send(RecordingEnded(spoken=True))
    assert world.send(HungUp()) == (KeepComment(), End(Outcome.COMPLETED))


def test_a_second_end_of_the_recording_does_nothing() -> None:
    world = recording_world()
    world.send(RecordingEnded(spoken=True))
    assert world.send(RecordingEnded(spoken=False)) == ()

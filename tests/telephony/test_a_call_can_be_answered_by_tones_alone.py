"""A PBX that sends keys in no other way: a full interview by sound."""

import numpy as np
from telephony.conversation import CALL, SPEECH, Conversation
from telephony.line_sound import frames, key_tone, silence

from appliance.custody.recordings import decrypt_recording
from appliance.store import comments
from appliance.store.answers import of_interview
from appliance.telephony._api import Connected, Ringing
from appliance.types import AnswerKind


def press_as_tones(conversation: Conversation, keys: str) -> None:
    """Each key sounds 0.1 s, half a second after the prompt has begun."""
    for key in keys:
        for frame in frames(np.concatenate([silence(0.5), key_tone(key, 0.1), silence(0.1)])):
            conversation.say(frame, 0.02)


def test_the_answers_are_saved_and_the_comment_ends_with_a_tone(conversation: Conversation) -> None:
    conversation.pick_up()
    press_as_tones(conversation, "1444144")
    assert conversation.last_played() == ["comment_invite"]
    conversation.hear_out()
    conversation.hear_out()
    conversation.say(SPEECH, 3)
    press_as_tones(conversation, "#")
    assert conversation.last_played() == ["review"]
    press_as_tones(conversation, "1")

    given = of_interview(conversation.desk.db, conversation.lease.interview_id)
    assert [answer.kind for answer in given.values()] == [AnswerKind.VALUE] * 6
    comment = comments.of_interview(conversation.desk.db, conversation.lease.interview_id)
    assert comment
    assert comment.recording
    desk = conversation.desk
    pcm = decrypt_recording(desk.keys, desk.settings.storage.directory, comment.recording)
    loud = np.abs(np.frombuffer(pcm, "<i2")) > 100
    assert 3.5 <= np.flatnonzero(loud)[-1] / 8000 <= 3.56  # half a second of silence, and no more of the tone than this


def test_no_voice_is_a_key_once_the_pbx_has_told_of_one(conversation: Conversation) -> None:
    conversation.pick_up()
    conversation.press("1")
    asked = conversation.last_played()
    press_as_tones(conversation, "4")
    assert conversation.last_played() == asked


def test_a_tone_before_the_citizen_picks_up_is_the_network_s(conversation: Conversation) -> None:
    conversation.session.handle(Ringing(CALL), conversation.now)
    press_as_tones(conversation, "1")
    conversation.session.handle(Connected(CALL), conversation.now)
    assert conversation.last_played() == ["greeting", "menu"]


def test_a_tone_in_the_greeting_is_a_human_s(conversation: Conversation) -> None:
    conversation.pick_up()
    conversation.say(SPEECH, 6)
    press_as_tones(conversation, "9")
    assert conversation.last_played() == ["opted_out"]

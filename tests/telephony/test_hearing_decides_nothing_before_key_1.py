"""Whatever is heard: outside the recording the phone is told the same things at the same moments as without hearing."""

from pathlib import Path
from types import MappingProxyType

import numpy as np
from bench.pickups import beep, with_beep
from bench.telephone import load_voices, through_the_line
from hypothesis import given, settings
from hypothesis import strategies as st
from sounds import COMMENTS
from telephony.conversation import CALL, SILENCE
from telephony.dummy_phone import DummyPhone

from appliance.store.answers import Answer
from appliance.survey.atlas import Atlas, Clip
from appliance.survey.dialogue import begin
from appliance.survey.prompts import prompt_list
from appliance.survey.questionnaire import load_questionnaire
from appliance.telephony._api import Connected, Digit, Disconnected, Heard, PhoneEvent, Played, Ringing
from appliance.telephony.recording import Recording
from appliance.telephony.session import Session
from appliance.types import InterviewId, LaterTime, Outcome

QUESTIONNAIRE = load_questionnaire("kontaktcenter")
_CLIPS = {prompt.key: Clip(index * 1000, 1000) for index, prompt in enumerate(prompt_list())}
ATLAS = Atlas(Path("unused.wav"), MappingProxyType({"tone": Clip(900_000, 1000), **_CLIPS}))


class Notes:
    """A journal in memory."""

    interview_id = InterviewId(1)

    def __init__(self) -> None:
        self.written: list[object] = []
        self.outcome: Outcome | None = None

    def rang(self) -> None:
        self.written.append("rang")

    def picked_up(self) -> None:
        self.written.append("picked up")

    def started(self) -> None:
        self.written.append("started")

    def save(self, answer: Answer) -> None:
        self.written.append(answer)

    def opt_out(self) -> None:
        self.written.append("opt out")

    def ring_later(self, when: LaterTime | None) -> None:
        self.written.append(when)

    def open_recording(self) -> Recording:
        raise OSError(28, "no room for a recording in this test")

    def keep_comment(self, recording: Recording) -> None:
        raise AssertionError("there is no recording")

    def lose_comment(self) -> None:
        self.written.append("lost")

    def ended(self, outcome: Outcome, sip_status: int | None) -> None:
        self.written.append(("ended", sip_status))
        self.outcome = outcome


def _sounds() -> dict[str, list[bytes]]:
    """Two seconds each."""
    import random

    clips = load_voices(COMMENTS)
    made = {
        "speech": through_the_line(np.concatenate([clips[0], clips[1]])[:16_000]),
        "beep": through_the_line(np.concatenate([beep(1000, 0.5, -12), np.zeros(12_000)])),
        "fax": through_the_line(beep(2100, 2, -12)),
        "noise": through_the_line(np.random.default_rng(1).normal(0, 0.3, 16_000)),
        "voicemail": with_beep(random.Random(1), (), clips[2]).pcm,
        "silence": SILENCE * 100,
    }
    return {name: [pcm[at : at + 320] for at in range(0, len(pcm) - 319, 320)] for name, pcm in made.items()}


SOUNDS = _sounds()

happening = st.one_of(
    st.builds(Ringing, st.just(CALL)),
    st.builds(Connected, st.just(CALL)),
    st.builds(Digit, st.just(CALL), st.sampled_from("0123456789*#")),
    st.builds(Played, st.just(CALL)),
    st.builds(Disconnected, st.just(CALL), st.sampled_from([200, 486, 408, 503])),
)
course = st.lists(st.tuples(happening, st.floats(0.1, 9), st.sampled_from([None, *SOUNDS])), max_size=40)


def through_a_call(events: list[tuple[PhoneEvent, float, str | None]], *, deaf: bool) -> tuple[list[object], Notes]:
    """What the phone is told, with the moment; after each event some time passes, in which something is heard."""
    phone, notes, now = DummyPhone(), Notes(), 0.0
    told: list[object] = []
    session = Session(CALL, notes, begin(QUESTIONNAIRE), phone, ATLAS, 28, now)
    for event, seconds, sound in [(Ringing(CALL), 1.0, None), (Connected(CALL), 1.0, None), *events]:
        if session.is_over:
            break
        session.handle(event, now)
        for frame in range(round(seconds * 50)):
            if sound and not deaf and not session.is_over:
                session.handle(Heard(CALL, SOUNDS[sound][frame % len(SOUNDS[sound])]), now)
            now += 0.02
            if not session.is_over:
                session.tick(now)
        told.append((round(now, 2), list(phone.told)))
    return told, notes


@given(events=course)
@settings(max_examples=60)
def test_the_phone_and_the_journal_are_told_the_same_as_without_hearing(
    events: list[tuple[PhoneEvent, float, str | None]],
) -> None:
    heard, notes = through_a_call(events, deaf=False)
    deaf, same_notes = through_a_call(events, deaf=True)
    assert heard == deaf
    assert notes.written == same_notes.written
    if notes.outcome is not same_notes.outcome:
        assert same_notes.outcome is Outcome.NO_START
        assert notes.outcome in {Outcome.VOICEMAIL, Outcome.BAD_NUMBER}

"""The people behind Asterisk's dialplan, one number and one behaviour each; numbers are of PTS's range for fiction.

They cannot hear the prompts: they press keys at a pace, and know from the prompts' own lengths when the tone comes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import appliance
from appliance.settings import Settings, StorageSettings
from appliance.sound import CALL_RATE_HZ
from appliance.survey.prompts import PromptLibrary
from appliance.survey.questionnaire import load_questionnaire
from appliance.types import E164, Language, Outcome

COMMENTS: Final = Path(appliance.__file__).parent / "practice" / "comments"
SHIPPED: Final = PromptLibrary(Settings(storage=StorageSettings(directory=Path("/nowhere"))))
_SETTLE_SECONDS: Final = 2.0
"""Between a key and the next; the box drops keys in a prompt's first 0.3 s, which on a busy machine begin late."""

QUESTIONS: Final = tuple(question.key for question in load_questionnaire("kontaktcenter").questions)
ANSWERS: Final = "444144"
"""What everybody here answers; the fourth question knows 1 and 2 only."""


def seconds_of(*prompts: str) -> float:
    """How long the shipped prompts are together."""
    return sum(len(SHIPPED.samples(prompt, Language.SWEDISH)) for prompt in prompts) / CALL_RATE_HZ


def presses(keys: str) -> tuple[str, ...]:
    """Dialplan steps: the keys, at a pace."""
    return tuple(step for key in keys for step in (f"Wait({_SETTLE_SECONDS})", f"SendDTMF({key})"))


def says(comment: str = "22-lite-lang") -> tuple[str, ...]:
    """Dialplan steps: hear the invitation out and speak after the tone; `${HERE}` is the exchange's folder."""
    return (f"Wait({seconds_of('comment_invite', 'tone') + 1:.1f})", f"Playback(${{HERE}}/comments/{comment})")


WAIT_FOR_THE_END: Final = "Wait(300)"
STARTS: Final = ("Answer()", "Wait(1.5)", *presses("1"))
ANSWERS_ALL: Final = (*STARTS, *presses(ANSWERS))
COMMENTS_AND_KEEPS: Final = (*says(), *presses("#1"), WAIT_FOR_THE_END)
COMPLETES: Final = (*ANSWERS_ALL, *COMMENTS_AND_KEEPS)


@dataclass(frozen=True, slots=True)
class Citizen:
    """`answers` is how many questions get one; `comment`: one is kept."""

    number: E164
    steps: tuple[str, ...]
    outcome: Outcome | None
    """None where the test that rings this one says what is right."""
    answers: int = 0
    comment: bool = False


_BEHAVIOURS: Final[dict[str, tuple[tuple[str, ...], Outcome | None, int, bool]]] = {
    "completes": (COMPLETES, Outcome.COMPLETED, 6, True),
    "no_comment": ((*ANSWERS_ALL, *presses("#"), WAIT_FOR_THE_END), Outcome.COMPLETED, 6, False),
    "opts_out": (("Answer()", *presses("9"), WAIT_FOR_THE_END), Outcome.OPTED_OUT, 0, False),
    "erases": ((*ANSWERS_ALL, *says(), *presses("#7"), WAIT_FOR_THE_END), Outcome.COMPLETED, 6, False),
    "rings_then_completes": (("Ringing()", "Wait(2)", *COMPLETES), Outcome.COMPLETED, 6, True),
    "early_media": (
        # A 9 that counted would opt out for ever, a 1 would start the interview.
        ("Progress()", "Playback(${HERE}/comments/17-fungerat,noanswer)", "SendDTMF(91)", "Wait(1)", *COMPLETES),
        Outcome.COMPLETED, 6, True,
    ),
    "early_media_busy": (
        ("Progress()", "SendDTMF(19)", "Playback(${HERE}/comments/17-fungerat,noanswer)", "Hangup(17)"),
        Outcome.BUSY, 0, False,
    ),
    "busy": (("Ringing()", "Wait(1)", "Hangup(17)"), Outcome.BUSY, 0, False),
    "no_answer": (("Ringing()", "Wait(120)"), Outcome.NO_ANSWER, 0, False),
    "unavailable_480": (("Hangup(19)",), Outcome.NO_ANSWER, 0, False),
    "rejects_403": (("Ringing()", "Wait(1)", "Hangup(21)"), Outcome.REFUSED, 0, False),
    "forbidden_403": (("Hangup(21)",), Outcome.TRUNK_FAULT, 0, False),
    "unknown_404": (("Hangup(1)",), Outcome.BAD_NUMBER, 0, False),
    "gone_410": (("Hangup(22)",), Outcome.BAD_NUMBER, 0, False),
    "incomplete_484": (("Hangup(28)",), Outcome.BAD_NUMBER, 0, False),
    "congested_503": (("Hangup(34)",), Outcome.TRUNK_FAULT, 0, False),
    "voicemail": (
        (
            "Answer()", "Wait(0.5)", "Playback(${HERE}/comments/02-halvtimme)", "Playtones(1000/400,0/60000)",
            "Wait(0.4)", "StopPlaytones()", WAIT_FOR_THE_END,
        ),
        Outcome.VOICEMAIL, 0, False,
    ),
    "silent": (("Answer()", WAIT_FOR_THE_END), Outcome.NO_START, 0, False),
    "hangs_up_at_greeting": (("Answer()", "Wait(2)", "Hangup()"), Outcome.NO_START, 0, False),
    "hangs_up_at_menu": (
        ("Answer()", f"Wait({seconds_of('greeting') + 2:.1f})", "Hangup()"), Outcome.NO_START, 0, False,
    ),
    **{
        f"hangs_up_at_question_{number + 1}": (
            (*STARTS, *presses(ANSWERS[:number]), "Wait(1)", "Hangup()"), Outcome.PARTIAL, number, False,
        )
        for number in range(len(ANSWERS))
    },
    "hangs_up_at_invitation": ((*ANSWERS_ALL, "Wait(1)", "Hangup()"), Outcome.COMPLETED, 6, False),
    "hangs_up_speaking": ((*ANSWERS_ALL, *says(), "Hangup()"), Outcome.COMPLETED, 6, True),
    "hangs_up_at_review": ((*ANSWERS_ALL, *says(), *presses("#"), "Wait(1)", "Hangup()"), Outcome.COMPLETED, 6, True),
    "answers_three_and_waits": ((*STARTS, *presses(ANSWERS[:3]), WAIT_FOR_THE_END), None, 3, False),
    "speaks_long": (
        (*ANSWERS_ALL, *says(), *(f"Playback(${{HERE}}/comments/{c})" for c in ("02-halvtimme", "03-losning") * 5),
         *presses("#1"), WAIT_FOR_THE_END),
        None, 6, True,
    ),
    "puts_off": (("Answer()", *presses("23"), WAIT_FOR_THE_END), None, 0, False),  # to tomorrow morning
    "is_a_phone": (
        ("MixMonitor(,r(${HERE}/spool/${UNIQUEID}.wav))", "Dial(PJSIP/phone,60)", "Hangup(${HANGUPCAUSE})"),
        None, 0, False,
    ),
}  # fmt: skip

CITIZENS: Final = {
    name: Citizen(E164(f"+467017406{number:02}"), *behaviour)
    for number, (name, behaviour) in enumerate(_BEHAVIOURS.items(), 5)
}
"""By name. Others of a test's own take numbers from 099 downwards."""


def dialplan(inside: Path, citizens: Iterable[Citizen] | None = None) -> str:
    """extensions.conf: context `citizens` is rung by the box; `phones` and `outside-…` ring the box."""
    lines = ["[globals]", f"HERE = {inside}", "[citizens]"]
    for citizen in CITIZENS.values() if citizens is None else citizens:
        first, *rest = citizen.steps
        lines += [f"exten = {citizen.number},1,{first}", *(f"same = n,{step}" for step in rest)]
    asked = "Dial(PJSIP/{}@trunk,40)"
    registered = "Dial(${PJSIP_DIAL_CONTACTS(efterklang)},40)"
    lines += ["[phones]", f"exten = _[+0-9].,1,{asked.format('${EXTEN}')}", f"exten = box,1,{registered}"]
    for way, how in (("trunk", asked.format("${CUT(EXTEN,*,2)}")), ("registered", registered)):
        lines += [f"[outside-{way}]", "exten = _[+0-9].,1,Set(CALLERID(num)=${CUT(EXTEN,*,1)})", f"same = n,{how}"]
    return "\n".join([*lines, ""])

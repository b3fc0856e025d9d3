from appliance.cli.dial import _lines
from appliance.types import AnswerKind, Area, Outcome, Tonality


def test_what_came_of_a_call_is_read_without_knowing_python() -> None:
    result = {
        "outcome": Outcome.COMPLETED,
        "answers": {"treatment": 4, "got_answer": AnswerKind.SKIPPED},
        "seconds": 31.2,
        "comment": "trevlig personal",
        "opinions": [
            {"area": Area.TREATMENT, "tonality": Tonality.POSITIVE, "score": 0.912},
            {"area": Area.WAITING_TIME, "tonality": Tonality.NEGATIVE, "score": 0.5},
        ],
    }
    assert _lines(result) == [
        "outcome: completed",
        "answers: treatment 4, got_answer skipped",
        "seconds: 31.2",
        "comment: trevlig personal",
        "opinions: treatment positive (0.912), waiting_time negative (0.5)",
    ]


def test_nothing_is_said_of_what_there_is_none_of() -> None:
    result = {"outcome": Outcome.NO_ANSWER, "answers": {}, "seconds": 8.0, "comment": None, "opinions": []}
    assert _lines(result) == ["outcome: no_answer", "answers:", "seconds: 8.0", "comment:", "opinions:"]

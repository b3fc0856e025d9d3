import json

import pytest
from made_up import MadeUp
from records import NOW, register_of

from appliance.intake.http_inbox import MAX_SOURCES, RefusedBodyError, take_in
from appliance.store import intake_sources


def hand_in(box: MadeUp, source: str) -> int:
    call = {"call_id": "1", "ended_at": NOW.isoformat(), "number": None, "talk_seconds": 60, "source": source}
    body = json.dumps(call).encode()
    return take_in(box.db, box.keys, register_of(box.db, box.directory), body, "", NOW)[0]


def test_after_fifty_names_a_new_one_is_refused_and_the_known_ones_are_not(box: MadeUp) -> None:
    for number in range(MAX_SOURCES):
        assert hand_in(box, f"pbx-{number}") == 202
    with pytest.raises(RefusedBodyError) as refused:
        hand_in(box, "one-too-many")
    [fault] = refused.value.faults
    assert (fault.pointer, fault.detail) == ("#/source", "is new, and 50 have been named, which is the limit")
    assert hand_in(box, "pbx-7") == hand_in(box, "http") == 202
    assert len(intake_sources.all_sources(box.db)) == MAX_SOURCES + 1

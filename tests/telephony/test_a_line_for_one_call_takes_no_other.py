from pathlib import Path

from made_up import MadeUp
from telephony.callers import Callers


def test_without_patience_a_call_that_comes_in_is_turned_away(made: MadeUp, tmp_path: Path) -> None:
    callers = Callers(made, tmp_path, patience_seconds=None)
    assert not callers.ring("0701740605")
    assert ("reject", 480) in callers.phone.told

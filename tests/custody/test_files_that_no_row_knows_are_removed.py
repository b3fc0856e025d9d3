import os
import time

from made_up import SECOND_OF_SILENCE, MadeUp

from appliance.custody.recordings import comments_directory, encrypt_recording
from appliance.custody.upkeep import remove_strays

HOUR_SECONDS = 3600


def aged(box: MadeUp, name: str, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(comments_directory(box.directory) / name, (then, then))


def names(box: MadeUp) -> set[str]:
    return {path.name for path in comments_directory(box.directory).iterdir()}


def test_only_old_strays_go_and_what_a_row_knows_stays(box: MadeUp) -> None:
    box.recorded()
    (known,) = names(box)
    old, young = (encrypt_recording(box.keys, box.directory, SECOND_OF_SILENCE).file for _ in range(2))
    draft = comments_directory(box.directory) / "half.draft"
    draft.write_bytes(b"half")
    for name in (known, old, draft.name):
        aged(box, name, HOUR_SECONDS + 60)
    aged(box, young, HOUR_SECONDS - 60)
    assert remove_strays(box.db, box.directory) == 2
    assert names(box) == {known, young}
    assert remove_strays(box.db, box.directory) == 0


def test_a_box_without_a_comment_has_no_strays(box: MadeUp) -> None:
    assert remove_strays(box.db, box.directory) == 0

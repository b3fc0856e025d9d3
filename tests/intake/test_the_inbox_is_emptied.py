from datetime import timedelta
from pathlib import Path

import pytest
from made_up import MadeUp
from records import HEADER, NOW, NUMBERS, STOCKHOLM, put, reasons, register_of, row, settings_with

from appliance.errors import IntakeError
from appliance.intake import inbox
from appliance.intake.inbox import inbox_directory, sweep
from appliance.intake.register import Register
from appliance.store import interviews
from appliance.types import DrawReason

BROKEN = "9,i går,070-174 06 09,Växel,0,0,inbound,1"


@pytest.fixture
def register(box: MadeUp) -> Register:
    return register_of(box.db, box.directory)


def left(box: MadeUp) -> list[str]:
    """What lies in the inbox and its folders; a rejected file's time is left out of its name."""
    found = inbox_directory(box.directory).rglob("*")
    return sorted(path.name.split("-", 1)[-1] for path in found if path.is_file())


def rejected(box: MadeUp, ending: str) -> str:
    (path,) = inbox_directory(box.directory).glob(f"rejected/*{ending}")
    return path.read_text(encoding="utf-8")


def test_a_file_is_taken_in_and_removed(box: MadeUp, register: Register) -> None:
    put(box, "a.csv", row("1"), row("2", NUMBERS[1]))
    put(box, "b.csv", row("3", ""))
    assert sweep(box.directory, register, STOCKHOLM, NOW) == 2
    assert reasons(box.db) == [DrawReason.QUEUED, DrawReason.QUEUED, DrawReason.ANONYMOUS]
    assert left(box) == []
    assert sweep(box.directory, register, STOCKHOLM, NOW) == 0


def test_the_inbox_is_made_and_is_our_own_user_s(box: MadeUp, register: Register) -> None:
    assert sweep(box.directory, register, STOCKHOLM, NOW) == 0
    assert inbox_directory(box.directory).stat().st_mode & 0o777 == 0o700


def test_only_the_unreadable_lines_stay_with_the_reasons(box: MadeUp, register: Register) -> None:
    put(box, "calls.csv", row("1"), BROKEN, row("2", NUMBERS[1]))
    assert sweep(box.directory, register, STOCKHOLM, NOW) == 1
    assert reasons(box.db) == [DrawReason.QUEUED] * 2
    assert left(box) == ["calls.csv", "calls.csv.reasons"]
    assert rejected(box, ".csv") == f"{HEADER}\n{BROKEN}\n"
    assert rejected(box, ".reasons") == "line 3: ended_at is no time; write 2026-11-21T14:05:00\n"


def test_the_corrected_lines_can_be_put_back(box: MadeUp, register: Register) -> None:
    put(box, "calls.csv", row("1"), BROKEN)
    sweep(box.directory, register, STOCKHOLM, NOW)
    (path,) = inbox_directory(box.directory).glob("rejected/*.csv")
    corrected = path.read_text(encoding="utf-8").replace("i går", "2026-11-24T15:00")
    put(box, "again.csv", corrected.splitlines()[1])
    sweep(box.directory, register, STOCKHOLM, NOW)
    assert reasons(box.db) == [DrawReason.QUEUED, DrawReason.TOO_SHORT]


@pytest.mark.parametrize(("header", "encoding"), [("samtal,slut,nummer", "utf-8"), ("samtål,slut", "latin-1")])
def test_a_file_that_is_none_of_ours_is_set_aside_whole(
    box: MadeUp, register: Register, caplog: pytest.LogCaptureFixture, header: str, encoding: str
) -> None:
    whole = put(box, "calls.csv", row("1"), row("2", NUMBERS[1]), header=header, encoding=encoding).read_bytes()
    assert sweep(box.directory, register, STOCKHOLM, NOW) == 1
    assert left(box) == ["calls.csv", "calls.csv.reasons"]
    (path,) = inbox_directory(box.directory).glob("rejected/*.csv")
    assert path.read_bytes() == whole
    assert len(rejected(box, ".reasons").splitlines()) == len(caplog.messages) == 1


def test_a_second_file_of_the_same_name_does_not_displace_the_first(box: MadeUp, register: Register) -> None:
    for number in range(3):
        put(box, "calls.csv", BROKEN.replace("9", str(number), 1))
        sweep(box.directory, register, STOCKHOLM, NOW + number * timedelta(seconds=1))
    assert left(box) == ["calls.csv"] * 3 + ["calls.csv.reasons"] * 3


def test_a_file_that_may_still_be_written_to_is_left(box: MadeUp, register: Register) -> None:
    put(box, "calls.csv", row("1"), age_seconds=0)
    put(box, "calls.draft", row("2"))
    assert sweep(box.directory, register, STOCKHOLM, NOW) == 0
    assert left(box) == ["calls.csv", "calls.draft"]


def test_a_file_that_grows_while_it_is_read_is_taken_in_to_its_end(
    box: MadeUp, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(box, "calls.csv", row("1"))
    take_in = inbox.take_in

    def take_in_while_it_grows(*arguments: object) -> object:
        tally = take_in(*arguments)  # type: ignore[arg-type]  # passed on as they come
        with path.open("a", encoding="utf-8") as file:
            file.write(row("2", NUMBERS[1]) + "\n")
        return tally

    with monkeypatch.context() as patched:
        patched.setattr(inbox, "take_in", take_in_while_it_grows)
        sweep(box.directory, register, STOCKHOLM, NOW)
    assert left(box) == ["calls.csv"]
    put(box, "calls.csv", row("1"), row("2", NUMBERS[1]))
    sweep(box.directory, register, STOCKHOLM, NOW)
    assert reasons(box.db) == [DrawReason.QUEUED] * 2
    assert left(box) == []


def test_a_crash_before_the_file_is_removed_doubles_nothing(
    box: MadeUp, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(box, "calls.csv", *(row(str(number), NUMBERS[number]) for number in range(10)))

    def crash(_: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", crash)
        with pytest.raises(KeyboardInterrupt):
            sweep(box.directory, register, STOCKHOLM, NOW)
    assert left(box) == ["calls.csv"]
    sweep(box.directory, register, STOCKHOLM, NOW)
    assert left(box) == []
    assert len(reasons(box.db)) == len(interviews.all_ids(box.db)) == 10


def test_a_crash_in_the_middle_of_a_file_goes_on_where_it_was(
    box: MadeUp, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(box, "calls.csv", *(row(str(number), NUMBERS[number]) for number in range(10)))
    seen = iter(range(6))
    with monkeypatch.context() as patched:
        admit = Register.admit
        patched.setattr(Register, "admit", lambda *arguments: (next(seen), admit(*arguments))[1])
        with pytest.raises(StopIteration):
            sweep(box.directory, register, STOCKHOLM, NOW)
    assert len(reasons(box.db)) == 6
    sweep(box.directory, register, STOCKHOLM, NOW)
    assert len(reasons(box.db)) == len(interviews.all_ids(box.db)) == 10


def test_what_is_no_file_is_left_alone(box: MadeUp, register: Register) -> None:
    folder = inbox_directory(box.directory)
    (folder / "folder.csv").mkdir(parents=True)
    (folder / "nowhere.csv").symlink_to(folder / "none")
    assert sweep(box.directory, register, STOCKHOLM, NOW) == 0


def test_a_file_that_cannot_be_put_away_is_one_clear_line(
    box: MadeUp, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(box, "calls.csv", row("1"))

    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(IntakeError, match=f"^{path}: cannot be put away: Permission denied; the inbox must belong"):
        sweep(box.directory, register, STOCKHOLM, NOW)


def test_odd_numbers_stop_nothing(box: MadeUp) -> None:
    register = register_of(box.db, box.directory, settings_with(dialer={"share": 0.0}))
    odd = ["+0000001", "00" + "1" * 20, "+999123"]
    put(box, "calls.csv", *(row(str(number), odd[number % 3] + str(number)) for number in range(60)))
    sweep(box.directory, register, STOCKHOLM, NOW)
    assert set(reasons(box.db)) == {DrawReason.FOREIGN_OR_PREMIUM}

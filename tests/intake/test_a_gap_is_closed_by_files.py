from contextlib import closing

from made_up import MadeUp
from records import NUMBERS, inbox_of, put, reasons, row, settings_with, sweep
from wires import Intake, free_port, line, pbx_at, profile_in

from appliance.store import intake_sources
from appliance.types import DrawReason


def test_a_file_in_the_folder_of_a_connection_is_of_the_same_source(box: MadeUp) -> None:
    port = free_port()
    tcp = {
        "name": "vaxel",
        "profile": profile_in(box.directory),
        "listen": f"127.0.0.1:{port}",
        "trusted_addresses": ["127.0.0.1"],
    }
    settings = settings_with(intake={"tcp": [tcp]})
    intake = Intake(box, settings.intake.tcp[0])
    with closing(intake.adapter), pbx_at(port) as pbx:
        pbx.sendall(line("1"))
        intake.until(lambda: intake.lines() == 1)
    told = line("1").decode().strip(), line("2", NUMBERS[1]).decode().strip()
    put(box, "vaxel/gap.csv", told[1], header=told[0])
    sweep(inbox_of(box, settings))
    assert reasons(box.db) == [DrawReason.QUEUED, DrawReason.QUEUED]
    (source,) = intake_sources.all_sources(box.db)
    assert (source.name, source.decided, source.repeated) == ("vaxel", 2, 1)


def test_the_folder_of_no_connection_is_read_with_the_profile_of_its_name(box: MadeUp) -> None:
    put(box, "efterklang/calls.csv", row("1"))
    sweep(inbox_of(box))
    assert [source.name for source in intake_sources.all_sources(box.db)] == ["efterklang"]

from made_up import MadeUp
from records import STOCKHOLM, at_home, register_of, settings_with

from appliance.intake.adapter import Desk
from appliance.intake.worker import adapters_of
from appliance.store import intake_streams
from appliance.store.intake_streams import Mark


def test_the_places_in_connections_that_did_not_outlive_the_process_are_forgotten(box: MadeUp) -> None:
    intake_streams.set_mark(box.db, "vaxel.dead", Mark(100, 2))
    settings = at_home(box, settings_with())
    adapters = adapters_of(Desk(box.db, register_of(box.db, box.directory, settings), settings, STOCKHOLM))
    for adapter in adapters:
        adapter.close()
    assert intake_streams.mark_of(box.db, "vaxel.dead") == Mark()


def test_the_places_in_those_that_were_kept_stay(box: MadeUp) -> None:
    for name in ("vaxel.dead", "vaxel.kept"):
        intake_streams.set_mark(box.db, name, Mark(100, 2))
    intake_streams.keep_only(box.db, {"vaxel.kept"})
    assert intake_streams.mark_of(box.db, "vaxel.kept") == Mark(100, 2)
    assert intake_streams.mark_of(box.db, "vaxel.dead") == Mark()

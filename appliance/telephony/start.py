"""Put a line together from the settings and run it."""

import math
from datetime import UTC, datetime
from typing import Final

from appliance.custody.opt_outs import open_box
from appliance.dialer.dialer import Dialer
from appliance.settings import Settings, SipSettings
from appliance.signals import StopSignal
from appliance.store import interviews
from appliance.survey.questionnaire import load_questionnaire
from appliance.telephony._phone import SipPhone
from appliance.telephony.desk import Desk
from appliance.telephony.line import Line
from appliance.telephony.reception import Reception
from appliance.telephony.recording import recordings_directory
from appliance.telephony.renewal import Renewal, build
from appliance.telephony.repertoire import Repertoire
from appliance.types import InterviewId

_PATIENCE_SECONDS: Final = 0.4
"""Line 1 answers a call first, the next one this much later where the first has no place."""
_STAFF_WAITS_SECONDS: Final = 5.0
"""A call that staff waits for is then tried without a registration, so that it ends and says why."""


def run_line(
    name: str, number: int, settings: Settings, sip: SipSettings, stop: StopSignal, only: InterviewId | None
) -> None:
    """Run until told to stop, or until interview `only` is over: such a line takes no calls."""
    directory = settings.storage.directory
    db, keys = open_box(directory, datetime.now(UTC))
    dialer = Dialer(db, settings, name, only)
    desk = Desk(db, keys, settings, dialer, recordings_directory(settings), dialer.clock.now)
    atlas_file = directory / "cache" / f"{name}.wav"
    atlas_file.parent.mkdir(mode=0o700, exist_ok=True)
    for left_over in atlas_file.parent.glob(f"{name}-*.wav"):
        left_over.unlink()
    ordinary = load_questionnaire(settings.survey.questionnaire)
    built = build(settings, desk.asked_at_times(ordinary), atlas_file)
    repertoire = Repertoire(ordinary, built.atlas, settings.survey.language)
    phone = SipPhone(sip.of_line(number if only is None else 0), atlas_file)
    renewal = Renewal(desk, phone, repertoire, built) if only is None else None
    try:
        patience_seconds = number * _PATIENCE_SECONDS if only is None else None
        reception = Reception(name, sip, phone, repertoire, desk, patience_seconds)
        dials_anyway_after = math.inf if only is None else _STAFF_WAITS_SECONDS
        line = Line(name, phone, repertoire, desk, reception, dials_anyway_after, renewal)
        line.run(lambda: stop() or (only is not None and interviews.is_over(db, only)))
    finally:
        phone.close()
        if renewal:
            renewal.close()
        if only is not None:
            atlas_file.unlink(missing_ok=True)

"""A telephone without a network, for tests of what a session decides."""

from collections.abc import Sequence
from pathlib import Path

from appliance.telephony._api import CallHandle, PhoneEvent, Span


class DummyPhone:
    """Writes down what it is told."""

    max_calls = 4
    live_calls = 0
    can_dial = True

    def __init__(self) -> None:
        self.told: list[tuple[str, object]] = []

    def dial(self, number: str) -> CallHandle:
        self.told.append(("dial", number))
        return CallHandle(1)

    def ring(self, call: CallHandle) -> None:
        self.told.append(("ring", call))

    def answer(self, call: CallHandle) -> None:
        self.told.append(("answer", call))

    def reject(self, call: CallHandle, status: int) -> None:
        self.told.append(("reject", status))

    def play(self, call: CallHandle, spans: Sequence[Span]) -> None:
        self.told.append(("play", tuple(spans)))

    def stop(self, call: CallHandle) -> None:
        self.told.append(("stop", call))

    def load(self, atlas: Path) -> None:
        self.told.append(("load", atlas))

    def press(self, call: CallHandle, key: str) -> None:
        self.told.append(("press", key))

    def hang_up(self, call: CallHandle) -> None:
        self.told.append(("hang_up", call))

    def poll(self, timeout_ms: int) -> list[PhoneEvent]:
        return []

    def close(self) -> None:
        self.told.append(("close", None))

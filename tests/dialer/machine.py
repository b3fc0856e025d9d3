"""A machine whose clock the test sets, and whose running time it does not."""

from datetime import datetime, timedelta

from appliance.timepiece import Timepiece


class Machine(Timepiece):
    """`true` is the time that it is; the machine knows it by its clock only, which is `off` by something."""

    def __init__(self, true: datetime) -> None:
        self.true = true
        self.started_at = true - timedelta(hours=3)
        self.starts = 1
        self.off = timedelta(0)
        self.has_server = False
        """A time server answers, and the clock has been set by it."""

    @property
    def start(self) -> str:  # type: ignore[override]  # a property here too
        return str(self.starts)

    def running(self) -> timedelta:
        return self.true - self.started_at

    def wall(self) -> datetime:
        return self.true + self.off

    def is_synchronized(self) -> bool:
        return self.has_server

    def passes(self, **span: float) -> None:
        self.true += timedelta(**span)

    def is_set_to(self, moment: datetime) -> None:
        """Somebody sets the clock by hand: no server answers for it then."""
        self.off, self.has_server = moment - self.true, False

    def hears_a_server(self) -> None:
        self.off, self.has_server = timedelta(0), True

    def starts_again(self, shows: datetime | None = None) -> None:
        """Without a server; where its battery is empty its clock shows something else."""
        self.starts += 1
        self.started_at, self.has_server = self.true, False
        if shows is not None:
            self.off = shows - self.true

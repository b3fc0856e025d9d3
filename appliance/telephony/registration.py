"""When to register with the PBX: again and again while it knows us, at growing intervals while it is away."""

import random
from typing import Final

_LEAST_SECONDS: Final = 1.0
_MOST_SECONDS: Final = 50.0
"""Between two tries, so that a PBX that is back has us within a minute."""
_REFRESH_SECONDS: Final = (40.0, 50.0)
"""A PBX that has forgotten us without our noticing has us again within a minute, whatever expiry it grants."""


class Registration:
    """`now` is monotonic seconds. Every wait is drawn by lot: a PBX's hundred boxes must not come back as one."""

    def __init__(self, luck: random.Random | None = None) -> None:
        self.is_registered = False
        self._luck = luck or random.Random()  # noqa: S311 -- spreads load, keeps no secret
        self._failures = 0
        self._due_at: float | None = 0.0

    def is_due(self, now: float) -> bool:
        """Whether to ask now; no answer is then awaited for longer than SIP itself waits."""
        return self._due_at is not None and now >= self._due_at

    def asked(self) -> None:
        """A request is on its way; PJSIP always tells how it ended."""
        self._due_at = None

    def answered(self, *, active: bool, now: float) -> None:
        """The PBX has accepted us, or has not."""
        self.is_registered = active
        if active:
            self._failures = 0
            self._due_at = now + self._luck.uniform(*_REFRESH_SECONDS)
        else:
            longest = min(_MOST_SECONDS, _LEAST_SECONDS * 2 ** min(self._failures + 1, 10))
            self._failures += 1
            self._due_at = now + self._luck.uniform(max(_LEAST_SECONDS, longest / 2), longest)

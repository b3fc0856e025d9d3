"""Who is surveyed: the funnel's limits, the draw, and both together as the policy that a decision is made under."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from appliance.hours import parse_span
from appliance.settings.section import Section

Share = Annotated[float, Field(ge=0, le=1)]


def _day_span(value: str) -> str:
    if value:
        parse_span(value)
    return value


DaySpan = Annotated[str, AfterValidator(_day_span)]
"""Local times such as "08:00-17:00"; empty is none."""


DeniedWord = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

UnnamedQueues = Literal["ask", "deny"]
"""Whether contacts without a queue are surveyed as others are, or count as in a denied queue."""


@lru_cache(maxsize=1024)
def queue_key(name: str) -> str:
    """A queue's name as it is compared: a PBX may write it in capitals, without accents or with them composed."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).strip()


def _each_queue_once(shares: Mapping[str, float]) -> Mapping[str, float]:
    names = [queue_key(name) for name in shares]
    if twice := [name for name, key in zip(shares, names, strict=True) if names.count(key) > 1]:
        raise ValueError(f"{' and '.join(twice)} are the same queue; name it once")
    return shares


QueueShares = Annotated[Mapping[str, Share], AfterValidator(_each_queue_once)]
"""Shares by the queue's name, in whatever case it is written."""


class FunnelSettings(Section):
    min_talk_seconds: int = Field(15, ge=0)
    denied_queues: tuple[DeniedWord, ...] = ("socialtjänst", "skyddade", "skolhälsa", "elevhälsa", "våld i nära")
    """A queue whose name holds one of these words is never surveyed."""
    unnamed_queues: UnnamedQueues = "ask"
    """What becomes of a contact that names no queue: the deny list has nothing to look at."""


class Quota(Section):
    """At most so many interviews with a queue's callers: those that wait or are under way count, failed ones do not."""

    queue: str = Field(min_length=1)
    per: Literal["day", "week", "month"]
    interviews: int = Field(ge=0)


class DrawSettings(Section):
    """`dialer.share` is the share where a queue has none of its own."""

    queue_shares: QueueShares = Field(default_factory=dict)
    daily_cap: int = Field(0, ge=0)
    """At most so many contacts are queued in a day; 0 is no limit."""
    spread_over: DaySpan = "08:00-17:00"
    """The daily cap is used up evenly over these local times; empty: first come, first served."""
    quotas: tuple[Quota, ...] = ()


class SelectionPolicy(Section):
    """Everything that decides who is surveyed, as it stood at one time; each decision names its policy."""

    min_talk_seconds: int = Field(ge=0)
    denied_queues: tuple[DeniedWord, ...]
    unnamed_queues: UnnamedQueues = "ask"
    quiet_days: int = Field(ge=0, le=3_650)
    share: Share
    queue_shares: QueueShares = Field(default_factory=dict)
    daily_cap: int = Field(0, ge=0)
    spread_over: DaySpan = ""
    quotas: tuple[Quota, ...] = ()

    def denies(self, queue: str) -> bool:
        """Whether a queue of this name, or of none, is never surveyed."""
        name = queue_key(queue)
        if not name:
            return self.unnamed_queues == "deny"
        return any(queue_key(word) in name for word in self.denied_queues)

    def share_of(self, queue: str) -> float:
        """The share (0–1) of this queue's eligible contacts that is drawn."""
        name = queue_key(queue)
        return next((share for own, share in self.queue_shares.items() if queue_key(own) == name), self.share)

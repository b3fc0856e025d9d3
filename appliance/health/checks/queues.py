"""Queues come with names: the deny list knows no others, and neither do quotas and shares."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.intake import policy as policies_in_force
from appliance.settings import SelectionPolicy, queue_key
from appliance.store import Database, contacts

TITLE: Final = "the deny list can tell queues apart"
_LOOK_BACK: Final = timedelta(days=7)
_SEEN: Final = timedelta(days=28)
_NAME_THEM: Final = (
    "name its queues: [queue.names] and only_named in its profile, or intake.ami.queue_names; see systemd/pbx.md; "
    'until then funnel.unnamed_queues = "deny" rings nobody whose call names no queue'
)


def run(context: Context) -> Iterator[Issue]:
    if context.db is None:
        return
    policy = policies_in_force.current(context.db, context.settings)
    if policy.denied_queues:
        yield from _unnamed(context.db, context.now)
    yield from _never_seen(context.db, policy, context.now)


def _unnamed(db: Database, now: datetime) -> Iterator[Issue]:
    """Sources that the deny list does nothing with."""
    answered: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for source, queue, count in contacts.answered_by_queue(db, now - _LOOK_BACK):
        answered[source] += count
        named[source] += count if _is_name(queue) else 0
    for source, count in sorted(answered.items()):
        if not named[source]:
            what = f"{source}: none of the {count} answered calls of seven days names its queue: no queue is denied"
            yield Issue("queues", Severity.WARNING, what, f"[intake], source {source}", _NAME_THEM)


def _never_seen(db: Database, policy: SelectionPolicy, now: datetime) -> Iterator[Issue]:
    """Quotas and shares that hold for nobody."""
    wanted = {queue_key(quota.queue): (quota.queue, "quotas") for quota in policy.quotas}
    wanted |= {queue_key(queue): (queue, "queue_shares") for queue in policy.queue_shares}
    if not wanted or not contacts.any_since(db, now - _SEEN):
        return
    seen = set(map(queue_key, contacts.queues_since(db, now - _SEEN)))
    for key, (queue, setting) in wanted.items():
        if key not in seen:
            what = f"no call of four weeks was in queue {queue!r}, which draw.{setting} names"
            todo = "write its name as the PBX's records have it: the page Selection lists the queues that are known"
            yield Issue("queues", Severity.WARNING, what, f"draw.{setting}", todo)


def _is_name(queue: str) -> bool:
    """A masked number is none."""
    return any(letter.isalpha() and letter != "x" for letter in queue)

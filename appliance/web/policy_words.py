"""The selection policy in words: each setting's value, and what a version changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appliance.intake.policy import BY_FILE, of_version
from appliance.results.words import Words
from appliance.settings import Quota, SelectionPolicy
from appliance.store import Database, policies

FIELDS: Final = tuple(SelectionPolicy.model_fields)
"""Every setting that staff may change, in the form's order."""


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the policy, with what it changed of the one before; nothing of the very first."""

    since: datetime
    changed_by: str
    """Empty: the configuration file was edited."""
    changes: tuple[Change, ...]
    is_first: bool


def percent(t: Words, share: float) -> str:
    """25 %, 12,5 %: no more decimals than there are."""
    return t("selection.percent", n=bare_percent(t, share))


def bare_percent(t: Words, share: float) -> str:
    decimals = next((n for n in range(4) if round(share * 100, n) == round(share * 100, 4)), 4)
    return t.number(share * 100, decimals)


def told(t: Words, policy: SelectionPolicy) -> dict[str, str]:
    """Each setting's value as one says it."""
    none = t("selection.none")
    return {
        "min_talk_seconds": t.counted("selection.seconds", policy.min_talk_seconds),
        "denied_queues": ", ".join(policy.denied_queues) or none,
        "unnamed_queues": t(f"selection.unnamed.{policy.unnamed_queues}"),
        "quiet_days": t.counted("selection.days", policy.quiet_days) if policy.quiet_days else t("selection.no_quiet"),
        "share": percent(t, policy.share),
        "queue_shares": ", ".join(f"{queue} {percent(t, share)}" for queue, share in policy.queue_shares.items())
        or none,
        "daily_cap": t("selection.cap", n=t.number(policy.daily_cap)) if policy.daily_cap else t("selection.no_cap"),
        "spread_over": policy.spread_over.replace("-", "–") or t("selection.no_spread"),
        "quotas": ", ".join(_quota(t, quota) for quota in policy.quotas) or none,
    }


def _quota(t: Words, quota: Quota) -> str:
    return t(f"selection.quota_per.{quota.per}", queue=quota.queue, n=t.number(quota.interviews))


def history(db: Database, t: Words, limit: int) -> tuple[list[Version], bool]:
    """The last versions, newest first, and whether there are older ones."""
    found = policies.newest(db, limit + 1)
    made = [(version, of_version(db, version.id)) for version in found]
    versions = []
    for (version, policy), before in zip(made, [*(policy for _, policy in made[1:]), None], strict=False):
        changes = _changes(t, before, policy) if policy and before else ()
        who = "" if version.changed_by == BY_FILE else version.changed_by
        versions.append(Version(version.since, who, changes, before is None))
    return versions[:limit], len(found) > limit


def _changes(t: Words, before: SelectionPolicy, policy: SelectionPolicy) -> tuple[Change, ...]:
    was, is_now = told(t, before), told(t, policy)
    return tuple(Change(field, was[field], is_now[field]) for field in FIELDS if was[field] != is_now[field])

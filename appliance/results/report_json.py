"""The year report as JSON: shares and means with n and interval; null with `suppressed` where fewer than five."""

import json
from typing import Any

from appliance.results.comparison import Change
from appliance.results.intervals import CONFIDENCE, Interval
from appliance.results.overview import MINIMUM_N, AreaResult, Overview, QuestionResult, Share, response_rate
from appliance.results.report import YearReport
from appliance.results.temporary import TemporaryResult
from appliance.types import Outcome

_DECIMALS = 4


def report_json(report: YearReport) -> str:
    """Shares are 0–1, changes of shares are percentage points."""
    areas, questions = report.comparison.areas, report.comparison.questions
    document = {
        "municipality": {
            "name": report.municipality.name,
            "code": report.municipality.code,
            "function": report.municipality.function,
        },
        "year": report.year,
        "made_at": report.made_at.isoformat(timespec="seconds"),
        "minimum_n": MINIMUM_N,
        "confidence": CONFIDENCE,
        "response": _response(report.overview) | {"year_before": _rate(report.before)},
        "areas": [_area(area, areas.get(area.area, {})) for area in report.overview.areas],
        "questions": [_question(question, questions.get(question.key)) for question in report.overview.questions],
        "temporary": [_temporary(one) for one in report.temporary],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _temporary(one: TemporaryResult) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "suppressed": one.interviews is None,
        "interviews": one.interviews,
        "questions": [_question(question, None) for question in one.questions],
        "areas": [_area(area, {}) for area in one.areas if area.shares],
    }


def _interval(interval: Interval) -> dict[str, float]:
    return {"low": round(interval.low, _DECIMALS), "high": round(interval.high, _DECIMALS)}


def _share(share: Share) -> dict[str, Any]:
    return {"share": round(share.value, _DECIMALS), **_interval(share.interval)}


def _rate(overview: Overview) -> dict[str, Any] | None:
    share = response_rate(overview.funnel)
    return {"n": share.n, **_share(share)} if share else None


def _response(overview: Overview) -> dict[str, Any]:
    funnel = overview.funnel
    return {
        "contacts": funnel.contacts,
        "drawn": funnel.drawn,
        "rung": funnel.rung,
        "reached": funnel.reached,
        "started": funnel.started,
        "interviews": funnel.interviews,
        "comments": funnel.comments,
        "outcomes": {outcome: funnel.outcomes.get(outcome, 0) for outcome in Outcome},
        "rate": _rate(overview),
    }


def _change(change: Change | None, factor: float) -> dict[str, Any] | None:
    if change is None:
        return None
    return {
        "difference": round(change.difference * factor, _DECIMALS),
        "low": round(change.interval.low * factor, _DECIMALS),
        "high": round(change.interval.high * factor, _DECIMALS),
        "certain": change.certain,
    }


def _area(area: AreaResult, changes: Any) -> dict[str, Any]:
    if area.shares is None:
        return {"area": area.area, "suppressed": True, "n": None, "shares": None}
    shares = {
        tonality: _share(share) | {"change_points": _change(changes.get(tonality), 100)}
        for tonality, share in area.shares.items()
    }
    return {"area": area.area, "suppressed": False, "n": area.n, "shares": shares}


def _question(question: QuestionResult, change: Change | None) -> dict[str, Any]:
    head = {"key": question.key, "kind": question.kind, "label": dict(question.label)}
    score = question.score
    if score is None:
        return head | {"suppressed": True, "n": None}
    is_share = question.kind == "yes_no"
    return head | {
        "suppressed": False,
        "n": score.n,
        "share_yes" if is_share else "mean": round(score.value, _DECIMALS),
        **_interval(score.interval),
        "distribution": {str(value): count for value, count in score.counts.items()},
        "no_opinion": score.no_opinion,
        "skipped": score.skipped,
        "change_points" if is_share else "change": _change(change, 100 if is_share else 1),
    }

"""How good predictions are: micro F1 over (comment, area, tonality) and its kin, with intervals.

`opinion_f1` counts a hit where area and tonality are right, `area_f1` where the area is; `tonality_f1` is the mean
F1 of the three tonalities where the area was found; `empty_recall` is the share of comments without opinion that
got none.
"""

import random
from typing import Any, Final

import numpy as np

from appliance.opinions.model import AREAS, TONALITIES, Floats
from appliance.opinions.training.comments import Labels

_DRAWS: Final = 1000
_SEED: Final = 1
_BINS: Final = 10


def figures(gold: Labels, predicted: Labels) -> dict[str, float]:
    """Every figure by name, 0–1."""
    return _figures_of(_counts(gold, predicted).sum(axis=0))


def intervals(gold: Labels, predicted: Labels) -> dict[str, tuple[float, float]]:
    """95 % bootstrap intervals over comments, seeded."""
    counts = _counts(gold, predicted)
    everyone = range(len(counts))
    draw = random.Random(_SEED)  # noqa: S311 -- repeatable draws, no secret
    draws = [_figures_of(counts[draw.choices(everyone, k=len(counts))].sum(axis=0)) for _ in range(_DRAWS)]
    ranked = {name: sorted(figures[name] for figures in draws) for name in draws[0]}
    tail = _DRAWS // 40
    return {name: (values[tail - 1], values[-tail - 1]) for name, values in ranked.items()}


def calibration_error(gold: Labels, predicted: Labels, probabilities: Floats) -> float:
    """Expected calibration error of the opinions told: mean distance of score and share right, in ten bins."""
    is_told = predicted > 0
    scores = np.take_along_axis(probabilities, predicted[:, :, None], axis=2)[:, :, 0][is_told]
    right = (predicted == gold)[is_told]
    bins = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    return float(
        sum(
            abs(scores[bins == number].mean() - right[bins == number].mean()) * (bins == number).mean()
            for number in np.unique(bins)
        )
    )


def by_pair(gold: Labels, predicted: Labels) -> dict[str, dict[str, Any]]:
    """F1 and number of opinions, for each area and for each tonality."""
    table = {
        area.value: _pair_row(gold[:, number] > 0, predicted[:, number] > 0, gold[:, number] == predicted[:, number])
        for number, area in enumerate(AREAS)
    }
    for number, tonality in enumerate(TONALITIES, 1):
        table[tonality.value] = _pair_row(gold == number, predicted == number, gold == predicted)
    return table


def _pair_row(wanted: Any, found: Any, right: Any) -> dict[str, Any]:
    hits = int((wanted & found & right).sum())
    return {"f1": round(_f1(hits, found.sum(), wanted.sum()), 4), "opinions": int(wanted.sum())}


def _counts(gold: Labels, predicted: Labels) -> Floats:
    """Comments × (right, area right, told, wanted, empty, empty told empty, then 3 × (right, told, wanted))."""
    both = (gold > 0) & (predicted > 0)
    is_empty = ~gold.any(axis=1)
    columns = [
        ((gold == predicted) & both).sum(axis=1),
        both.sum(axis=1),
        (predicted > 0).sum(axis=1),
        (gold > 0).sum(axis=1),
        is_empty,
        is_empty & ~predicted.any(axis=1),
    ]
    for number in range(1, 1 + len(TONALITIES)):
        is_wanted, is_told = both & (gold == number), both & (predicted == number)
        columns += [(is_wanted & is_told).sum(axis=1), is_told.sum(axis=1), is_wanted.sum(axis=1)]
    counts: Floats = np.stack(columns, axis=1).astype(np.float64)
    return counts


def _figures_of(totals: Floats) -> dict[str, float]:
    right, area_right, told, wanted, empty, empty_told_empty, *tonalities = totals.tolist()
    return {
        "opinion_f1": _f1(right, told, wanted),
        "area_f1": _f1(area_right, told, wanted),
        "tonality_f1": sum(_f1(*tonalities[at : at + 3]) for at in (0, 3, 6)) / 3,
        "empty_recall": empty_told_empty / empty if empty else 1.0,
    }


def _f1(hits: float, found: float, wanted: float) -> float:
    return float(2 * hits / (found + wanted)) if found + wanted else 1.0

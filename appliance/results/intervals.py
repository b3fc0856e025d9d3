"""Intervals for shares and means, and for the difference between two of them; nothing but the standard library."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Final

CONFIDENCE: Final = 0.95
"""Of an interval that stands beside a figure."""

Counts = Mapping[int, int]
"""How many gave each value."""


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson(successes: int, n: int, confidence: float = CONFIDENCE) -> Interval:
    """Interval of a share (Wilson 1927); nothing asked is anything between 0 and 1."""
    if n == 0:
        return Interval(0.0, 1.0)
    z, share = _z(confidence), successes / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # The bounds of no and of all successes are exactly 0 and 1, whatever the rounding says.
    low = 0.0 if successes == 0 else max(0.0, middle - reach)
    high = 1.0 if successes == n else min(1.0, middle + reach)
    return Interval(low, high)


def share_difference(now: tuple[int, int], before: tuple[int, int], confidence: float = CONFIDENCE) -> Interval:
    """Interval of a share minus an earlier one, each as (successes, n); Newcombe 1998, method 10."""
    share_now, share_before = now[0] / now[1], before[0] / before[1]
    a, b = wilson(*now, confidence), wilson(*before, confidence)
    middle = share_now - share_before
    return Interval(
        middle - sqrt((share_now - a.low) ** 2 + (b.high - share_before) ** 2),
        middle + sqrt((a.high - share_now) ** 2 + (share_before - b.low) ** 2),
    )


def mean(counts: Counts) -> float:
    return sum(value * count for value, count in counts.items()) / sum(counts.values())


def _variance(counts: Counts) -> float:
    """Of the sample, but never less than if one answer had been one step off: five equal answers are no certainty."""
    middle, n = mean(counts), sum(counts.values())
    return max(sum(count * (value - middle) ** 2 for value, count in counts.items()) / (n - 1), 1 / n)


def student(degrees: float, confidence: float) -> float:
    """Two-sided quantile of Student's t by Fisher's expansion; within 1 % at 95 % from 4 degrees on."""
    z, v = _z(confidence), degrees
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    )


def mean_interval(counts: Counts, lowest: int, highest: int, confidence: float = CONFIDENCE) -> Interval:
    """Interval of a mean of answers on a scale from `lowest` to `highest`; needs at least 2 answers."""
    n = sum(counts.values())
    middle = mean(counts)
    reach = student(n - 1, confidence) * sqrt(_variance(counts) / n)
    return Interval(max(lowest, middle - reach), min(highest, middle + reach))


def mean_difference(now: Counts, before: Counts, confidence: float = CONFIDENCE) -> Interval:
    """Interval of a mean minus an earlier one (Welch 1947); needs at least 2 answers on each side."""
    middle = mean(now) - mean(before)
    n, m = sum(now.values()), sum(before.values())
    a, b = _variance(now) / n, _variance(before) / m
    degrees = (a + b) ** 2 / (a**2 / (n - 1) + b**2 / (m - 1))
    reach = student(degrees, confidence) * sqrt(a + b)
    return Interval(middle - reach, middle + reach)

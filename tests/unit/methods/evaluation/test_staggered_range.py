"""The range of the average effect of different beginnings, against a slow twin and redraws."""

from __future__ import annotations

import math

import numpy as np
import pytest

from social_evidence.errors import DesignError
from social_evidence.methods.evaluation.staggered import staggered, staggered_range


def panel(
    rng: np.random.Generator, effect: float, units: int = 24
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    first = np.array([0] * (units // 2) + [3, 4, 5] * (units // 6))
    periods = np.arange(1, 7)
    unit, period = np.repeat(np.arange(units), 6), np.tile(periods, units)
    began = first[unit]
    level = rng.normal(size=units)[unit]
    y = level + 0.2 * period + rng.normal(size=unit.size)
    return y + effect * ((began > 0) & (period >= began)), unit, period, began


def slow(
    y: np.ndarray, unit: np.ndarray, period: np.ndarray, began: np.ndarray
) -> tuple[float, float]:
    """Average and error, unit by unit."""
    value = {(u, t): v for u, t, v in zip(unit, period, y, strict=True)}
    start = dict(zip(unit, began, strict=True))
    never = [u for u, g in start.items() if g == 0]
    times = sorted(set(period))
    cells = [(u, t) for u, g in start.items() if g for t in times if t >= g]
    own = {
        u: sum(value[u, t] - value[u, g - 1] for t in times if t >= g)
        for u, g in start.items()
        if g
    }
    borrowed = [sum(value[v, t] - value[v, start[u] - 1] for u, t in cells) for v in never]
    average = (sum(own.values()) - sum(borrowed) / len(never)) / len(cells)
    groups: dict[int, list[float]] = {}
    for u, total in own.items():
        groups.setdefault(start[u], []).append(total)
    squares = sum(sum((x - sum(g) / len(g)) ** 2 for x in g) for g in groups.values())
    within = squares / (len(own) - len(groups))
    mean = sum(borrowed) / len(never)
    spread = sum((x - mean) ** 2 for x in borrowed) / (len(never) - 1)
    variance = (within * len(own) + spread / len(never)) / len(cells) ** 2
    return average, math.sqrt(variance)


def test_the_average_and_its_error_are_those_of_a_slow_twin() -> None:
    data = panel(np.random.default_rng(4), 0.5)
    told = staggered_range(*data)
    average, error = slow(*data)
    assert told.average == pytest.approx(average, abs=1e-12)
    assert told.average == staggered(*data).average
    assert told.standard_error == pytest.approx(error, rel=1e-10)


def test_ranges_hold_the_truth() -> None:
    held = 0
    for seed in range(300):
        told = staggered_range(*panel(np.random.default_rng(seed), 0.5))
        held += told.limits[0] <= 0.5 <= told.limits[1]
    assert 0.92 <= held / 300 <= 0.98


def test_too_few_units_have_no_range() -> None:
    y, unit, period, began = panel(np.random.default_rng(1), 0.0, units=6)
    with pytest.raises(DesignError, match="too few"):
        staggered_range(y, unit, period, began)

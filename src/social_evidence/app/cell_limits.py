"""Limits of some cells, every item at once: the distributions cost more than the sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from social_evidence.app.cells import CellNumbers
from social_evidence.methods import interval_methods, intervals, replicate
from social_evidence.methods.arrays import Floats
from social_evidence.plan.compile import Reading

LEVEL: Final = 0.95
WALD: Final = "wald"


@dataclass(frozen=True, slots=True)
class ItemLimits:
    """Limits of one item in every cell, and the method each cell used."""

    lower: Floats
    upper: Floats
    methods: Sequence[str]


def method_of(reading: Reading) -> str:
    """Name the interval of a series: its own or logit for a share, Student's t for the rest."""
    if reading.wanted.measure.statistic != "proportion":
        return WALD
    return reading.wanted.series.interval or intervals.LOGIT


def item_limits(
    cells: CellNumbers, readings: Sequence[Reading]
) -> Mapping[tuple[str, str], ItemLimits]:
    """Compute the limits of every series' item, a method at a time.

    Args:
        cells: Estimates of some cells.
        readings: The series.

    Returns:
        (item id, method) -> limits; a share of exactly 0 or 1 has the exact ones.
    """
    wanted: dict[str, dict[str, int]] = {}
    for reading in readings:
        place = cells.arrays.items.index(reading.item)
        wanted.setdefault(method_of(reading), {})[reading.item] = place
    found: dict[tuple[str, str], ItemLimits] = {}
    for method, items in wanted.items():
        places = list(items.values())
        lower, upper, used = _limits(cells, method, places)
        for column, item in enumerate(items):
            found[item, method] = ItemLimits(
                lower[:, column], upper[:, column], used[:, column].tolist()
            )
    return found


def _limits(
    cells: CellNumbers, method: str, places: Sequence[int]
) -> tuple[Floats, Floats, np.ndarray[tuple[int, int], np.dtype[np.str_]]]:
    shape = (len(cells.arrays.groups), len(places))
    value = cells.value[:, places].ravel()
    error = cells.standard_error[:, places].ravel()
    df = cells.degrees_of_freedom[:, places].astype(np.float64).ravel()
    if method == WALD:
        lower, upper = intervals.wald(value, error, df, LEVEL)
        return lower.reshape(shape), upper.reshape(shape), np.full(shape, WALD)
    link = None
    if cells.replicates is not None and cells.sampled.rule is not None:
        joint = cells.replicates[:, places].reshape(value.size, -1)
        link = replicate.logit_standard_errors(value, joint, cells.sampled.rule)
        link = link * np.sqrt(cells.sampled.inflation)
    found = interval_methods.proportion(
        method,
        value,
        error,
        df,
        LEVEL,
        extras=interval_methods.ProportionExtras(
            rows=cells.rows[:, places].ravel(),
            base=cells.base[:, places].ravel(),
            link_standard_error=link,
        ),
        exact_at_edges=True,
    )
    used = np.array(found.method, dtype=np.str_).reshape(shape)
    return found.lower.reshape(shape), found.upper.reshape(shape), used

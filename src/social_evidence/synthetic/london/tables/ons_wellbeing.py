"""Personal well-being by local authority with limits, the open table in one long file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow.parquet as pq

from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.tables.totals import (
    mean_of_larger_areas,
    name_of,
    people_by_area,
    years_to,
)
from social_evidence.synthetic.london.writing import to_table, write_bytes

WAVES: Final = tuple(f"fy{year}-{(year + 1) % 100:02d}" for year in range(2011, 2022))
_SAMPLED: Final = {
    "E12000007": 14_000,
    "E92000001": 130_000,
    "E13000001": 6_000,
    "E13000002": 8_000,
}
_SAMPLED_OF_A_BOROUGH: Final = 420
_CITY_OF_LONDON: Final = "E09000001"
_SPREAD: Final = 1.6
_DESIGN_EFFECT: Final = 1.4
_SHIFT: Final = (0.0, 0.02, 0.08, 0.16, 0.2, 0.22, 0.25, 0.3, 0.27, 0.05, 0.18)
"""What a year adds to the mean of the first one."""


def write(city: City, folder: Path, waves: Sequence[str], _size: Size) -> list[Path]:
    """Write the table as Parquet, as it is found, limits as text.

    Quirks of the real one: limits are text, or a marker where the value is null; the City of
    London is marked as unreliable; several measures and estimates stand in one column.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: Financial years.
    """
    score = city.score("life_satisfaction", 2016.5).astype(np.float64)
    asked = score >= 0
    people = people_by_area(city, asked)
    mean = people_by_area(city, np.where(asked, score, 0.0)) / np.maximum(people, 1.0)
    rows = []
    for year in years_to(waves, 2011, 2021):
        shifted = mean + _SHIFT[year - 2011] - 0.2
        for code, value in mean_of_larger_areas(shifted, people).items():
            rows += [_row(city, year, code, value), _poor(year, code)]
    names = (
        *("v4_3", "Data marking", "Lower limit", "Upper limit", "yyyy-yy", "Geography"),
        *("MeasureOfWellbeing", "Estimate", "administrative-geography", "Time"),
    )
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    raw = io.BytesIO()
    pq.write_table(to_table(columns), raw)
    path = folder / "wellbeing" / "wellbeing-local-authority.parquet"
    return [write_bytes(path, raw.getvalue())]


def _row(city: City, year: int, code: str, mean: float) -> tuple[object, ...]:
    sampled = _SAMPLED.get(code, _SAMPLED_OF_A_BOROUGH)
    error = _SPREAD * np.sqrt(_DESIGN_EFFECT / sampled)
    drawn = mean + city.stream("ons_wellbeing", code, year).normal(0, error)
    label = f"{year}-{(year + 1) % 100:02d}"
    kind = ("Life satisfaction", "Average (mean)", code, label)
    if code == _CITY_OF_LONDON:
        return (None, "[u]", "[u]", "[u]", label, name_of(code), *kind)
    low, high = f"{drawn - 1.96 * error:.2f}", f"{drawn + 1.96 * error:.2f}"
    return (round(float(drawn), 2), None, low, high, label, name_of(code), *kind)


def _poor(year: int, code: str) -> tuple[object, ...]:
    """Make a row of another estimate, which is not read."""
    label = f"{year}-{(year + 1) % 100:02d}"
    place = (label, name_of(code), "Life satisfaction", "Poor", code, label)
    return (None, "[x]", "[x]", "[x]", *place)

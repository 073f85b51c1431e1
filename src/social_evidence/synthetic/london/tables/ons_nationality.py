"""Residents by nationality, rounded to thousands, with the distance of their limits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.tables.totals import (
    LARGER,
    Floats,
    growth,
    name_of,
    people_by_area,
    with_larger_areas,
)
from social_evidence.synthetic.london.workbooks import write_xlsx

WAVES: Final = tuple(str(year) for year in range(2009, 2021))
_SAMPLED: Final = {
    "E12000007": 17_000,
    "E92000001": 150_000,
    "E13000001": 7_000,
    "E13000002": 10_000,
}
_SAMPLED_OF_A_BOROUGH: Final = 550
_DESIGN_EFFECT: Final = 1.8
_BLOCK: Final = ("British", "Non-British", "Total")
_FEWEST: Final = 5_000


def write(city: City, folder: Path, _waves: Sequence[str], _size: Size) -> list[Path]:
    """Write the workbook, a sheet a year, laid out as the borough table of ethnic groups.

    Quirks of that one: two rows of headings with merged cells over a blank third one, a blank
    column between numbers and limits, limits as a distance, `-` where there are too few. That one
    is .xls; this is .xlsx with the same sheets.

    Args:
        city: Synthetic London.
        folder: The sources folder.
    """
    metadata: list[Sequence[object]] = [["Name", "Population by Nationality"]]
    sheets = {str(year): _sheet(city, year) for year in range(2020, 2008, -1)}
    return [
        write_xlsx(
            folder / "population" / "population-by-nationality.xlsx",
            {"Metadata": metadata, **sheets},
        )
    ]


def non_british(city: City, year: int) -> Floats:
    """Count residents without British nationality, an entry an area."""
    drift = 1 + 0.012 * (year - 2015)
    return people_by_area(city, city.non_british) * growth(year) * drift


def _sheet(city: City, year: int) -> list[Sequence[object]]:
    people = with_larger_areas(people_by_area(city, city.area > -1) * growth(year))
    others = with_larger_areas(non_british(city, year))
    rows: list[Sequence[object]] = [
        ["Code", "Area", "Number", None, None, None, "95% Confidence Interval", None, None],
        [None, None, *_BLOCK, None, *_BLOCK],
        [None] * 9,
    ]
    order = (*codes.AREAS[: codes.REST_OF_ENGLAND], *LARGER)
    return [*rows, *(_row(city, code, year, people[code], others[code]) for code in order)]


def _row(city: City, code: str, year: int, people: float, others: float) -> list[object]:
    sampled = _SAMPLED.get(code, _SAMPLED_OF_A_BOROUGH)
    share = others / people
    half = 1.96 * people * np.sqrt(_DESIGN_EFFECT * share * (1 - share) / sampled)
    drawn = others + city.stream("ons_nationality", code, year).normal(0, half / 1.96)
    if others < _FEWEST:
        return [code, name_of(code), "-", "-", _thousands(people), None, "-", "-", 1000.0]
    limits = [_thousands(half), _thousands(half), _thousands(half / 3)]
    counts = [_thousands(people - drawn), _thousands(drawn), _thousands(people)]
    return [code, name_of(code), *counts, None, *limits]


def _thousands(number: float) -> float:
    return max(1000.0, 1000.0 * round(number / 1000))

"""Mid-year population by single year of age: the workbook for custom age ranges."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import FULL, Size
from social_evidence.synthetic.london.tables.totals import (
    LARGER,
    OLDEST,
    name_of,
    residents,
    with_larger_areas,
    years_to,
)
from social_evidence.synthetic.london.workbooks import write_xlsx

WAVES: Final = tuple(str(year) for year in range(1999, 2025))
_AGES: Final = (*range(OLDEST), f"{OLDEST}+")
_WITHOUT_OLD_AGES: Final = 2001
_SMALL_FROM: Final = 2008


def write(city: City, folder: Path, waves: Sequence[str], size: Size) -> list[Path]:
    """Write the workbook, areas below each other, a row a year.

    Quirks of the real one: three rows above the values, of which the last two name sex and age; a
    blank column after each sex; ages above 85 marked as absent in 1999 and 2000. The small size
    begins in 2008.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: Calendar years.
        size: Full or small.
    """
    first = int(WAVES[0]) if size.name == FULL.name else _SMALL_FROM
    tables = {year: _by_code(city, year) for year in years_to(waves, first, int(WAVES[-1]))}
    title = ["Contact: Intelligence Unit", *[None] * (2 * (OLDEST + 2) + 2)]
    sexes = [None, None, None, *["M"] * (OLDEST + 1), None, *["F"] * (OLDEST + 1), None]
    heads = ["Code", "Year", "Borough", *_AGES, "No Males", *_AGES, "No Females"]
    rows: list[Sequence[object]] = [title, sexes, heads]
    for code in (*codes.AREAS[: codes.REST_OF_ENGLAND], *LARGER):
        for year, table in tables.items():
            rows.append([code, year, name_of(code), *_cells(table[code], year)])
    tool: list[Sequence[object]] = [["Choose ages"]]
    sheets = {"Custom age range tool": tool, "Single year of age": rows}
    return [write_xlsx(folder / "population" / "population.xlsx", sheets)]


def _by_code(city: City, year: int) -> dict[str, list[float]]:
    """Give each area's counts: men by age, then women by age."""
    people = residents(city, year)[:, ::-1, :].reshape(len(codes.AREAS), -1)
    columns = [with_larger_areas(column) for column in np.ascontiguousarray(people.T)]
    return {code: [column[code] for column in columns] for code in columns[0]}


def _cells(values: list[float], year: int) -> list[object]:
    shown: list[object] = list(map(int, values))
    if year < _WITHOUT_OLD_AGES:
        for first in (86, OLDEST + 1 + 86):
            shown[first : first + 5] = ["-"] * 5
    return [*shown[: OLDEST + 1], None, *shown[OLDEST + 1 :], None]

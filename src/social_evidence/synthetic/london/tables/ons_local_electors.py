"""Local government registers of 1 December by local authority."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.tables.totals import (
    adults,
    name_of,
    share_by_area,
    with_larger_areas,
    years_to,
)
from social_evidence.synthetic.london.workbooks import write_xlsx

WAVES: Final = tuple(f"{year}-12-01" for year in range(2016, 2025))
_TWO_YEARS: Final = "localauthorityandparliamentaryregistrationsandattainersv4.xlsx"
_SURVEY: Final = (
    "This met my needs, please produce it next year",
    "I need something slightly different (please specify)",
    "This is not what I need at all (please specify)",
)
Electors = dict[str, float]


def write(city: City, folder: Path, waves: Sequence[str], _size: Size) -> list[Path]:
    """Write a workbook a year, but 2020 and 2021 in one as the publisher did.

    Quirks of the real one: the headings stand in row 5, below links of a survey of users; names of
    countries are in capitals; attainers of some are `Missing data`; a sheet tells of a correction.
    The publisher's workbook of 2017 is .xls; these are .xlsx with the table of 2021.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: Days, as 2016-12-01.
    """
    years = list(years_to(waves, 2016, 2024))
    registers = {year: electors(city, year) for year in years}
    pairs = [(year,) for year in years if year not in {2020, 2021}]
    both = tuple(year for year in years if year in {2020, 2021})
    written = []
    for listed in [*pairs, *([both] if both else [])]:
        name = _TWO_YEARS if listed == both else f"electoralstatistics{listed[0]}.xlsx"
        # The two-year workbook always has both columns; a year not asked for is blank in it.
        columns = (2020, 2021) if listed == both else listed
        correction: list[Sequence[object]] = [[f"Correction - 05/04/{columns[-1] + 1}"]]
        sheets = {"Correction": correction, "Table 1": _table(registers, columns)}
        written.append(write_xlsx(folder / "electoral" / name, sheets))
    return written


def electors(city: City, year: int) -> Electors:
    """Count local government electors by area, as many as the share registered of its adults."""
    share = share_by_area(city, "registered", year + 0.9)
    return with_larger_areas(np.round(share * adults(city, year)))


def _table(registers: dict[int, Electors], years: Sequence[int]) -> list[Sequence[object]]:
    title = f"Table 1: Electoral registers, 1 December {years[-1]}: Local government"
    heads = [
        *("Code", "Local Government Areas"),
        *(f"Electoral registrations December {year}" for year in years),
        *(f" Attainers December {year}" for year in years),
    ]
    rows: list[Sequence[object]] = [[title], *([line] for line in _SURVEY), heads]
    order = ("E92000001", "E12000007", *codes.AREAS[: codes.REST_OF_ENGLAND])
    for code in order:
        counts = [registers[year][code] if year in registers else None for year in years]
        name = name_of(code).upper() if code.startswith("E92") else name_of(code)
        rows.append([code, name, *counts, *(_attainers(count) for count in counts)])
    # The country's rows of the real table, of which attainers are not known.
    rows.insert(5, ["W92000004", "WALES", *(2_340_000 for _ in years), *_missing(years)])
    return rows


def _attainers(count: float | None) -> float | None:
    return None if count is None else round(count * 0.0045)


def _missing(years: Sequence[int]) -> list[str]:
    return ["Missing data" for _ in years]

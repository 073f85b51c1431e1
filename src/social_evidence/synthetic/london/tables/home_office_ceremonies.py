"""Adults attending citizenship ceremonies by local authority and year."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.tables.ons_nationality import non_british
from social_evidence.synthetic.london.tables.totals import Floats
from social_evidence.synthetic.london.workbooks import write_xlsx

WAVES: Final = tuple(str(year) for year in range(2009, 2024))
_RATE: Final = {
    2009: 0.040,
    2010: 0.041,
    2011: 0.036,
    2012: 0.038,
    2013: 0.035,
    2014: 0.024,
    2015: 0.022,
    2016: 0.020,
    2017: 0.019,
    2018: 0.022,
    2019: 0.023,
    2020: 0.016,
    2023: 0.026,
}
_NOT_AVAILABLE: Final = (2021, 2022)


def write(city: City, folder: Path, _waves: Sequence[str], _size: Size) -> list[Path]:
    """Write the table, in a layout that is assumed and not the publisher's.

    Two years are not available, as in the real one, and the City of London has few.

    Args:
        city: Synthetic London.
        folder: The sources folder.
    """
    years = range(2009, 2024)
    columns = {year: _attending(city, year) for year in years if year not in _NOT_AVAILABLE}
    rows: list[Sequence[object]] = [
        ["Adults attending citizenship ceremonies, by local authority"],
        ["P provisional, R revised, : not available"],
        ["Code", "Area", *map(str, years)],
    ]
    for at, code in enumerate(codes.AREAS[: codes.REST_OF_ENGLAND]):
        counts = [float(columns[year][at]) if year in columns else ":" for year in years]
        rows.append([code, codes.AREA_NAMES[code], *counts])
    england = [
        float(columns[year][: codes.REST_OF_UK].sum()) if year in columns else ":" for year in years
    ]
    rows.append(["E92000001", "England", *england])
    path = folder / "citizenship" / "granted-british-citizenship.xlsx"
    return [write_xlsx(path, {"Metadata": [["Home Office"]], "Ceremonies": rows})]


def _attending(city: City, year: int) -> Floats:
    people = non_british(city, year)
    spread = np.exp(city.stream("ceremonies", "boroughs").normal(0, 0.18, len(people)))
    london = slice(0, codes.REST_OF_ENGLAND)
    spread[london] /= np.average(spread[london], weights=people[london])
    return np.asarray(np.round(people * spread * _RATE[year]))

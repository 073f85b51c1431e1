"""London Borough Profiles: a row a borough, an indicator a column, its year in the heading."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.tables.totals import (
    BOROUGHS,
    Floats,
    people_by_area,
    share_by_area,
)
from social_evidence.synthetic.london.writing import write_rows

WAVES: Final = ("fy2010-13", "2014", "ay2013-14")
_GRADES: Final = (
    "Achievement of 5 or more A*- C grades at GCSE or equivalent "
    "including English and Maths, 2013/14"
)
_HEADS: Final = (
    *("Code", "Area name", "Inner/ Outer London", "GLA Population Estimate 2015"),
    *("Employment rate (%) (2014)", "Male employment rate (2014)", "Female employment rate (2014)"),
    "% adults that volunteered in past 12 months (2010/11 to 2012/13)",
    "Average Band D Council Tax charge (\u00a3), 2015/16",
    _GRADES,
)
_WORKING_AGE: Final = (16, 64)


def write(city: City, folder: Path, _waves: Sequence[str], _size: Size) -> list[Path]:
    """Write the edition of 2015, ten of its columns.

    Quirks of the real one: rows end in a single carriage return; the pound sign is in an older
    encoding; survey figures of the City of London are blank; a last zero is dropped.

    Args:
        city: Synthetic London.
        folder: The sources folder.
    """
    employed = city.activity_in(2014) == codes.ACTIVITY.index("employed")
    of_age = (city.age >= _WORKING_AGE[0]) & (city.age <= _WORKING_AGE[1])
    men = city.sex == codes.SEX.index("male")
    rates = [_share(city, employed, of_age & who) for who in (men | True, men, ~men)]
    volunteered = share_by_area(city, "volunteered", 2012)
    grades = 0.62 + 0.04 * city.stream("gcse", "boroughs").normal(0, 1, len(codes.AREAS))
    people = people_by_area(city, city.area > -1)
    rows: list[Sequence[object]] = [_HEADS]
    for at, code in enumerate(BOROUGHS):
        part = "Inner London" if code in codes.INNER else "Outer London"
        surveyed = [_percent(one[at]) if at else "" for one in (*rates, volunteered)]
        tax = f"{1100 + 12 * at}.5"
        place = (code, codes.AREA_NAMES[code], part, str(int(round(people[at], -2))))
        rows.append([*place, *surveyed, tax, _percent(grades[at])])
    path = folder / "borough_profiles" / "london-borough-profiles.csv"
    return [write_rows(path, rows, encoding="latin-1", line_end="\r")]


def _share(city: City, yes: npt.NDArray[np.bool_], among: npt.NDArray[np.bool_]) -> Floats:
    return people_by_area(city, yes & among) / np.maximum(people_by_area(city, among), 1e-9)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}".removesuffix(".0")

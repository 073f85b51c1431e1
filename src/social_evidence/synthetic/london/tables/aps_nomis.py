"""Employment rates of the Annual Population Survey as Nomis gives them: a long table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.tables.totals import (
    Floats,
    mean_of_larger_areas,
    name_of,
    people_by_area,
)
from social_evidence.synthetic.london.writing import write_delimited

WAVES: Final = tuple(f"y{year}-12" for year in range(2012, 2024))
ANCHORS: Final = ("y2016-12",)
_COLUMNS: Final = (
    *("DATE", "DATE_NAME", "GEOGRAPHY_NAME", "GEOGRAPHY_CODE", "VARIABLE_NAME"),
    *("MEASURES", "MEASURES_NAME", "OBS_VALUE", "OBS_STATUS", "OBS_STATUS_NAME"),
)
_VARIABLES: Final = {
    "Employment rate - aged 16-64": (0, 1),
    "Employment rate males - aged 16-64": (1,),
    "Employment rate females - aged 16-64": (0,),
}
"""Names as Nomis prints them, and the sexes they are of."""
_SAMPLED: Final = {
    "E12000007": 13_000,
    "E92000001": 120_000,
    "E13000001": 5_500,
    "E13000002": 7_500,
}
_SAMPLED_OF_A_BOROUGH: Final = 400
_CITY_OF_LONDON: Final = "E09000001"
_LEAST, _MOST = 16, 64


def write(city: City, folder: Path, waves: Sequence[str], _size: Size) -> list[Path]:
    """Write the table of the years asked for, rows for rates and for the distance of their limits.

    Quirks of the real one: a limit is a row of its own; the City of London has a status in place
    of a figure.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: Twelve months to December, as y2016-12.
    """
    rows = [row for wave in waves for row in _year(city, int(wave[1:5]))]
    columns = dict(zip(_COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
    return [write_delimited(folder / "employment" / "nm_17_5.csv", columns, separator=",")]


def _year(city: City, year: int) -> Iterator[tuple[object, ...]]:
    employed = city.activity_in(year) == codes.ACTIVITY.index("employed")
    of_age = (city.age >= _LEAST) & (city.age <= _MOST)
    when = (f"{year}-12", f"Jan {year}-Dec {year}")
    for variable, sexes in _VARIABLES.items():
        asked = of_age & np.isin(city.sex, sexes)
        for code, rate in _rates(city, employed, asked).items():
            place = (*when, name_of(code), code, variable)
            if code == _CITY_OF_LONDON:
                yield (*place, 20599, "Variable", None, "Q", "These figures are missing.")
                continue
            sampled = _SAMPLED.get(code, _SAMPLED_OF_A_BOROUGH) * len(sexes) / 2
            error = float(np.sqrt(1.5 * rate * (1 - rate) / sampled))
            drawn = rate + city.stream("aps_nomis", code, variable, year).normal(0, error)
            for measure, name, value in (
                (20599, "Variable", drawn),
                (21003, "Confidence", 1.96 * error),
            ):
                yield (*place, measure, name, round(100 * value, 1), "A", "Normal Value")


def _rates(
    city: City, employed: npt.NDArray[np.bool_], asked: npt.NDArray[np.bool_]
) -> dict[str, float]:
    people: Floats = people_by_area(city, asked)
    share = people_by_area(city, employed & asked) / np.maximum(people, 1e-9)
    return mean_of_larger_areas(share, people)

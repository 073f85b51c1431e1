"""Active Lives: adults who took part in sport, by area, with limits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.tables.totals import (
    mean_of_larger_areas,
    name_of,
    people_by_area,
    share_by_area,
    years_to,
)
from social_evidence.synthetic.london.workbooks import write_xlsx

WAVES: Final = tuple(f"y{year}-11" for year in range(2016, 2024))
_SAMPLED: Final = {
    "E12000007": 18_000,
    "E92000001": 180_000,
    "E13000001": 7_500,
    "E13000002": 10_500,
}
_SAMPLED_OF_A_BOROUGH: Final = 520
_HEADS: Final = (
    *("Twelve months to", "Area code", "Area"),
    *("Rate (%)", "Lower 95% limit (%)", "Upper 95% limit (%)"),
)
_CITY_OF_LONDON: Final = "E09000001"


def write(city: City, folder: Path, waves: Sequence[str], _size: Size) -> list[Path]:
    """Write one sheet, a row an area and year, in a layout that is assumed.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: Twelve months to November, as y2016-11.
    """
    rows: list[Sequence[object]] = [
        ["Table 1: Adults who took part in sport at least twice in the last 28 days"],
        ["Sport England, Active Lives Adult Survey"],
        ["* too few respondents"],
        _HEADS,
    ]
    adults = people_by_area(city, city.is_adult)
    for year in years_to(waves, 2016, 2023):
        shares = mean_of_larger_areas(share_by_area(city, "active_sport", year + 0.5), adults)
        rows += [_row(city, year, code, share) for code, share in shares.items()]
    return [write_xlsx(folder / "sport" / "active_lives_sport_tables.xlsx", {"Table 1": rows})]


def _row(city: City, year: int, code: str, share: float) -> list[object]:
    place: list[object] = [f"{year}-11", code, name_of(code)]
    if code == _CITY_OF_LONDON:
        return [*place, "*", "*", "*"]
    error = np.sqrt(1.5 * share * (1 - share) / _SAMPLED.get(code, _SAMPLED_OF_A_BOROUGH))
    drawn = share + city.stream("active_lives", code, year).normal(0, error)
    return [*place, *(round(100 * (drawn + z * error), 1) for z in (0, -1.96, 1.96))]

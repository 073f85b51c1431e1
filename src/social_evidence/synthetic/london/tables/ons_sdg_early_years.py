"""Indicator 4.2.2 of the Sustainable Development Goals: funded early education, whole percents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.tables import early_years
from social_evidence.synthetic.london.tables.totals import with_larger_areas
from social_evidence.synthetic.london.writing import write_delimited

WAVES: Final = ("2015", "2016", "2017")
_COLUMNS: Final = (
    *("Year", "Age", "Region", "Local authority"),
    *("Unit measure", "Observation status", "GeoCode", "Value"),
)


def write(city: City, folder: Path, _waves: Sequence[str], _size: Size) -> list[Path]:
    """Write the indicator's file, regions and England.

    Quirks of the real one: blank cells mean everybody; years without figures have a row with a
    blank value; a local authority's code is that of its region.

    Args:
        city: Synthetic London.
        folder: The sources folder.
    """
    rows = [row for year in range(2011, 2018) for row in _year(city, year)]
    columns = dict(zip(_COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
    return [write_delimited(folder / "sdg" / "indicator_4-2-2.csv", columns, separator=",")]


def _year(city: City, year: int) -> Iterator[tuple[object, ...]]:
    for region, code in ((None, "E92000001"), ("London", "E12000007")):
        shown = None if code == "E92000001" else code
        place = (region, None, "Percentage (%)")
        if year < int(WAVES[0]):
            yield (year, "2", *place, "Missing data", shown, None)
            continue
        above = with_larger_areas(early_years.registered(city, year))[code]
        below = with_larger_areas(early_years.eligible(city, year))[code]
        yield (year, "2", *place, "Normal value", shown, float(round(100 * above / below)))
        yield (year, "3 and 4", *place, "Normal value", shown, 88.0)
    authority = ("Inner London", "Camden", "Percentage (%)", "Normal value", "E13000001")
    yield (year, "2", *authority, 57.0 if year >= int(WAVES[0]) else None)

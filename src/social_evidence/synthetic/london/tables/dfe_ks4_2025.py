"""Key stage 4 by local authority and characteristics from 2022/23, with renamed columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.tables.dfe_ks4 import percent, place_of
from social_evidence.synthetic.london.tables.pupils import TOTAL, Row, results
from social_evidence.synthetic.london.tables.totals import years_to
from social_evidence.synthetic.london.writing import write_delimited

WAVES: Final = ("ay2022-23", "ay2023-24", "ay2024-25")
_COLUMNS: Final = (
    *("time_period", "time_identifier", "geographic_level", "country_code", "country_name"),
    *("region_code", "region_name", "old_la_code", "new_la_code", "la_name"),
    *("breakdown_topic", "sex", "ethnicity_major", "free_school_meals", "sen_status"),
    *("disadvantage", "first_language", "pupil_count", "engmath_95_total", "engmath_95_percent"),
)
_FEWEST: Final = 3


def write(city: City, folder: Path, waves: Sequence[str], _size: Size) -> list[Path]:
    """Write the file, of whose columns only `engmath_95_percent` has been seen.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: School years, as ay2022-23.
    """
    rows = [
        (f"{year}{(year + 1) % 100:02d}", "Academic year", *place_of(code), *_cells(row))
        for year in reversed(years_to(waves, 2022, 2024))
        for code, found in results(city, year).items()
        for row in found
    ]
    columns = dict(zip(_COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
    path = folder / "education" / "key_stage_4_local_authority_characteristics.csv"
    return [write_delimited(path, columns, separator=",", bom=True)]


def _cells(row: Row) -> tuple[str, ...]:
    groups = {"Ethnic major": TOTAL, "Free school meals": TOTAL, "First language": TOTAL}
    groups |= {row.topic: row.group} if row.topic != TOTAL else {}
    ethnic, meals, language = groups.values()
    filters = (row.topic, row.sex, ethnic, meals, TOTAL, TOTAL, language)
    if row.pupils < _FEWEST:
        return (*filters, str(row.pupils), "c", "c")
    return (*filters, str(row.pupils), str(row.passed), percent(row.passed, row.pupils))

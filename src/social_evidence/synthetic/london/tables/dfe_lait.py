"""The local authority interactive tool: one long table of text for all its indicators."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.tables import early_years
from social_evidence.synthetic.london.tables.totals import name_of, with_larger_areas, years_to
from social_evidence.synthetic.london.writing import to_table, write_bytes

WAVES: Final = ("2024", "2025")
_COLUMNS: Final = (
    *("Short Desc", "Data item", "Years", "LA and Regions", "Values", "LA Number", "Region"),
)
_SHARE: Final = "Percentage of 2 year old children benefitting from funded early education"
_NAMES: Final = {"E13000001": "London (Inner)", "E13000002": "London (Outer)"}


def write(city: City, folder: Path, waves: Sequence[str], _size: Size) -> list[Path]:
    """Write the long table with two of its indicators.

    Quirks of the real one: every value is text, `-` where there is none; areas have the
    department's numbers and no official codes; regions have the region `NA`.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: Calendar years.
    """
    rows = [row for year in years_to(waves, 2018, 2025) for row in _year(city, year)]
    columns = dict(zip(_COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
    raw = io.BytesIO()
    pq.write_table(to_table(columns), raw)
    return [write_bytes(folder / "education" / "lait" / "bds_long_0.parquet", raw.getvalue())]


def _year(city: City, year: int) -> Iterator[tuple[object, ...]]:
    children = with_larger_areas(early_years.registered(city, year))
    of = with_larger_areas(early_years.eligible(city, year))
    for number, code in enumerate(children):
        is_borough = code in codes.AREAS
        region = ("Inner" if code in codes.INNER else "Outer") + " London" if is_borough else "NA"
        place = (_NAMES.get(code, name_of(code)), region)
        share = f"{100 * children[code] / of[code]:.1f}".removesuffix(".0")
        for short, item, value in (
            ("%_2yr_olds", _SHARE, share),
            ("No_2yr_olds", None, f"{children[code]:.0f}"),
        ):
            yield (short, item, str(year), place[0], value, 201.0 + number, place[1])
    yield ("%_2yr_olds", _SHARE, str(year), "Thurrock", "-", 883.0, "East of England")

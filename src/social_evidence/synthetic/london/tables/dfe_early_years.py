"""Children under five registered for funded places, as in the edition of 2023."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.tables import early_years
from social_evidence.synthetic.london.tables.totals import LARGER, name_of, with_larger_areas
from social_evidence.synthetic.london.writing import write_delimited

WAVES: Final = tuple(str(year) for year in range(2018, 2024))
_COLUMNS: Final = (
    *("time_period", "time_identifier", "geographic_level", "country_code", "country_name"),
    *("region_code", "region_name", "old_la_code", "new_la_code", "la_name"),
    *("entitlement_type", "age", "number_children", "number_eligible_children"),
    "percentage_eligible_children",
)
_ENTITLEMENT: Final = "15-hour entitlement"
_THURROCK: Final = (
    *("Local authority", "E92000001", "England", "E12000006", "East of England"),
    *("883", "E06000034", "Thurrock"),
)
_UNRELIABLE: Final = 2021
_INNER_OLD_CODES: Final = 201
_OUTER_OLD_CODES: Final = 301
Row = tuple[object, ...]


def write(city: City, folder: Path, _waves: Sequence[str], _size: Size) -> list[Path]:
    """Write the edition of 2023, which goes back to 2018.

    Quirks of the real one: a byte order mark; inner and outer London among the regions, and as
    the region of their boroughs; `u` for what is not reliable; a percentage without a last zero.

    Args:
        city: Synthetic London.
        folder: The sources folder.
    """
    rows = [row for wave in reversed(WAVES) for row in _year(city, int(wave))]
    columns = dict(zip(_COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
    name = "1_early_years_provision_children_registered_2018_2023.csv"
    path = folder / "education" / "early_years_provision" / name
    return [write_delimited(path, columns, separator=",", bom=True)]


def _year(city: City, year: int) -> Iterator[Row]:
    children = with_larger_areas(early_years.registered(city, year))
    of = with_larger_areas(early_years.eligible(city, year))
    for code in ("E92000001", "E12000007", "E13000001", "E13000002", *list(of)[:33]):
        place = (year, "Reporting year", *_place(code), _ENTITLEMENT)
        counts = (round(children[code]), round(of[code]))
        yield (*place, "2-year-olds", *map(str, counts), _percent(*counts))
        older = (round(of[code] * 2.9), round(of[code] * 3.2))
        yield (*place, "3 and 4-year-olds", *map(str, older), _percent(*older))
    # An authority outside London, of which one year is not reliable.
    numbers = ("u", "u", "u") if year == _UNRELIABLE else ("411", "690", "59.6")
    yield (year, "Reporting year", *_THURROCK, _ENTITLEMENT, "2-year-olds", *numbers)


def _place(code: str) -> tuple[str, ...]:
    country = ("E92000001", "England")
    if code == "E92000001":
        return ("National", *country, "", "", "", "", "")
    if code in LARGER:
        return ("Regional", *country, code, name_of(code), "", "", "")
    is_inner = code in codes.INNER
    region = "E13000001" if is_inner else "E13000002"
    alike = sorted(one for one in codes.AREAS[:33] if (one in codes.INNER) == is_inner)
    old = (_INNER_OLD_CODES if is_inner else _OUTER_OLD_CODES) + alike.index(code)
    return ("Local authority", *country, region, name_of(region), str(old), code, name_of(code))


def _percent(children: int, of: int) -> str:
    """Write a percentage to one decimal, a last zero dropped."""
    return f"{children / of * 100:.1f}".removesuffix(".0")

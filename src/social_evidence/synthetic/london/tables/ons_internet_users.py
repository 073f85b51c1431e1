"""Internet users: shares by region and part of London, and their limits of 2020."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.tables.totals import people_by_area, share_by_area
from social_evidence.synthetic.london.workbooks import write_xlsx

WAVES: Final = tuple(f"{year}Q1" for year in range(2014, 2021))
_PARTS: Final = {
    "UKI31": ("Camden and City of London", (7, 1)),
    "UKI32": ("Westminster", (33,)),
    "UKI33": ("Kensington & Chelsea and Hammersmith & Fulham", (20, 13)),
    "UKI34": ("Wandsworth", (32,)),
    "UKI41": ("Hackney and Newham", (12, 25)),
    "UKI42": ("Tower Hamlets", (30,)),
    "UKI43": ("Haringey and Islington", (14, 19)),
    "UKI44": ("Lewisham and Southwark", (23, 28)),
    "UKI45": ("Lambeth", (22,)),
    "UKI51": ("Bexley and Greenwich", (4, 11)),
    "UKI52": ("Barking & Dagenham and Havering", (2, 16)),
    "UKI53": ("Redbridge and Waltham Forest", (26, 31)),
    "UKI54": ("Enfield", (10,)),
    "UKI61": ("Bromley", (6,)),
    "UKI62": ("Croydon", (8,)),
    "UKI63": ("Merton, Kingston upon Thames and Sutton", (24, 21, 29)),
    "UKI71": ("Barnet", (3,)),
    "UKI72": ("Brent", (5,)),
    "UKI73": ("Ealing", (9,)),
    "UKI74": ("Harrow and Hillingdon", (15, 17)),
    "UKI75": ("Hounslow and Richmond upon Thames", (18, 27)),
}
"""Codes and names as the publisher writes them, and the numbers of their boroughs."""
_USED, _NOT_USED = "Used in the last 3 months", "Used over 3 months ago/Never used"
_PARTS_FROM: Final = 2017
_LONDON_ROW: Final = 115
_INTERVIEWS: Final = {"UK": 70_000, "London": 6_600}
_DESIGN_EFFECT: Final = 1.7
Row = Sequence[object]


def write(city: City, folder: Path, _waves: Sequence[str], _size: Size) -> list[Path]:
    """Write the workbook with the sheets of shares by area and of their limits.

    Quirks of the real one: headings repeat a year in each block; parts of London have figures from
    2017 only and `-` before; two tables stand side by side in the sheet of limits; a lower limit
    below zero is `-`; notes stand under the tables.

    Args:
        city: Synthetic London.
        folder: The sources folder.
    """
    columns = [_shares(city, year) for year in range(2014, 2021)]
    contents: list[Row] = [["Internet Users, 2020"]]
    sheets = {
        "Contents": contents,
        "6b": _by_area(columns),
        "9b": _with_limits(columns[-1]),
    }
    return [write_xlsx(folder / "internet" / "internetusers2020.xlsx", sheets)]


def _shares(city: City, year: int) -> dict[str, float]:
    """Percent who have not used it in three months, by the names of the table."""
    share = 100 * share_by_area(city, "offline", year + 0.2)
    adults = people_by_area(city, city.is_adult)

    def mean(which: Sequence[int]) -> float:
        return round(float(np.average(share[list(which)], weights=adults[list(which)])), 1)

    everywhere = range(len(codes.AREAS))
    found = {"UK": mean(everywhere), "London": mean(range(codes.REST_OF_ENGLAND))}
    return found | {name: mean([n - 1 for n in numbers]) for name, numbers in _PARTS.values()}


def _by_area(columns: list[dict[str, float]]) -> list[Row]:
    years = range(2014, 2021)
    rows: list[Row] = [
        ["TABLE 6B: RECENT AND LAPSED INTERNET USERS AND INTERNET NON-USERS"],
        ["Persons aged 16 years and over", *[None] * 16, "%"],
        [*[None] * 3, _USED, *[None] * 7, _NOT_USED],
        ["NUTS Code", None, None, *years, None, *years],
        [],
        _line(None, "UK", [column["UK"] for column in columns]),
    ]
    rows += [[] for _ in range(len(rows), _LONDON_ROW - 1)]
    rows.append(_line("UKI", "London", [column["London"] for column in columns]))
    for code, (name, _) in _PARTS.items():
        found = zip(years, columns, strict=True)
        rows.append(
            _line(code, name, [c[name] if year >= _PARTS_FROM else None for year, c in found])
        )
    rows += [[] for _ in range(len(rows), 246)]
    return [*rows, ["The detailed regional estimates in this table are based on smaller samples."]]


def _line(code: str | None, name: str, offline: list[float | None]) -> Row:
    used = ["-" if one is None else round(99.8 - one, 1) for one in offline]
    return [code, name, None, *used, None, *("-" if one is None else one for one in offline)]


def _with_limits(shares: dict[str, float]) -> list[Row]:
    heads = ["Lower limit", "Survey estimate", "Upper limit"]
    blank = [None] * 5
    left = [None, "UK", *_limits(shares["UK"], _INTERVIEWS["UK"])]
    rows: list[Row] = [
        ["TABLE 9B: LAPSED INTERNET USERS AND INTERNET NON-USERS: 95% CONFIDENCE INTERVALS"],
        ["Persons aged 16 years and over", *[None] * 9, "%"],
        [None, None, _NOT_USED],
        ["NUTS Code", None, *heads, None, None, None, *heads],
        [],
        [*left, None, "UKI", "London", *_limits(shares["London"], _INTERVIEWS["London"])],
    ]
    for code, (name, numbers) in _PARTS.items():
        interviews = len(numbers) * _INTERVIEWS["London"] // codes.REST_OF_ENGLAND
        rows.append([*blank, None, code, name, *_limits(shares[name], interviews)])
    rows += [[] for _ in range(len(rows), 113)]
    return [*rows, ["The NUTS Classification is a hierarchical system.", *[None] * 9, "Source"]]


def _limits(percent: float, interviews: int) -> list[object]:
    error = 1.96 * np.sqrt(_DESIGN_EFFECT * percent * (100 - percent) / interviews)
    low, high = round(percent - error, 1), round(percent + error, 1)
    return [low if low > 0 else "-", percent, high]

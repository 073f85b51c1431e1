"""Tables of the Community Life Survey: any volunteering by region, with limits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.tables.totals import people_by_area, share_by_area
from social_evidence.synthetic.london.workbooks import write_ods

WAVES: Final = ("fy2021-22", "fy2023-24")
_RESPONDENTS: Final = {"fy2021-22": (10_100, 1_900), "fy2023-24": (170_000, 21_000)}
_DESIGN_EFFECT: Final = 1.6


def write(city: City, folder: Path, waves: Sequence[str], _size: Size) -> list[Path]:
    """Write a workbook a year; which table holds what is assumed and not the publisher's.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: Financial years.
    """
    written = []
    for wave in WAVES:
        if wave <= max(waves, default=WAVES[-1]):
            name = f"Community_Life_Survey_{wave[2:]}_data_tables.ods"
            cover: list[Sequence[object]] = [["Community Life Survey"]]
            sheets = {"Cover": cover, "Table_A2": _table(city, wave)}
            written.append(write_ods(folder / "community_life" / name, sheets))
    return written


def _table(city: City, wave: str) -> list[Sequence[object]]:
    share = _either(city, int(wave[2:6]) + 0.75)
    adults = people_by_area(city, city.is_adult)
    england, london = slice(0, codes.REST_OF_UK), slice(0, codes.REST_OF_ENGLAND)
    label = f"{wave[2:6]}/{wave[7:]}"
    of = f"Percentage of respondents {label}"
    rows: list[Sequence[object]] = [
        ["Table A2: Volunteering at least once in the last 12 months"],
        ["This worksheet contains one table."],
        ["[c] fewer than 30 respondents"],
        [
            *("Question", "Response Breakdown", of),
            *(f"{of} Lower estimate", f"{of} Upper estimate", f"{label} No. of respondents"),
        ],
    ]
    everybody, capital = _RESPONDENTS[wave]
    for question, answer, area, number in (
        ("All adults", "All", england, everybody),
        ("Region (ITL1)", "North East", slice(codes.REST_OF_ENGLAND, codes.REST_OF_UK), 900),
        ("Region (ITL1)", "London", london, capital),
        ("Sex", "Female", england, everybody // 2),
    ):
        percent = 100 * float(np.average(share[area], weights=adults[area]))
        error = 196 * float(np.sqrt(_DESIGN_EFFECT * percent / 100 * (1 - percent / 100) / number))
        figures = (percent, percent - error, percent + error)
        rows.append([question, answer, *(round(one, 2) for one in figures), number])
    return rows


def _either(city: City, year: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the share who volunteered formally or informally, as if most did both or neither."""
    formal = share_by_area(city, "volunteered_formal", year)
    informal = share_by_area(city, "volunteered_informal", year)
    return np.asarray(np.maximum(formal, informal) + 0.15 * np.minimum(formal, informal))

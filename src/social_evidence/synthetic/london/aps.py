"""The Annual Population Survey: person files of twelve calendar years, with boroughs.

As in the survey, addresses of the main sample are asked in two successive years, and those added
for local areas in four, so six in ten people of a year are in the next year's file; no column
links them. London's boroughs get the same number of added addresses each. Outside London the
sample is thinned to about sixty thousand people, for nothing there is shown by local authority.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.labour import Columns, answering, person_columns, pooled
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sampling import Sample, sample_addresses, weigh
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.writing import write_delimited

SOURCE: Final = "aps"
WAVES: Final = tuple(str(year) for year in range(2012, 2024))
ANCHORS: Final = ("2015", "2016", "2017")

_RESPONSE: Final = 0.6
_MAIN_LONDON: Final = 5_500
"""Addresses of a main cohort in London; two cohorts are asked in a year."""
_ADDED_LONDON: Final = 2_300
"""Addresses of a cohort added for the boroughs; four cohorts are asked in a year."""
_MAIN_ELSEWHERE: Final = 22_000


def write(city: City, folder: Path, waves: Sequence[str], size: Size) -> list[Path]:
    """Write one person file a year as tab-separated text.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: Calendar years.
        size: Sizes of the samples.
    """
    return [_write_year(city, folder, int(wave), size) for wave in waves]


def _write_year(city: City, folder: Path, year: int, size: Size) -> Path:
    people = sample_of(city, year, size)
    weight = "PWTA18" if year <= 2020 else "PWTA22"
    columns = _columns(city, people, year) | {weight: np.maximum(1, np.rint(people.weight))}
    if year < 2015:  # Older editions write names in small letters.
        columns = {name.lower(): values for name, values in columns.items()}
    name = f"apsp_jan{year % 100:02d}dec{year % 100:02d}_client_{weight.lower()}.tab"
    return write_delimited(folder / "aps" / name, columns)


def sample_of(city: City, year: int, size: Size) -> Sample:
    """Draw the people of a calendar year from all cohorts that are asked in it.

    Args:
        city: Synthetic London.
        year: Calendar year.
        size: Sizes of the samples.

    Returns:
        People of answering households, with weights that gross up to the whole population.
    """
    cohorts = []
    for start in (year - 1, year):
        key = ("aps", "main", start)
        for place, households in (("london", _MAIN_LONDON), ("elsewhere", _MAIN_ELSEWHERE)):
            drawn = sample_addresses(
                city,
                (*key, place),
                households=size.scaled(households),
                where=city.is_london if place == "london" else ~city.is_london,
                strata="area" if place == "london" else "region",
                minimum_age=0,
            )
            cohorts.append(answering(city, drawn, key, rate=_RESPONSE, wave=year - start))
    for start in range(year - 3, year + 1):
        key = ("aps", "added", start)
        drawn = sample_addresses(
            city,
            key,
            households=size.scaled(_ADDED_LONDON),
            where=city.is_london & (city.area != codes.AREAS.index("E09000001")),
            strata="area",
            equal_strata=True,
            minimum_age=0,
        )
        cohorts.append(answering(city, drawn, key, rate=_RESPONSE, wave=year - start))
    return weigh(city, pooled(city, cohorts), by="area", grossing=True, minimum_age=0)


def _columns(city: City, people: Sample, year: int) -> Columns:
    draw = city.stream("aps", year, "answers")
    area = city.area[people.rows].astype(np.int64)
    boroughs = [*codes.AREAS[: codes.REST_OF_ENGLAND], None, None]
    columns = person_columns(city, people, year + 0.5, draw)
    if year < 2015:
        columns["HIQUL11D"] = columns.pop("HIQUL15D")
    elif year >= 2022:
        columns["HIQUL22D"] = columns.pop("HIQUL15D")
    return columns | {"UALA": np.array(boroughs, dtype=object)[area]}

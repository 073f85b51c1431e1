"""Hate crime by borough and month, in the layouts of three vintages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.tables.totals import residents, years_to
from social_evidence.synthetic.london.writing import write_delimited

WAVES: Final = tuple(f"fy{year}-{(year + 1) % 100:02d}" for year in range(2014, 2025))
STRANDS: Final = {
    "Racist Hate Crime": 0.76,
    "Faith Hate Crime": 0.09,
    "Homophobic Hate Crime": 0.115,
    "Transgender Hate Crime": 0.01,
    "Disability Hate Crime": 0.025,
}
_SECOND_STRAND: Final = 0.08
_RATE: Final = {2014: 1.55, 2016: 1.9, 2018: 2.1, 2020: 2.5, 2022: 2.7, 2024: 2.4}
_BACK_FILES_TO: Final = 2021
_OLD_SYSTEM_TO: Final = 2023
_ELSEWHERE: Final = (
    ("Aviation Security (SO18)", "", 2),
    ("Other / NK", "NON", 5),
)
Ints = npt.NDArray[np.int64]


def write(city: City, folder: Path, waves: Sequence[str], _size: Size) -> list[Path]:
    """Write the yearly back files, the file to March 2024 and the file of the newer layout.

    Quirks of the real ones: a row is written only where something was counted; columns differ in
    letter case and dates in form between vintages; rows of neighbourhood teams, of positive
    outcomes and of other kinds of crime stand between those that are read; an offence of two
    strands is in both rows; there is no City of London.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: Financial years.
    """
    years = years_to(waves, 2014, 2024)
    back = [(f"MPS_BoroughSNT_OtherCrimeData{_label(year)}.csv", [year]) for year in years]
    files = back[: _BACK_FILES_TO - 2013]
    middle = [year for year in years if _BACK_FILES_TO < year <= _OLD_SYSTEM_TO]
    newest = [year for year in years if year > _OLD_SYSTEM_TO]
    files += [("MPS_MonthlyCrimeDashboard_OtherCrimeData.csv", middle)] if middle else []
    files += [("M1045_MonthlyCrimeDashboard_OtherCrimeData.csv", newest)] if newest else []
    return [_write_file(city, folder / "police" / name, listed) for name, listed in files]


def _write_file(city: City, path: Path, years: Sequence[int]) -> Path:
    is_new = path.name.startswith("M1045")
    rows = [row for year in years for row in _year(city, year, is_new=is_new)]
    columns = list(zip(*rows, strict=True))
    names = [
        *("Month_Year", "Area Type", "Borough_SNT"),
        *(("Area Name", "Area Code") if is_new else ("Area name", "Area code")),
        *("Crime Type", "Crime Subtype", "Measure", "Financial Year"),
        *(("FY_FYIndex",) if is_new else ()),
        *("Count", "Refresh Date"),
    ]
    return write_delimited(path, dict(zip(names, map(list, columns), strict=True)), separator=",")


def _year(city: City, year: int, *, is_new: bool) -> Iterator[tuple[object, ...]]:
    counts = _counts(city, year)
    hate = "Hate Crime" if is_new else "Hate crime"
    for at, month in enumerate(_months(year)):
        day = f"{month}-01" if is_new else f"01.{month[5:]}.{month[2:4]}"
        end = (_label(year), *((f"{_label(year)[2:]}_01",) if is_new else ()))
        for borough, code in enumerate(codes.AREAS[1 : codes.REST_OF_ENGLAND]):
            name = codes.AREA_NAMES[code]
            place = (day, "Borough", name, name, code)
            ward = (day, "Safer Neighbourhood Teams", name, f"{name} Town", f"E0500{at:04d}")
            of_month = {subtype: int(values[borough, at]) for subtype, values in counts.items()}
            solved = of_month["Hate Crime"] // 9
            found = [
                *((*place, hate, subtype, "Offences", n) for subtype, n in of_month.items()),
                (*place, hate, "Hate Crime", "Positive Outcomes", solved),
                (*ward, hate, "Hate Crime", "Offences", 1),
                (*place, "Domestic Abuse", "Domestic Abuse", "Offences", 120 + 3 * borough),
            ]
            yield from ((*row[:-1], *end, row[-1], _refreshed(year)) for row in found if row[-1])
        for name, code, count in _ELSEWHERE:
            nowhere = (day, "Borough", "Other / NK", name, code, hate, "Hate Crime")
            yield (*nowhere, "Offences", *end, count, _refreshed(year))


def _counts(city: City, year: int) -> dict[str, Ints]:
    """Draw offences, each once, and in each of their strands: boroughs x twelve months."""
    people = residents(city, year).sum(axis=(1, 2))[1 : codes.REST_OF_ENGLAND]
    pattern = np.exp(city.stream("mps_hate_crime", "boroughs").normal(0, 0.22, len(people)))
    pattern[-1] *= 2.6  # Westminster, where far more people are than live there
    rate = float(np.interp(year, list(_RATE), list(_RATE.values())))
    yearly = people * pattern / np.average(pattern, weights=people) * rate / 1000
    draw = city.stream("mps_hate_crime", year)
    season = 1 + 0.12 * np.cos(2 * np.pi * (np.arange(12) - 3) / 12)
    total = draw.poisson(np.outer(yearly, season / season.sum()))
    first = draw.multinomial(total, list(STRANDS.values()))
    second = draw.multinomial(draw.binomial(total, _SECOND_STRAND), _others())
    strands = first + second
    return {
        "Hate Crime": total,
        **{name: strands[:, :, at] for at, name in enumerate(STRANDS)},
    }


def _others() -> list[float]:
    """Chances of a second strand: mostly faith beside race."""
    return [0.2, 0.55, 0.15, 0.03, 0.07]


def _months(year: int) -> list[str]:
    return [f"{year + (month > 12)}-{(month - 1) % 12 + 1:02d}" for month in range(4, 16)]


def _label(year: int) -> str:
    return f"fy{year % 100:02d}-{(year + 1) % 100:02d}"


def _refreshed(year: int) -> str:
    return f"{year + 1}-04-18"

"""The Public Attitudes Survey's dashboard: eight measures of the police by borough and quarter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.places import read_places
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.tables.totals import Floats, people_by_area
from social_evidence.synthetic.london.writing import write_rows

WAVES: Final = (
    "y2014Q4",
    *(f"y{year}Q{quarter}" for year in range(2015, 2024) for quarter in (1, 2, 3, 4)),
)
_MEASURES: Final = {
    '"Good Job" local': (0.68, 0.47),
    "Contact ward officer": (0.16, 0.13),
    "Informed local": (0.45, 0.29),
    "Listen to concerns": (0.73, 0.57),
    "Relied on to be there": (0.75, 0.59),
    "Treat everyone fairly": (0.77, 0.62),
    "Trust MPS": (0.87, 0.69),
    "Understand issues": (0.72, 0.57),
}
"""Force-wide shares at the first and the last quarter."""
_TRUST_FROM: Final = "y2016Q1"
_LAST_DAYS: Final = {"1": "31/3", "2": "30/6", "3": "30/9", "4": "31/12"}
_NAMES: Final = {
    "Westminster": "City of Westminster",
    "Richmond upon Thames": "Richmond Upon Thames",
}
_SPELLED_OTHERWISE_TO: Final = "y2019Q4"
_STRAY: Final = ("y2022Q4", "Barking and Dagenham", "Trust MPS")


def write(city: City, folder: Path, waves: Sequence[str], _size: Size) -> list[Path]:
    """Write the sheet of boroughs as it is exported where numbers have decimal commas.

    Quirks of the real one: days without leading zeros; quotation marks within a measure's name;
    two spellings of Richmond; four columns without a name, of which one row fills two; the
    force-wide share repeated in every row; no City of London; no sample sizes.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: Twelve months to a quarter, as y2023Q4.
    """
    trusted = read_places().columns["police_trusted"][1 : codes.REST_OF_ENGLAND]
    pattern = np.log(trusted / (1 - trusted))
    weights = people_by_area(city, city.is_adult)[1 : codes.REST_OF_ENGLAND]
    rows: list[Sequence[object]] = [
        ["Date", "Survey", "Borough", "Measure", "Proportion", "MPS", "", "", "", ""]
    ]
    last = max(waves, default=WAVES[-1])
    for at, wave in enumerate(WAVES):
        for measure, ends in _MEASURES.items():
            if wave <= last and (measure != "Trust MPS" or wave >= _TRUST_FROM):
                level = float(np.interp(at, [0, len(WAVES) - 1], ends))
                share = _boroughs(city, measure, wave, level, pattern - pattern.mean())
                force = float(np.average(share, weights=weights))
                rows += [_row(wave, measure, n, one, force) for n, one in enumerate(share)]
    return [write_rows(folder / "police" / "PAS_Dashboard_Borough.csv", rows)]


def _boroughs(city: City, measure: str, wave: str, level: float, pattern: Floats) -> Floats:
    noise = city.stream("pas_dashboard", measure, wave).normal(0, 0.06, len(pattern))
    odds = np.log(level / (1 - level)) + 0.8 * pattern + noise
    return np.asarray(1 / (1 + np.exp(-odds)))


def _row(wave: str, measure: str, borough: int, share: float, force: float) -> list[object]:
    name = codes.AREA_NAMES[codes.AREAS[borough + 1]]
    if name != "Richmond upon Thames" or wave <= _SPELLED_OTHERWISE_TO:
        name = _NAMES.get(name, name)
    day = f"{_LAST_DAYS[wave[-1]]}/{wave[1:5]}"
    stray = ("", "", "Trust", "0,71") if (wave, name, measure) == _STRAY else ("", "", "", "")
    return [day, "PAS", name, measure, _comma(share), _comma(force), *stray]


def _comma(share: float) -> str:
    """Write two decimals with a comma, last zeros dropped."""
    return f"{share:.2f}".rstrip("0").rstrip(".").replace(".", ",")

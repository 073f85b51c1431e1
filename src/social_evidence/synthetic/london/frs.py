"""The Family Resources Survey: adults, children, families and households in tables of their own.

Savings stand in the family's table, region and tenure in the household's, as in the deposit.
Which of two totals of capital a year holds follows the deposit too: TOTCAPB4 from 2019-20.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.family_resources import (
    Families,
    families,
    moment,
    region,
    tenure,
)
from social_evidence.synthetic.london.labour import Columns
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.writing import write_delimited

SOURCE: Final = "frs"
WAVES: Final = tuple(
    f"fy{year}-{(year + 1) % 100:02d}" for year in (*range(2011, 2020), 2021, 2022)
)
SERIES_WAVES: Final[Mapping[str, tuple[str, ...]]] = {
    "TOTCAPB3": tuple(wave for wave in WAVES if wave < "fy2019-20"),
    "TOTCAPB4": tuple(wave for wave in WAVES if wave >= "fy2019-20"),
}
ANCHORS: Final = ("fy2015-16",)

_NOT_KNOWN: Final = -1
_ETHNIC: Final = np.array([3, 4, 2, 1, 5])[list(codes.FIVE_OF_NINE)]
"""Code of ETHGR3 by the nine groups: those of `codes.ETHNIC_FIVE` are 3, 4, 2, 1 and 5."""
_ACTIVITY: Final = np.array([1, 5, 7, 6, 8])
"""Code of EMPSTATI by `codes.ACTIVITY`."""
_OLDEST: Final = 80


def write(city: City, folder: Path, waves: Sequence[str], size: Size) -> list[Path]:
    """Write four tables a financial year as tab-separated text.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: Financial years, as fy2015-16.
        size: Sizes of the samples.
    """
    return [path for wave in waves for path in _write_year(city, folder, wave, size)]


def _write_year(city: City, folder: Path, wave: str, size: Size) -> list[Path]:
    drawn = families(city, wave, size)
    draw = city.stream("frs", wave, "answers")
    child = city.is_dependent_child[drawn.people.rows]
    own = _people(city, drawn, wave, draw)
    adult = {name: values[~child] for name, values in own.items()}
    adult["AGE80"] = np.minimum(adult.pop("AGE"), _OLDEST)
    kept = ("SERNUM", "BENUNIT", "PERSON", "AGE", "SEX", "DISCORA1", "GROSS4")
    tables: dict[str, Columns] = {
        "adult": dict(adult),
        "child": {name: own[name][child] for name in kept},
        "benunit": _benefit_units(city, drawn, wave, draw),
        "househol": _households(city, drawn, draw),
    }
    place = folder / "frs" / f"{wave[4:6]}{wave[7:9]}"
    return [write_delimited(place / f"{name}.tab", table) for name, table in tables.items()]


def _people(
    city: City, drawn: Families, wave: str, draw: np.random.Generator
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    people = drawn.people
    activity = city.activity_in(moment(wave))[people.rows]
    working = _ACTIVITY[np.maximum(activity, 0)]
    luck = draw.random(len(people))
    working = np.where((working == 1) & (luck < 0.25), 2, working)  # some work part time
    disabled = np.where(city.is_disabled[people.rows], 1, 2)
    return {
        "SERNUM": drawn.serial,
        "BENUNIT": drawn.unit,
        "PERSON": city.person_number[people.rows].astype(np.int64),
        "AGE": city.age[people.rows].astype(np.int64),
        "SEX": np.where(city.sex[people.rows] == 1, 1, 2),
        "ETHGR3": np.where(luck > 0.995, _NOT_KNOWN, _ETHNIC[city.ethnic[people.rows]]),
        "DISCORA1": np.where((luck > 0.4) & (luck < 0.405), _NOT_KNOWN, disabled),
        "EMPSTATI": np.where(activity < 0, _NOT_KNOWN, working),
        "GROSS4": drawn.weight,
    }


def _benefit_units(city: City, drawn: Families, wave: str, draw: np.random.Generator) -> Columns:
    _, first = np.unique(drawn.serial * 100 + drawn.unit, return_index=True)
    capital = "TOTCAPB3" if wave < "fy2019-20" else "TOTCAPB4"
    savings = np.asarray(city.savings(moment(wave)), dtype=np.float64)[drawn.people.rows[first]]
    refused = draw.random(first.size) < 0.01
    return {
        "SERNUM": drawn.serial[first],
        "BENUNIT": drawn.unit[first],
        capital: np.where(refused, _NOT_KNOWN, np.floor(savings)),
        "GROSS4": drawn.weight[first],
    }


def _households(city: City, drawn: Families, draw: np.random.Generator) -> Columns:
    _, first = np.unique(drawn.serial, return_index=True)
    return {
        "SERNUM": drawn.serial[first],
        "GVTREGN": region(city, drawn.people)[first],
        "PTENTYP2": tenure(city, drawn.people, draw)[first],
        "GROSS4": drawn.weight[first],
    }

"""Households Below Average Income: a row a family, income and housing costs of its household.

Income and costs are those without the adjustment for the very rich; a few households have no
income, or less than none, in the file. Years to 2012-13 write two names as older editions do.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

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

SOURCE: Final = "hbai"
WAVES: Final = tuple(f"fy{year}-{(year + 1) % 100:02d}" for year in range(2011, 2023))
ANCHORS: Final = ("fy2014-15", "fy2015-16", "fy2016-17")

_OLDER: Final = {"ES_HCOST": "ES_HCSTO", "ESNINCHH": "ESNINOHH", "HHSHARE": "HHSTAT"}
_WITHOUT_INCOME: Final = 0.01
"""Share of the households over a third whose income is nil or negative in the file."""


def write(city: City, folder: Path, waves: Sequence[str], size: Size) -> list[Path]:
    """Write one file a financial year as tab-separated text.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: Financial years, as fy2015-16.
        size: Sizes of the samples.
    """
    return [_write_year(city, folder, wave, size) for wave in waves]


def _write_year(city: City, folder: Path, wave: str, size: Size) -> Path:
    drawn = families(city, wave, size)
    columns = _columns(city, drawn, wave)
    if wave < "fy2013-14":
        columns = {_OLDER.get(name, name): values for name, values in columns.items()}
    return write_delimited(folder / "hbai" / f"hbai{wave[4:6]}{wave[7:9]}_g4.tab", columns)


def _columns(city: City, drawn: Families, wave: str) -> Columns:
    """Keep the first person of every family, and write what the family and household are."""
    draw = city.stream("hbai", wave, "answers")
    number = drawn.serial * 100 + drawn.unit
    _, first, family = np.unique(number, return_index=True, return_inverse=True)
    household = drawn.serial[first] - 1
    rows = drawn.people.rows
    head = rows[drawn.heads[first]]
    people = np.bincount(family)
    disabled = np.bincount(family, weights=city.is_disabled[rows]) > 0
    home = tenure(city, drawn.people, draw)[drawn.heads[first]]
    return {
        "SERNUM": drawn.serial[first],
        "BENUNIT": drawn.unit[first],
        "GVTREGN": region(city, drawn.people)[first],
        "GS_NEWPP": drawn.weight[first] * people,
        "GS_NEWHH": np.where(drawn.unit[first] == 1, drawn.weight[first], 0.0),
        **_money(city, head, household, wave, draw),
        "ETHGRPHH": city.ethnic[head].astype(np.int64) + 1,
        "SEXHD": np.where(city.sex[head] == 1, 1, 2),
        "AGEHD": np.maximum(city.age[head].astype(np.int64), 16),
        "PTENTYP2": home,
        "DISCORABFLG": disabled.astype(np.int64),
        "HHSHARE": (drawn.unit[first] > 1).astype(np.int64) + 1,
    }


def _money(
    city: City,
    head: np.ndarray[tuple[int], np.dtype[np.int_]],
    household: np.ndarray[tuple[int], np.dtype[np.int64]],
    wave: str,
    draw: np.random.Generator,
) -> Columns:
    """Write pounds a week, the same for all families of a household."""
    income, costs = (np.asarray(own, dtype=np.float64)[head] for own in city.housing(moment(wave)))
    luck = draw.random(int(household.max()) + 1)[household]
    over = costs > income / 3
    income = np.where(over & (luck < _WITHOUT_INCOME), np.where(luck < 0.004, -20.0, 0.0), income)
    equivalised = city.equivalised_income[head]
    return {
        "ENTINCHH": income.round(2),
        "ESNINCHH": income.round(2),
        "EHCOST": costs.round(2),
        "ES_HCOST": costs.round(2),
        "S_OE_BHC": equivalised.round(2),
    }

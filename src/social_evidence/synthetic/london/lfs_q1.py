"""Labour Force Survey, January to March: when people last used the internet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london.labour import ADULT, DOES_NOT_APPLY, unanswered
from social_evidence.synthetic.london.lfs import quarter_columns, sample_of
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.writing import write_delimited

SOURCE: Final = "lfs_q1"
WAVES: Final = tuple(f"{year}Q1" for year in range(2015, 2021))
ANCHORS: Final = ("2017Q1",)


def write(city: City, folder: Path, waves: Sequence[str], size: Size) -> list[Path]:
    """Write one person file a quarter as tab-separated text.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: Quarters, as 2017Q1.
        size: Sizes of the samples.
    """
    return [_write_quarter(city, folder, int(wave[:4]), size) for wave in waves]


def _write_quarter(city: City, folder: Path, year: int, size: Size) -> Path:
    people = sample_of(city, "Q1", year, size)
    moment = year + 0.125
    draw = city.stream("lfs", year, "Q1", "answers")
    columns = quarter_columns(city, people, moment, draw)
    used = city.internet(moment)[people.rows]
    child = city.age[people.rows] < ADULT
    columns["INTUSE"] = np.where(child, DOES_NOT_APPLY, unanswered(used, draw, 0.012))
    columns["PWT18"] = np.maximum(1, np.rint(people.weight))
    return write_delimited(folder / "lfs" / f"lfsp_jm{year % 100:02d}_eul_pwt18.tab", columns)

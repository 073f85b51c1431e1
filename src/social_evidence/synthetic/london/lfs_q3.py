"""Labour Force Survey, July to September of every third year: home language and English."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london.labour import (
    ADULT,
    DOES_NOT_APPLY,
    Codes,
    Columns,
    unanswered,
)
from social_evidence.synthetic.london.lfs import quarter_columns, sample_of
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sampling import Sample
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.writing import write_delimited

SOURCE: Final = "lfs_q3"
WAVES: Final = ("2009Q3", "2012Q3", "2015Q3", "2018Q3")

_RENAMED: Final = {
    2009: {"NSECMJ10": "NSECMMJ", "DISEA": "DISCURR", "HIQUL15D": "HIQUAL8D"},
    2012: {"DISEA": "DISCURR", "HIQUL15D": "HIQUL11D"},
}
"""What columns were called in older quarters, as far as the definitions guess it."""


def write(city: City, folder: Path, waves: Sequence[str], size: Size) -> list[Path]:
    """Write one person file a quarter as tab-separated text.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: Quarters, as 2015Q3.
        size: Sizes of the samples.
    """
    return [_write_quarter(city, folder, int(wave[:4]), size) for wave in waves]


def _write_quarter(city: City, folder: Path, year: int, size: Size) -> Path:
    people = sample_of(city, "Q3", year, size)
    moment = year + 0.625
    draw = city.stream("lfs", year, "Q3", "answers")
    columns = quarter_columns(city, people, moment, draw) | _language(city, people, moment, draw)
    names = _RENAMED.get(year, {})
    columns = {names.get(name, name): values for name, values in columns.items()}
    weight = "PWT14" if year == 2009 else "PWT18"
    columns[weight] = np.maximum(1, np.rint(people.weight))
    path = folder / "lfs" / f"lfsp_js{year % 100:02d}_eul_{weight.lower()}.tab"
    return write_delimited(path, columns)


def _language(city: City, people: Sample, moment: float, draw: np.random.Generator) -> Columns:
    other = city.other_language[people.rows]
    asked = city.age[people.rows] >= ADULT
    work, education = (own[people.rows] for own in city.language_difficulty(moment))
    spoken = np.where(other, draw.integers(3, 40, size=len(people)), 1)
    return {
        "LANG": np.where(asked, unanswered(spoken, draw, 0.005), DOES_NOT_APPLY),
        "LANGD1": _yes_or_no(work, asked & other, draw),
        "LANGD2": _yes_or_no(education, asked & other, draw),
    }


def _yes_or_no(
    said: np.ndarray[tuple[int], np.dtype[np.bool_]],
    asked: np.ndarray[tuple[int], np.dtype[np.bool_]],
    draw: np.random.Generator,
) -> Codes:
    answer = unanswered(np.where(said, 1, 2), draw, 0.01)
    return np.where(asked, answer, DOES_NOT_APPLY)

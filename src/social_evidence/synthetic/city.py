"""An invented city: a survey of its residents and a small register, the same on every machine."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

DISTRICTS: Final = ("Northbank", "Easthill", "Southmoor", "Westferry")
_ADULTS: Final = (61_240, 48_310, 55_870, 39_580)
_REGISTERED: Final = (0.82, 0.91, 0.78, 1.02)  # more electors than adults can happen: shown
_POINTS: Final = 15
_PEOPLE_A_POINT: Final = 20
MARK: Final = "SYNTHETIC"
"""The last column of every file, 1 in each row: a copy elsewhere still says that it is made up."""
_SURVEY_COLUMNS: Final = (
    "serial",
    "district",
    "point",
    "weight",
    "sex",
    "age",
    "trust",
    "satisfaction",
    MARK,
)


def write_sources(folder: Path, *, seed: int = 2018) -> tuple[Path, ...]:
    """Write the invented survey and register as delimited text.

    Args:
        folder: Where to write; made when absent.
        seed: Another seed makes another city. The same seed makes the same bytes.

    Returns:
        The files written: `survey.csv` (1,200 people in 60 sampling points of 4 districts, with
        weights, item non-response and codes for "don't know") and `register.csv`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts = sources(seed=seed)
    for name, text in texts.items():
        # Beside, then renamed: a file cut short by a kill would be taken for somebody's own.
        beside = folder / f".{name}.writing"
        beside.write_text(text, encoding="utf-8", newline="")
        beside.replace(folder / name)
    return tuple(folder / name for name in texts)


def sources(*, seed: int = 2018) -> dict[str, str]:
    """Make the texts that `write_sources` writes, by file name.

    Args:
        seed: Another seed makes another city.
    """
    people = _people(random.Random(seed))  # noqa: S311 - no secret
    return {
        "survey.csv": _text(_SURVEY_COLUMNS, people),
        "register.csv": _text(("year", "area", "electors", "adults", MARK), _counts()),
    }


def _people(draw: random.Random) -> Iterator[tuple[object, ...]]:
    serial = 0
    for district, adults in zip(DISTRICTS, _ADULTS, strict=True):
        usual_weight = adults / (_POINTS * _PEOPLE_A_POINT)
        for point in range(1, _POINTS + 1):
            mood = draw.gauss(0, 0.6)  # people of one point resemble each other
            for _ in range(_PEOPLE_A_POINT):
                serial += 1
                weight = round(usual_weight * draw.uniform(0.6, 1.6), 2)
                yield (serial, district, point, weight, *_answers(draw, mood))


def _answers(draw: random.Random, mood: float) -> tuple[object, ...]:
    sex = draw.choice((1, 2))
    age = -1 if draw.random() < 0.01 else draw.randint(18, 92)
    leaning = mood + 0.012 * (age - 45) + draw.gauss(0, 1)
    trust = 1 + sum(leaning < cut for cut in (1.1, 0.0, -0.5, -1.3))
    if draw.random() < 0.03:
        trust = draw.choice((8, 9))
    satisfaction = max(0, min(10, round(7.2 + 0.8 * mood + draw.gauss(0, 1.9))))
    return sex, age, trust, "" if draw.random() < 0.02 else satisfaction


def _counts() -> Iterator[tuple[object, ...]]:
    for year, growth in ((2024, 0.99), (2025, 1.0)):
        for district, adults, share in zip(DISTRICTS, _ADULTS, _REGISTERED, strict=True):
            people = round(adults * growth)
            yield year, district, round(people * share), people


def _text(columns: Sequence[str], rows: Iterator[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows((*row, 1) for row in rows)
    return text.getvalue()

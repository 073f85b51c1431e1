"""Write the similar boroughs of London from their census shares.

    python tools/similar_areas.py

Each share is standardised over the boroughs: its mean taken off, divided by its standard deviation.
The distance of two areas is the square root of the mean over topics of the mean squared difference
of the shares within a topic, so that a topic with eight shares weighs no more than one with two.
0 means alike in every share; two boroughs taken at random stand about 1.4 apart.

The City of London has 8,584 residents, the next smallest authority 143,373. It is left out of
means and deviations and is never listed for a borough; its own five nearest are. A test computes
the file anew and compares.
"""

from __future__ import annotations

import csv
import math
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "src" / "social_evidence" / "catalogues" / "london"
SHARES = FOLDER / "census_shares.csv"
SIMILAR = FOLDER / "similar.toml"
CITY_OF_LONDON = "E09000001"
NEAREST = 5

_BEGIN = """# Written by tools/similar_areas.py from census_shares.csv; a test computes it anew.

method = "The five nearest boroughs by shares of residents at the census of 2021 in five topics \
(ethnic group, religion, disability, moves within a year, language), each share standardised over \
the 32 boroughs and each topic counted alike. The City of London has its own five nearest and is \
listed for no other."
basis = "the make-up of their residents at the census of 2021"
attribution = [
  "Source: Census 2021, Office for National Statistics.",
  "Contains public sector information licensed under the Open Government Licence v3.0.",
]
"""

Areas = Mapping[str, Mapping[str, float]]


def text() -> str:
    """Write the file.

    Returns:
        Its text, ending in a line break.
    """
    shares = read_shares()
    names = _names()
    standardised = standardise(shares)
    sections = []
    for code in sorted(shares):
        near = nearest(code, standardised)
        lines = [f"{other} = {distance:.3f} # {names[other]}" for other, distance in near]
        sections.append(f"\n[areas.{code}] # {names[code]}\n" + "\n".join(lines) + "\n")
    return _BEGIN + "".join(sections)


def read_shares() -> Areas:
    """Read area code -> `topic.share` -> share."""
    return {
        row["area"]: {name: float(value) for name, value in row.items() if "." in name}
        for row in _rows()
    }


def standardise(areas: Areas) -> Areas:
    """Standardise each share over the boroughs, the City of London left out of the measure."""
    boroughs = [shares for code, shares in areas.items() if code != CITY_OF_LONDON]
    found: dict[str, dict[str, float]] = {code: {} for code in areas}
    for name in boroughs[0]:
        values = [shares[name] for shares in boroughs]
        mean, deviation = statistics.fmean(values), statistics.pstdev(values)
        for code, shares in areas.items():
            found[code][name] = (shares[name] - mean) / deviation
    return found


def nearest(code: str, standardised: Areas) -> Sequence[tuple[str, float]]:
    """List the nearest boroughs of an area, nearest first."""
    others = [other for other in standardised if other not in {code, CITY_OF_LONDON}]
    found = [(other, distance(standardised[code], standardised[other])) for other in others]
    return sorted(found, key=lambda pair: (pair[1], pair[0]))[:NEAREST]


def distance(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    """Compute the distance of two areas from their standardised shares."""
    topics: dict[str, list[float]] = {}
    for name, value in left.items():
        topics.setdefault(name.partition(".")[0], []).append((value - right[name]) ** 2)
    return math.sqrt(statistics.fmean(statistics.fmean(squares) for squares in topics.values()))


def _names() -> Mapping[str, str]:
    return {row["area"]: row["name"] for row in _rows()}


def _rows() -> list[dict[str, str]]:
    lines = SHARES.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


if __name__ == "__main__":
    SIMILAR.write_text(text(), encoding="utf-8")

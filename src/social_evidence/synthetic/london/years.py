"""Two years of synthetic London: what the second release has to cope with that the first had not.

In the first year some files are late and one holds a mistake. In the second they have come, the
mistake is mended, and one group has shrunk so far that the new period cannot show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.writers import write_source
from social_evidence.synthetic.london.writing import write_bytes

LATE: Final = ("aps", "ons_local_electors", "pas")
"""Sources whose latest wave comes after the first release."""
CORRECTED: Final = "dfe_early_years"
"""Source of which the first year's file holds a mistake."""
NOTE: Final = (
    "The first edition counted 100 children too many for Hackney in 2023; the publisher's "
    "revised file is used from this release on (a made-up mistake, to show a correction)."
)
LATE_NOTE: Final = (
    "The latest files of these sources came after the release before, which said so and had no "
    "figures for them; figures that rest on them are published now (made up, to show late files)."
)
SHRUNK: Final = ("pas", "hindu")
"""Source, and religion of which hardly anybody answers its latest wave."""
_MISTAKE: Final = 100
_FILE: Final = "1_early_years_provision_children_registered_2018_2023.csv"
_MISTAKEN: Final = ("2023", "E09000012", "2-year-olds")
_ANSWERING: Final = 0.005


def write_first(source: str, city: City, folder: Path, waves: Sequence[str]) -> None:
    """Write a source as it is in the first year, with the mistake."""
    write_source(source, city, folder, waves)
    if source == CORRECTED:
        for path in folder.rglob(_FILE):
            write_bytes(path, _mistaken(path.read_text(encoding="utf-8")).encode())


def write_second(source: str, city: City, folder: Path, waves: Sequence[str]) -> None:
    """Write a source as it is in the second year, when one group has shrunk."""
    shrunk, group = SHRUNK
    if source != shrunk or len(waves) < 2:
        write_source(source, city, folder, waves)
        return
    write_source(source, city, folder, waves[:-1])
    few = city.religion == codes.RELIGION.index(group)
    ready = np.where(few, city.propensity * np.float32(_ANSWERING), city.propensity)
    later = replace(city, propensity=ready, kept=dict(city.kept))
    write_source(source, later, folder, waves[-1:])


def _mistaken(text: str) -> str:
    lines = text.splitlines()
    header = lines[0].lstrip("\ufeff").split(",")
    count, eligible = header.index("number_children"), header.index("number_eligible_children")
    share = header.index("percentage_eligible_children")
    for number, line in enumerate(lines):
        cells = line.split(",")
        if all(mark in cells for mark in _MISTAKEN):
            cells[count] = str(int(cells[count]) + _MISTAKE)
            cells[share] = f"{100 * int(cells[count]) / int(cells[eligible]):.1f}"
            lines[number] = ",".join(cells)
    return "\n".join(lines) + "\n"

"""What each borough and the rest of the country is like: shares after which people are made up.

`places.csv` holds published figures, rounded to a tenth of a percent. Population (thousands), ages,
birth outside the country, tenure, qualifications, employment, volunteering and median household
income are of 2012 to 2015, from the London Borough Profiles (GLA). Ethnic group, religion,
disability, first language and moves within a year are of the census of 2021 (ONS). Trust in the
police is from the open table of the Public Attitudes Survey, December 2023 (MOPAC). All are under
the Open Government Licence. Survey figures of the City of London are not published, and those of
the rest of the country come from several years: these are set by hand to be plausible.
"""

from __future__ import annotations

import csv
import functools
import importlib.resources
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from social_evidence.synthetic.london import codes

Floats = npt.NDArray[np.float64]

_RELIGIONS = (*codes.RELIGION[:-1], "other_religion")
_ETHNIC = (*codes.ETHNIC[:-1], "other_ethnic")
REGION_SHARES = {
    1: 0.056,
    2: 0.154,
    3: 0.115,
    4: 0.100,
    5: 0.123,
    6: 0.130,
    8: 0.191,
    9: 0.131,
    10: 0.298,
    11: 0.520,
    12: 0.182,
}
"""Of the rest of England's people (1 to 9) and of the rest of the United Kingdom's (10 to 12)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The table, one entry an area in the order of `codes.AREAS`.

    Attributes:
        thousands: People, in thousands.
        columns: Each further column of `places.csv`: shares in [0, 1], and income in pounds.
    """

    thousands: Floats
    columns: dict[str, Floats]

    def shares(self, names: tuple[str, ...]) -> Floats:
        """Return some columns side by side, each row made to sum to one."""
        table = np.stack([self.columns[name] for name in names], axis=1)
        return np.asarray(table / table.sum(axis=1, keepdims=True))

    @property
    def ethnic(self) -> Floats:
        """Shares of the nine ethnic groups."""
        return self.shares(_ETHNIC)

    @property
    def religion(self) -> Floats:
        """Shares of the eight religions."""
        return self.shares(_RELIGIONS)

    @property
    def tenure(self) -> Floats:
        """Shares of the four tenures, of households."""
        return self.shares(codes.TENURE)


@functools.cache
def read_places() -> Places:
    """Read the table that comes with the program."""
    file = importlib.resources.files("social_evidence.synthetic.london") / "places.csv"
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    by_area = {row["area"]: row for row in rows}
    table = {
        name: np.array([float(by_area[area][name]) for area in codes.AREAS])
        for name in rows[0]
        if name != "area"
    }
    kept = ("thousands", "income", "police_trusted")
    columns = {name: values if name in kept else values / 100 for name, values in table.items()}
    return Places(thousands=columns.pop("thousands"), columns=columns)

"""The early years dashboard's file: an authority's own row and one for each of its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.tables import early_years
from social_evidence.synthetic.london.tables.totals import BOROUGHS
from social_evidence.synthetic.london.writing import write_delimited

WAVES: Final = ("2016", "2017")
_NEIGHBOURS: Final = 11


def write(city: City, folder: Path, _waves: Sequence[str], _size: Size) -> list[Path]:
    """Write the file of 2018: eleven rows an authority, SN00 its own.

    Args:
        city: Synthetic London.
        folder: The sources folder.
    """
    chosen = np.repeat(np.arange(len(BOROUGHS)), _NEIGHBOURS)
    rank = np.tile(np.arange(_NEIGHBOURS), len(BOROUGHS))
    neighbour = (chosen + 3 * rank) % len(BOROUGHS)
    names = np.array([codes.AREA_NAMES[code] for code in BOROUGHS])
    columns: dict[str, object] = {
        "LA_Name": names[neighbour],
        "LEA_NAME": names[chosen],
        "SN": [f"SN{one:02d}" for one in rank],
        "LA_Code": np.array(BOROUGHS)[neighbour],
    }
    for year in (2016, 2017, 2018):
        share = early_years.registered(city, year) / early_years.eligible(city, year)
        columns[f"two_year_olds_Percent_{year}"] = np.round(100 * share[neighbour]).astype(np.int64)
    path = folder / "education" / "combined_long_data_2018_R_v5_postbeta_sup.csv"
    return [write_delimited(path, columns, separator=",")]

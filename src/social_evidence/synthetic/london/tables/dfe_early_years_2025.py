"""Funded early education from 2024, when working parents of two-year-olds have a place as well."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.tables.dfe_early_years import write_edition
from social_evidence.synthetic.london.tables.totals import years_to

WAVES: Final = ("2024", "2025")
_ENTITLEMENTS: Final = {"Families receiving additional support": 1.0, "Working parents": 1.4}


def write(city: City, folder: Path, waves: Sequence[str], _size: Size) -> list[Path]:
    """Write the edition, in a layout that is assumed and not the publisher's.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: Calendar years.
    """
    name = "funded_early_education_children_registered_2024_2025.csv"
    return [write_edition(city, folder, name, years_to(waves, 2024, 2025), _ENTITLEMENTS)]

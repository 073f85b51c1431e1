"""Parliamentary registers of 1 December 2003 to 2021 by local authority."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.tables.totals import adults, people_by_area, share_by_area
from social_evidence.synthetic.london.workbooks import write_xlsx

WAVES: Final = tuple(f"{year}-12-01" for year in range(2003, 2022))
_OVERSEAS: Final = 0.005
_FILE: Final = "parliamentaryelectorsoverseasanonymousoptoutandeuv2.xlsx"


def write(city: City, folder: Path, _waves: Sequence[str], _size: Size) -> list[Path]:
    """Write Table 4 of the workbook, newest year first, local authorities only.

    Args:
        city: Synthetic London.
        folder: The sources folder.
    """
    years = range(2021, 2002, -1)
    of_union = people_by_area(city, city.non_british) / people_by_area(city, city.area > -1)
    share = share_by_area(city, "registered", 2016.9) * (1 - 0.4 * of_union) * (1 + _OVERSEAS)
    columns = {year: np.round(share * adults(city, year)) for year in years}
    rows: list[Sequence[object]] = [
        ["Table 4: Electoral registers, 1 December 2003 to 2021"],
        *([["This met my needs, please produce it next year"]] * 3),
        ["Code", "Name", *map(str, years)],
        ["E06000001", "Hartlepool", *(70_000 for _ in years)],
    ]
    for at, code in enumerate(codes.AREAS[: codes.REST_OF_ENGLAND]):
        rows.append([code, codes.AREA_NAMES[code], *(columns[year][at] for year in years)])
    contents: list[Sequence[object]] = [["Table of contents"]]
    sheets = {"Contents": contents, "Table 4": rows}
    return [write_xlsx(folder / "electoral" / _FILE, sheets)]

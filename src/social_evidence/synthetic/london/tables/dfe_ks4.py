"""Key stage 4 by local authority and characteristics, release 2021/22: an archive of text files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.tables.pupils import TOTAL, Row, results
from social_evidence.synthetic.london.tables.totals import LARGER, name_of
from social_evidence.synthetic.london.writing import MARK, write_bytes

WAVES: Final = ("ay2018-19", "ay2019-20", "ay2020-21", "ay2021-22")
MEMBER: Final = "data/2122_lachar_data.csv"
_VERSIONS: Final = {2018: "Final", 2019: "Revised", 2020: "Revised", 2021: "Provisional"}
_WITHOUT_PROGRESS: Final = (2019, 2020)
_FEWEST: Final = 3
_PLACE: Final = (
    *("time_period", "time_identifier", "geographic_level", "country_code", "country_name"),
    *("region_code", "region_name", "old_la_code", "new_la_code", "la_name"),
)
_GROUPS: Final = (
    *("version", "school_characteristic", "breakdown", "characteristic_gender"),
    *("characteristic_ethnic_major", "characteristic_free_school_meals"),
    *("characteristic_sen_status", "characteristic_sen_description"),
    *("characteristic_disadvantage", "characteristic_first_language"),
)
_NUMBERS: Final = (
    *("t_schools", "t_pupils", "t_att8", "avg_att8", "t_entbasics", "pt_entbasics"),
    *("t_l2basics_95", "pt_l2basics_95", "t_l2basics_94", "pt_l2basics_94"),
    *("t_inp8calc", "t_p8score", "avg_p8score", "p8score_CI_low", "p8score_CI_upp"),
)


def write(city: City, folder: Path, _waves: Sequence[str], _size: Size) -> list[Path]:
    """Write the archive with the one file of it that is read.

    Quirks of the real one: `Total` is a level of every filter; inner and outer London stand among
    the regions; `c` where there are too few pupils, `:` where a figure was not made.

    Args:
        city: Synthetic London.
        folder: The sources folder.
    """
    lines = [",".join((*_PLACE, *_GROUPS, *_NUMBERS, MARK))]
    for wave in reversed(WAVES):
        lines += [",".join((*row, "1")) for row in _year(city, int(wave[2:6]))]
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        # A fixed date, so that the same input gives the same bytes.
        entry = zipfile.ZipInfo(MEMBER, date_time=(1980, 1, 1, 0, 0, 0))
        archive.writestr(entry, "\n".join(lines) + "\n", compress_type=zipfile.ZIP_DEFLATED)
    name = "key-stage-4-performance-revised_2021-22.zip"
    return [write_bytes(folder / "education" / "ees_zips" / name, raw.getvalue())]


def _year(city: City, year: int) -> Iterator[tuple[str, ...]]:
    for code, rows in results(city, year).items():
        place = (f"{year}{(year + 1) % 100:02d}", "Academic year", *place_of(code))
        for row in rows:
            numbers = _numbers(row, with_progress=year not in _WITHOUT_PROGRESS)
            yield (*place, _VERSIONS[year], *_groups(row), *numbers)
        # Pupils with special needs, who are read by nobody here.
        needs = Row(sex=TOTAL, topic="SEN status", group="SEN Supp", pupils=40, passed=9)
        numbers = _numbers(needs, with_progress=False)
        yield (*place, _VERSIONS[year], *_groups(needs), *numbers)


def place_of(code: str) -> tuple[str, ...]:
    """Give the eight columns that say where a row belongs, blank where they do not apply."""
    country = ("E92000001", "England")
    if code == "E92000001":
        return ("National", *country, "", "", "", "", "")
    if code in LARGER:
        return ("Regional", *country, code, name_of(code), "", "", "")
    region = "E13000001" if code in codes.INNER else "E13000002"
    old = str(200 + codes.AREAS.index(code))
    return ("Local authority", *country, region, name_of(region), old, code, name_of(code))


def _groups(row: Row) -> tuple[str, ...]:
    filters = {
        "Ethnic major": TOTAL,
        "Free school meals": TOTAL,
        "SEN status": TOTAL,
        "SEN description": TOTAL,
        "disadvantage": TOTAL,
        "First language": TOTAL,
    } | ({row.topic: row.group} if row.topic != TOTAL else {})
    return ("State-funded schools (LA)", row.topic, row.sex, *filters.values())


def _numbers(row: Row, *, with_progress: bool) -> tuple[str, ...]:
    schools = str(max(1, row.pupils // 170))
    if row.pupils < _FEWEST:
        return (schools, str(row.pupils), *["c"] * (len(_NUMBERS) - 2))
    entered, easier = round(0.965 * row.pupils), round(row.passed + 0.19 * row.pupils)
    points = 38.0 + 22.0 * row.passed / row.pupils
    progress = ("0", "0.00", "-0.05", "0.05") if with_progress else (":", ":", ":", ":")
    return (
        *(schools, str(row.pupils), f"{points * row.pupils:.2f}", _short(points)),
        *(str(entered), percent(entered, row.pupils)),
        *(str(row.passed), percent(row.passed, row.pupils)),
        *(str(easier), percent(easier, row.pupils)),
        *(str(entered) if with_progress else ":", *progress),
    )


def percent(part: int, whole: int) -> str:
    """Write a percentage to one decimal, a last zero dropped."""
    return _short(100 * part / max(whole, 1))


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")

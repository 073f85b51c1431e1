"""Counted and published cells: periods as publishers write them, markers, sums over areas.

Pure: an engine reads a table into `Cells`, these verbs complete them, `app` makes rows of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import permutations
from typing import Final, NamedTuple, cast

from social_evidence.errors import DefinitionError
from social_evidence.model.area import AreaTree
from social_evidence.model.estimate import FLAGS, HIDDEN, Status
from social_evidence.model.period import Period, parse

MARKER_STATUS: Final[Mapping[str, Status]] = {
    "c": "protected",
    "z": "not_applicable",
    **dict.fromkeys(("x", "u", "w", ":", ".", "..", "...", "-"), "not_available"),
}
"""What the usual markers mean; others (`~`, `low`, `*`) differ by publisher, so a source says."""


WITHIN_CITY: Final = frozenset({"city", "inner_outer"})
"""Kinds of area that the areas below them make up whole, whatever else the tree holds."""


class Address(NamedTuple):
    """Where a cell stands: area code, period label, breakdown and group."""

    area: str
    period: str
    breakdown: str = "all"
    group: str = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One number of a table, or why there is none.

    number, lower, upper: scaled to the quantity's unit; None where the status hides or lacks it.
    """

    number: float | None = None
    status: Status = "shown"
    lower: float | None = None
    upper: float | None = None


Cells = Mapping[Address, Cell]
NOT_AVAILABLE: Final = Cell(status="not_available")


def find(cells: Cells, address: Address) -> Cell | None:
    """Find a cell; a crossing is the same whatever the order of its parts."""
    parts = zip(address.breakdown.split("*"), address.group.split(" * "), strict=False)
    for order in permutations(parts):
        names, groups = ("*".join(b for b, _ in order), " * ".join(g for _, g in order))
        if (own := cells.get(Address(address.area, address.period, names, groups))) is not None:
            return own
    return None


def nearest(text: str, known: Iterable[str]) -> str:
    """Suggest the nearest known name as a clause to add to a message; nothing when none is near."""
    folded = {name.casefold(): name for name in known}
    close = get_close_matches(text.casefold(), list(folded), n=1, cutoff=0.5)
    return f"; the nearest known is {folded[close[0]]!r}" if close else ""


def marker_status(marker: str, declared: Mapping[str, str]) -> Status | float | None:
    """Say what a marker means: a status, a number (`0` for nil), or None when nobody said.

    Args:
        marker: As it stands in the file, brackets and blanks included.
        declared: The source's own meanings, which win over the usual ones.

    Raises:
        DefinitionError: The source gives a marker a meaning that does not exist.
    """
    plain = marker.strip()
    bare = plain.strip("[]").casefold()
    meaning = declared.get(plain, declared.get(bare))
    if meaning is None:
        return MARKER_STATUS.get(bare)
    if meaning in HIDDEN:
        return cast("Status", meaning)
    try:
        return float(meaning)
    except ValueError:
        raise DefinitionError(
            f"markers: {marker!r} is given the meaning {meaning!r}. "
            f"Say one of {sorted(HIDDEN)}, or the number it stands for."
        ) from None


def period_label(text: str, form: str) -> str | None:
    """Read a period as a publisher writes it; None when the text does not have that form.

    Args:
        text: For example `2016-17`, `201617`, `31/12/2014`, `201004`.
        form: One of the forms of `model.source_table.Periods`.
    """
    plain = text.strip()
    if form == "label":
        try:
            return parse(plain).label
        except DefinitionError:
            return None
    return _FORMS[form](plain)


def _year(text: str) -> str | None:
    found = re.fullmatch(r"(\d{4})(?:\.0)?", text)
    return found.group(1) if found else None


def _split_year(prefix: str) -> Callable[[str], str | None]:
    pattern = re.compile(r"(?:fy|ay)?(\d{4})\s*(?:[-/–]|)\s*(?:20|19)?(\d{2})(?:\.0)?")

    def read(text: str) -> str | None:
        found = pattern.fullmatch(text)
        if not found or (int(found.group(1)) + 1) % 100 != int(found.group(2)):
            return None
        return f"{prefix}{found.group(1)}-{found.group(2)}"

    return read


def _day(text: str) -> date | None:
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    parts = (found.group(3), found.group(2), found.group(1)) if found else ()
    if iso := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00:00(?:\.0+)?)?", text):
        parts = (iso.group(1), iso.group(2), iso.group(3))
    if not parts:
        return None
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None


def _date(text: str) -> str | None:
    day = _day(text)
    return day.isoformat() if day else None


def _month(text: str) -> str | None:
    if found := re.fullmatch(r"(\d{4})-?(0[1-9]|1[0-2])(?:\.0)?", text):
        return f"{found.group(1)}-{found.group(2)}"
    if found := re.fullmatch(r"01\.(0[1-9]|1[0-2])\.(\d{2})", text):
        return f"20{found.group(2)}-{found.group(1)}"
    day = _day(text)
    return f"{day.year}-{day.month:02d}" if day and day.day == 1 else None


def _quarter(text: str) -> str | None:
    if found := re.fullmatch(r"(\d{4})\s*-?Q([1-4])", text):
        return f"{found.group(1)}Q{found.group(2)}"
    day = _day(text)
    return f"{day.year}Q{day.month // 3}" if day and day.month % 3 == 0 else None


def _twelve_months(text: str) -> str | None:
    if quarter := _quarter(text):
        return f"y{quarter}"
    if month := _month(text):
        return f"y{month}"
    day = _day(text)
    return f"y{day.year}-{day.month:02d}" if day else None


_FORMS: Final[Mapping[str, Callable[[str], str | None]]] = {
    "year": _year,
    "financial": _split_year("fy"),
    "academic": _split_year("ay"),
    "quarter_end": _quarter,
    "twelve_months_to": _twelve_months,
    "date": _date,
    "month": _month,
}


def whole_years(cells: Cells, to: str, absent: str = "") -> dict[Address, Cell]:
    """Add months up to financial or calendar years; a year lacking a month is left out.

    Args:
        cells: Cells whose periods are months (`2010-04`).
        to: `financial` (April to March) or `year`.
        absent: `zero` counts 0 for a month that other places or groups have and this one lacks.

    Returns:
        One cell a year in which every month has a cell. A month without a number makes its year
        `protected` if one month is, else `not_available`: never a sum of what is left.

    Raises:
        DefinitionError: A period is no month; twelve counts of a day are no count of a year.
    """
    months: dict[Address, list[Cell]] = {}
    for address, cell in (with_zeros(cells) if absent == "zero" else cells).items():
        if not re.fullmatch(r"\d{4}-\d{2}", address.period):
            raise DefinitionError(
                f"period.sum_to adds months up, and {address.period!r} is no month. Correct "
                "period.form, or remove `sum_to`."
            )
        year, month = int(address.period[:4]), int(address.period[5:7])
        first = year - (month < 4) if to == "financial" else year
        label = f"fy{first}-{(first + 1) % 100:02d}" if to == "financial" else str(first)
        months.setdefault(address._replace(period=label), []).append(cell)
    return {address: added(found) for address, found in months.items() if len(found) == 12}


def with_zeros(cells: Cells) -> dict[Address, Cell]:
    """Count 0 where a table that writes no zeros has no row.

    A place or group that never occurs stays absent: nothing says that it was counted at all.
    """
    periods = sorted({address.period for address in cells})
    places = dict.fromkeys(address._replace(period="") for address in cells)
    everywhere = (place._replace(period=label) for place in places for label in periods)
    return {address: cells.get(address, Cell(number=0.0)) for address in everywhere}


def added(cells: Iterable[Cell]) -> Cell:
    """Add cells up; one without a number leaves no number."""
    found = list(cells)
    if any(cell.number is None for cell in found):
        hidden = any(cell.status == "protected" for cell in found)
        return Cell(status="protected" if hidden else "not_available")
    return Cell(number=float(sum(cell.number or 0.0 for cell in found)))


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which of an area's lowest areas a source covers.

    parts: covered leaves, sorted. flags: what must be said because one is not covered, for
    example `excludes_city_of_london`. complete: nothing is missing that a flag does not name.
    """

    parts: tuple[str, ...]
    flags: tuple[str, ...]
    complete: bool


def excludes_flag(name: str) -> str:
    """Name the flag that says an area is left out: `City of London` → `excludes_city_of_london`."""
    return "excludes_" + re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")


def coverage(
    area: str, seen: Collection[str], areas: AreaTree, declared: Collection[str] = ()
) -> Coverage:
    """Work out which leaves of an area a source covers and what must be said about the rest.

    Args:
        area: Code of the area above.
        seen: Codes the source has figures for, in any period.
        areas: The tree.
        declared: Flags the source states for this area; they leave an area out even where the
            source prints no lower areas at all.
    """
    leaves = areas.leaves(area)
    flag_of = {leaf: excludes_flag(areas.areas[leaf].name) for leaf in leaves}
    stated = {leaf for leaf in leaves if flag_of[leaf] in declared}
    covered = [leaf for leaf in leaves if leaf in seen and leaf not in stated]
    if not covered:
        covered = [leaf for leaf in leaves if leaf not in stated]
    missing = [leaf for leaf in leaves if leaf not in covered]
    flags = tuple(sorted({flag_of[leaf] for leaf in missing if flag_of[leaf] in FLAGS}))
    return Coverage(tuple(covered), flags, all(flag_of[leaf] in FLAGS for leaf in missing))


def sum_areas(
    cells: Cells,
    sums: Collection[str],
    areas: AreaTree,
    flags: Mapping[str, Collection[str]] | None = None,
) -> dict[Address, Cell]:
    """Add areas up from their parts where the table does not print them.

    Args:
        cells: What the table holds.
        sums: Codes to add up; a printed one is used as printed.
        areas: The tree.
        flags: Code -> flags the source states; a part that one leaves out is not added even where
            the table prints it, or the figure would not be what its flag says.

    Returns:
        The cells with the sums. Where a covered part has no number, or the source lacks a part
        that no flag names, the sum is `not_available`.
    """
    complete = dict(cells)
    seen = {address.area for address in cells}
    places = sorted({address[1:] for address in cells})
    for area in sums:
        cover = coverage(area, seen - {area}, areas, (flags or {}).get(area, ()))
        for place in places:
            address = Address(area, *place)
            if address not in complete:
                parts = [cells.get(Address(part, *place), NOT_AVAILABLE) for part in cover.parts]
                complete[address] = added(parts) if cover.complete else NOT_AVAILABLE
                if complete[address].status == "protected":
                    complete[address] = NOT_AVAILABLE
    return complete


def subtract_areas(cells: Cells, less: Mapping[str, Sequence[str]]) -> dict[Address, Cell]:
    """Make areas that are a whole less its parts: the rest of a country without its capital.

    Args:
        cells: What the table holds, sums included.
        less: Area code -> the whole and then its parts. A printed area is used as printed.

    Returns:
        The cells with the differences; `not_available` where one of the numbers is not there.
    """
    complete = dict(cells)
    for area, (whole, *parts) in less.items():
        for address, cell in cells.items():
            if address.area != whole or (at := address._replace(area=area)) in cells:
                continue
            taken = added(cells.get(address._replace(area=part), NOT_AVAILABLE) for part in parts)
            known = cell.number is not None and taken.number is not None
            rest = (cell.number or 0.0) - (taken.number or 0.0)
            complete[at] = Cell(number=rest) if known else NOT_AVAILABLE
    return complete


def denominator_label(period: Period, rule: str, held: Collection[str]) -> str:
    """Choose the first label of a denominator's period that is among those held; else the best."""
    wanted = denominator_labels(period, rule)
    return next((label for label in wanted if label in held), wanted[0])


def periods_of(cells: Cells) -> frozenset[str]:
    """List the labels of the periods that some cells are of."""
    return frozenset(address.period for address in cells)


def denominator_labels(period: Period, rule: str) -> tuple[str, ...]:
    """List the labels the denominator's period may have, best first.

    Args:
        period: The numerator's period.
        rule: `same`, `mid_year_of_first` (the year the period begins in) or `mid_year_of_year`
            (the year it ends in). A mid-year population is dated by its year or by 30 June.
    """
    if rule == "same":
        return (period.label,)
    year = period.start.year if rule == "mid_year_of_first" else period.end.year
    return (str(year), f"{year}-06-30", f"{year}-06")

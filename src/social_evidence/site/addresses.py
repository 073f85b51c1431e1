"""Addresses of pages and cells: lower case, permanent, and one for each published number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from social_evidence.errors import DefinitionError
from social_evidence.model.address import slug
from social_evidence.model.estimate import Estimate
from social_evidence.model.initiative_row import initiative_of

MOST_ROWS = 1_000
"""A page of cells with more rows is parted by decade."""


def measure_path(measure: str, part: str = "") -> str:
    """Address of a measure's page, or of one of its parts, from the tree's root."""
    return f"measures/{slug(measure)}/{slug(part) + '/' if part else ''}index.html"


def initiative_path(initiative: str) -> str:
    """Address of an initiative's page."""
    return f"initiatives/{slug(initiative)}/index.html"


def definition_id(success_measure: str) -> str:
    """Place of a success measure's definition on the page of its initiative."""
    return f"def-{slug(success_measure)}"


def area_path(name: str) -> str:
    """Address of a borough's profile."""
    return f"areas/{slug(name)}/index.html"


def domain_path(domain: str) -> str:
    """Address of a domain's page."""
    return f"domains/{slug(domain)}/index.html"


def group_path(breakdown: str, group: str) -> str:
    """Address of a group's profile."""
    return f"groups/{slug(breakdown)}/{slug(group)}/index.html"


def pair_path(first: str, second: str) -> str:
    """Address of the page that sets two boroughs side by side, the same from either."""
    one, other = sorted((slug(first), slug(second)))
    return f"compare/{one}/{other}/index.html"


def cell_folder(measure: str, area: str) -> str:
    """Folder of the page of one measure's cells in one area."""
    return f"c/{slug(measure)}/{slug(area)}"


def decade(row: Estimate) -> str:
    """Name the decade a figure's period begins in, for example `2010s`."""
    return f"{row.period_start.year // 10}0s"


def cell_ids(rows: Sequence[Estimate], order: Sequence[str] = ()) -> Mapping[tuple[str, ...], str]:
    """Give every row of one measure and area its id, by key: `<breakdown>.<group>.<period>`.

    A part, a difference and a series are named where the short id would stand for two rows; of
    two series the one that comes first in the definition keeps the short id.

    Args:
        rows: Rows of one measure and one area.
        order: Ids of the measure's series as defined.

    Raises:
        DefinitionError: Two rows would share an address all the same.
    """
    place = {series: at for at, series in enumerate(order)}
    ids: dict[tuple[str, ...], str] = {}
    taken: dict[str, Estimate] = {}
    for row in sorted(rows, key=lambda row: (place.get(row.series, len(place)), row.series)):
        short = ".".join(slug(text) for text in _short(row))
        found = short if short not in taken else f"{short}.{slug(row.series)}"
        if found in taken:
            raise DefinitionError(
                f"{' / '.join(row.key)} and {' / '.join(taken[found].key)} would share the "
                f"address {found}. Every published number has its own: rename a group or series."
            )
        taken[found] = row
        ids[row.key] = found
    return ids


def _short(row: Estimate) -> Iterable[str]:
    yield from (row.breakdown, row.group, row.period)
    if row.part != "all":
        yield row.part
    if row.statistic == "difference":
        yield row.statistic
    if initiative_of(row.population) not in {"", row.series}:
        yield row.population


def relative(page: str, target: str) -> str:
    """Write a link from one page of the tree to another, so that it works from any folder.

    Args:
        page: Path of the page the link stands on.
        target: Path of the page it leads to, perhaps with `#` and an id.
    """
    here, there = page.split("/")[:-1], target.split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    return "/".join([".."] * (len(here) - shared) + there[shared:])

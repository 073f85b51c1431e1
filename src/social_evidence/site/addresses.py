"""Addresses of pages and cells: lower case, permanent, and one for each published number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Final

from social_evidence.errors import DefinitionError
from social_evidence.model.address import slug
from social_evidence.model.estimate import KEY, Estimate
from social_evidence.model.initiative_row import initiative_of

MOST_ROWS = 1_000
"""A page of cells with more rows is parted by decade."""
_SERIES: Final = KEY.index("series")
_named: Final = itemgetter(
    *map(
        KEY.index,
        ("breakdown", "group", "period", "part", "statistic", "population", "series"),
    )
)


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


def cell_ids(
    rows: Sequence[Estimate],
    order: Sequence[str] = (),
    earlier: Sequence[Sequence[tuple[str, ...]]] = (),
) -> Mapping[tuple[str, ...], str]:
    """Give every row of one measure and area its id, by key: `<breakdown>.<group>.<period>`.

    A part, a difference and a series are named where the short id would stand for two rows. What
    an earlier release gave stays with its row, and never goes to another; of two series that come
    at once the one that comes first in the definition takes the short id.

    Args:
        rows: Rows of one measure and one area.
        order: Ids of the measure's series as defined.
        earlier: Keys of earlier releases, from the oldest.

    Raises:
        DefinitionError: Two rows would share an address all the same.
    """
    place = {series: at for at, series in enumerate(order)}
    ids: dict[tuple[str, ...], str] = {}
    taken: dict[str, tuple[str, ...]] = {}
    own = [row.key for row in rows]
    for keys in (*earlier, own):
        ranked = ((place.get(key[_SERIES], len(place)), key[_SERIES], key) for key in keys)
        for _, series, key in sorted(ranked):
            if key in ids:
                continue
            short = ".".join(slug(text) for text in _short(key))
            found = short if short not in taken else f"{short}.{slug(series)}"
            if found in taken:
                raise DefinitionError(
                    f"{' / '.join(key)} and {' / '.join(taken[found])} would share the address "
                    f"{found}. Every published number has its own: rename a group or series."
                )
            taken[found] = key
            ids[key] = found
    return {key: ids[key] for key in own}


def _short(key: tuple[str, ...]) -> Iterable[str]:
    breakdown, group, period, part, statistic, population, series = _named(key)
    yield from (breakdown, group, period)
    if part != "all":
        yield part
    if statistic == "difference":
        yield statistic
    if initiative_of(population) not in {"", series}:
        yield population


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

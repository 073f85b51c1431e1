"""`Scan`: everything one pass over one table is asked for, as frozen records.

For any ratio of weighted totals the linearised value is linear in the weighted numerator and
denominator, so their sums per PSU and cell are all that value, variance, covariance, design effect
and base need. A scan names those sums for all measures at once; an engine makes them in one pass.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, Literal

from social_evidence.errors import DefinitionError
from social_evidence.model.table import Code

Form = Literal["clustered", "unclustered", "replicates"]
Statistic = Literal["proportion", "mean", "ratio", "total"]
MissingWeight = Literal["refuse", "outside_population"]

MAX_GROUP_CODES: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A source column, and what in it means missing before anything else sees it.

    missing        : codes that become null
    missing_ranges : (lowest, highest) of numbers that become null, both ends included
    trim           : text codes are compared without regard to capitals and outer blanks
    """

    name: str
    missing: tuple[Code, ...] = ()
    missing_ranges: tuple[tuple[float, float], ...] = ()
    trim: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A derived variable: one SQL scalar over columns and derived variables declared before it.

    null_means : inputs whose absence means something; every other null input gives null
    """

    name: str
    sql: str
    null_means: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """The part of a sample design that the scan needs; names are columns or derived variables.

    weight         : None means that every row weighs 1
    strata         : several names mean their crossing; none means one stratum
    psu            : read within stratum; only in the clustered form
    replicates     : replicate weights, only in that form; they may be negative
    missing_weight : "refuse" stops with the count of rows; "outside_population" drops and counts
    """

    form: Form
    weight: str | None = None
    strata: tuple[str, ...] = ()
    psu: tuple[str, ...] = ()
    replicates: tuple[str, ...] = ()
    missing_weight: MissingWeight = "refuse"

    def __post_init__(self) -> None:
        """Refuse a design whose parts contradict its form."""
        if (self.form == "clustered") != bool(self.psu):
            raise DefinitionError(
                f"sampling: the form '{self.form}' and psu={list(self.psu)} contradict each other. "
                "Only the clustered form has PSU columns, and it needs at least one."
            )
        if (self.form == "replicates") != bool(self.replicates):
            raise DefinitionError(
                f"sampling: the form '{self.form}' and {len(self.replicates)} replicate weights "
                "contradict each other. Only the form 'replicates' has them, and it needs some."
            )

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column or derived variable the design reads."""
        weight = () if self.weight is None else (self.weight,)
        return (*weight, *self.strata, *self.psu, *self.replicates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One numerator and denominator to be summed, each an SQL scalar.

    y       : proportion: 0, 1 or null; mean and total: a number or null; ratio: the numerator
    x       : ratio only: the denominator; a row counts where both are known
    where   : SQL boolean: who counts, and the domain of the degrees of freedom; null is not
    squares : also sum w*y*y, w*x*y and w*x*x, for the design effect of means and ratios
    """

    id: str
    statistic: Statistic
    y: str
    x: str | None = None
    where: str | None = None
    squares: bool = False

    def __post_init__(self) -> None:
        """Refuse a denominator where the statistic has none, and a ratio without one."""
        if (self.statistic == "ratio") != (self.x is not None):
            raise DefinitionError(
                f"item '{self.id}': a ratio has a denominator x, a {self.statistic} has "
                f"{'one' if self.statistic == 'ratio' else 'none'}, got x={self.x!r}."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A published group: a union of fine codes. Groups of a dimension may overlap."""

    id: str
    codes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """A breakdown, an area or a wave at its finest level, and the groups made from it.

    sql    : SQL scalar giving a code 0..size-1; null is held as the code `size`
    groups : what is published; areas list boroughs, inner and outer, and the city
    """

    id: str
    sql: str
    size: int
    groups: tuple[Group, ...]

    def __post_init__(self) -> None:
        """Refuse impossible sizes and groups that name codes the dimension does not have."""
        if not 0 < self.size <= MAX_GROUP_CODES:
            raise DefinitionError(
                f"dimension '{self.id}': size is {self.size}, expected 1 to {MAX_GROUP_CODES:,}."
            )
        check_unique([group.id for group in self.groups], f"dimension '{self.id}': group")
        for group in self.groups:
            outside = [code for code in group.codes if not 0 <= code <= self.size]
            if outside or not group.codes or len(set(group.codes)) < len(group.codes):
                raise DefinitionError(
                    f"dimension '{self.id}', group '{group.id}': codes {list(group.codes)[:10]} "
                    f"must be one or more different numbers from 0 to {self.size} "
                    f"({self.size} stands for those whose code is not known)."
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One pass over one table: the sums of every item in every cell.

    source   : for messages
    cells    : sets of dimensions wanted; () is everybody
    universe : SQL boolean: rows in the population, joined to every item's `where`
    crosses  : unclustered only: pairs of items whose cross-products are wanted
    only     : (set of cells, dimension, ids of groups): that set is wanted for these groups only
    """

    source: str
    columns: tuple[Column, ...]
    derived: tuple[Derived, ...] = ()
    sampling: Sampling
    items: tuple[Item, ...]
    dimensions: tuple[Dimension, ...]
    cells: tuple[tuple[str, ...], ...]
    universe: str | None = None
    crosses: tuple[tuple[str, str], ...] = ()
    only: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = ()

    def __post_init__(self) -> None:
        """Refuse names that repeat or that nothing declares."""
        where = f"scan of {self.source}"
        variables = [column.name for column in self.columns] + [d.name for d in self.derived]
        check_unique([name.lower() for name in variables], f"{where}: column or derived variable")
        check_unique([item.id for item in self.items], f"{where}: item")
        check_unique([d.id for d in self.dimensions], f"{where}: dimension")
        check_unique([tuple(sorted(cell)) for cell in self.cells], f"{where}: set of cells")
        if not self.items or not self.cells:
            raise DefinitionError(f"{where}: nothing is asked: name at least one item and one set.")
        check_known(self.sampling.columns, variables, f"{where}: the design's column")
        dimension_ids = [dimension.id for dimension in self.dimensions]
        check_known(chain.from_iterable(self.cells), dimension_ids, f"{where}: dimension")
        for cell in self.cells:
            check_unique(cell, f"{where}: dimension of a set")
        item_ids = [item.id for item in self.items]
        check_known(chain.from_iterable(self.crosses), item_ids, f"{where}: crossed item")
        if self.crosses and self.sampling.form != "unclustered":
            raise DefinitionError(
                f"{where}: cross-products belong to the unclustered form only; sums per PSU or "
                "replicate already hold every covariance."
            )

    @property
    def domains(self) -> tuple[str | None, ...]:
        """The different `where` of the items, in order of first use."""
        return tuple(dict.fromkeys(item.where for item in self.items))

    @property
    def leading(self) -> tuple[str, ...]:
        """Dimensions in every set of cells: what the table is sorted and cut by.

        Areas usually are: one area's totals can then be finished before the next one's begin.
        """
        shared = set(self.cells[0]).intersection(*self.cells[1:])
        return tuple(dimension.id for dimension in self.dimensions if dimension.id in shared)

    def dimension(self, dimension_id: str) -> Dimension:
        """Return the dimension of that id."""
        return next(found for found in self.dimensions if found.id == dimension_id)

    def wanted(self, cell: Sequence[str]) -> tuple[Dimension, ...]:
        """List the dimensions of a set of cells, with the groups that it is wanted for."""
        kept = {name: ids for own, name, ids in self.only if own == tuple(cell)}
        return tuple(
            replace(own, groups=tuple(g for g in own.groups if g.id in kept[own.id]))
            if own.id in kept
            else own
            for own in map(self.dimension, cell)
        )


def check_unique(names: Sequence[object], what: str) -> None:
    """Refuse a name that stands twice.

    Raises:
        DefinitionError: Naming the first repeated one.
    """
    seen: set[object] = set()
    for name in names:
        if name in seen:
            raise DefinitionError(f"{what} '{name}' stands twice. Remove or rename one of them.")
        seen.add(name)


def check_known(names: Iterator[str] | Sequence[str], known: Collection[str], what: str) -> None:
    """Refuse a name that nothing declares.

    Raises:
        DefinitionError: Naming it, and the nearest known name.
    """
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, list(known), n=1)
            hint = f" Did you mean '{close[0]}'?" if close else ""
            raise DefinitionError(f"{what} '{name}' is not declared.{hint}")

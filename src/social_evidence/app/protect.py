"""Joint protection: what else is hidden so that no hidden count can be worked out of a release."""

from __future__ import annotations

import math
import os
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np

from social_evidence.app.figures import Figure, Judged, Place
from social_evidence.app.grid import is_unknown
from social_evidence.disclosure.attack import Bools, Floats, intervals
from social_evidence.disclosure.secondary import Protection, protect
from social_evidence.disclosure.tables import Links, link
from social_evidence.errors import DisclosureError
from social_evidence.model.area import AreaTree
from social_evidence.model.breakdown import ALL
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.estimate import Status
from social_evidence.model.provenance import HiddenCells

WIDTH = 5
"""Least width of what remains possible for a hidden count."""

_LAST_RESORT = 20.0  # how much more a number of everybody costs than a group's

Address = tuple[str, str, str]
"""Measure, part and series."""
Shown = Mapping[tuple[str, str, str, Place], Collection[int]]
"""Measure, part, series and place -> counts that earlier releases have shown there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protector:
    """What a build knows of the sums an attacker can use.

    Attributes:
        links: How areas and groups add up, without pools.
        areas: The tree, by which hiding a city's figure costs more than a borough's.
        pools: (source, pooled period) -> the waves in it.
        shown: What earlier releases have shown: known for good, hidden now or not.
        made: How each series was protected, in the order they were asked for.
    """

    links: Links
    areas: AreaTree
    pools: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    shown: Shown = field(default_factory=dict)
    made: list[HiddenCells] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        catalogue: Catalogue,
        pools: Mapping[tuple[str, str], tuple[str, ...]],
        shown: Shown,
    ) -> Protector:
        """Collect what a catalogue says of areas and groups that add up."""
        tree = catalogue.areas
        children = {code: own for code in tree.areas if (own := tree.children(code))}
        within = {name: b.within for name, b in catalogue.breakdowns.items() if b.within}
        return cls(
            links=Links(children=children, within=within), areas=tree, pools=pools, shown=shown
        )

    def __call__(self, series: Sequence[Judged]) -> list[Collection[Place]]:
        """Protect every series and note how; two at a time, for the solver leaves Python free."""
        with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
            done = list(pool.map(lambda one: protect_series(one[0], one[1], self), series))
        self.made.extend(
            HiddenCells(
                measure=figures[0].measure.id,
                part=figures[0].series.part,
                series=figures[0].series.id,
                cells=len(figures),
                hidden=one.first + len(one.hidden),
                audited=one.judged,
                width=WIDTH,
            )
            for (figures, _), one in zip(series, done, strict=True)
        )
        return [one.hidden for one in done]


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """What joint protection did to one series.

    Attributes:
        hidden: Places hidden as second choice, or with their whole block.
        first: How many places size alone hides.
        narrowest: Least width left to an attacker; None where nothing is hidden.
        judged: How many hidden places were audited.
    """

    hidden: frozenset[Place] = frozenset()
    first: int = 0
    narrowest: int | None = None
    judged: int = 0


def protect_series(
    figures: Sequence[Figure], judged: Mapping[Place, Status], protector: Protector
) -> Protected:
    """Hide what else must be hidden in one series, and audit the result.

    Args:
        figures: All figures of one series that have a base, differences left out.
        judged: Their statuses by size.
        protector: How cells add up, and what is known already.

    Returns:
        The places to hide besides those hidden by size.

    Raises:
        DisclosureError: A hidden count could be worked out whatever else is hidden.
    """
    cells = _Cells(figures, judged, protector)
    if not cells.primary.any():
        return Protected()
    first = int(cells.primary.sum())
    asked = cells.protection()
    asked = replace(asked, primary=asked.primary | cells.mostly_hidden(asked.primary))
    while True:
        hidden = _protected(asked, cells)
        whole = cells.mostly_hidden(hidden)
        if not (whole & ~asked.primary).any():
            break
        asked = replace(asked, primary=asked.primary | whole)
    found = intervals(asked.linked, hidden & ~cells.known, enough=WIDTH)
    width = found.width[asked.judged[found.cells]]
    if width.size and width.min() < WIDTH:
        raise DisclosureError(
            f"measure {figures[0].measure.id!r}, series {figures[0].series.id!r}: "
            f"{int((width < WIDTH).sum())} hidden counts can still be worked out closely. Publish "
            "the breakdown from pooled periods, or for fewer areas (plan.toml)."
        )
    extra = np.flatnonzero(hidden & ~cells.primary & cells.real)
    return Protected(
        hidden=frozenset(cells.places[at] for at in extra),
        first=first,
        narrowest=int(min(width.min(), 10 * WIDTH)) if width.size else None,
        judged=int(width.size),
    )


def _protected(asked: Protection, cells: _Cells) -> Bools:
    """Protect by groups; where that cannot be, by numbers of everybody and of unknown group too.

    Where a place has hardly anybody in it, which other places' numbers of everybody are hidden
    with its own is settled first; then each breakdown by itself.
    """
    everybody = cells.everybody
    last_resort = cells.costs(last_resort=True)
    try:
        if (asked.primary & everybody).any():
            alone = replace(
                asked,
                primary=asked.primary | ~everybody,
                cost=np.where(everybody, last_resort, math.inf),
                judged=asked.judged & everybody,
            )
            asked = replace(asked, primary=asked.primary | protect(alone, ~everybody) & everybody)
        return protect(asked, asked.primary & everybody)
    except DisclosureError:
        return protect(replace(asked, cost=last_resort))


class _Cells:
    """The cells of one series, with what an attacker knows of each."""

    def __init__(
        self, figures: Sequence[Figure], judged: Mapping[Place, Status], protector: Protector
    ) -> None:
        self._protector = protector
        source = figures[0].source.id
        counts = {
            figure.place: figure.numbers.base
            for figure in figures
            if figure.numbers.base is not None
        }
        pools = {label: w for (owner, label), w in protector.pools.items() if owner == source}
        self.linked, self.places = link(counts, replace(protector.links, pools=pools))
        self.real = np.array([place in counts for place in self.places])
        hidden = np.array([judged.get(place) == "protected" for place in self.places])
        self.known = self._shown_before(figures[0])
        self.primary = hidden & self.real
        self.everybody = self.real & np.array([place[2] == ALL for place in self.places])

    def _shown_before(self, figure: Figure) -> Bools:
        """Say which counts an earlier release has shown as they are now."""
        address = (figure.measure.id, figure.series.part, figure.series.id)
        shown = self._protector.shown
        return np.array(
            [
                int(count) in shown.get((*address, place), ())
                for place, count in zip(self.places, self.linked.counts, strict=True)
            ]
        )

    def protection(self) -> Protection:
        """Put the question: cells never published are hidden from the start and not judged."""
        return Protection(
            linked=self.linked,
            primary=(self.primary & ~self.known) | ~self.real,
            cost=self.costs(last_resort=False),
            judged=self.real & ~self.known,
            width=WIDTH,
        )

    def costs(self, *, last_resort: bool) -> Floats:
        """Price each cell by how many people miss it: a city's figure above a borough's.

        Everybody's number stays shown, and so does that of people whose group is not known, unless
        nothing else helps: a place with hardly anybody in it shows through those around it.
        """
        tree = self._protector.areas
        leaves = {code: len(tree.leaves(code)) for code in tree.areas}
        costs = np.ones(len(self.places))
        for at, (_, area, breakdown, group) in enumerate(self.places):
            if not self.real[at]:
                continue
            crossed = 0.7 if "*" in breakdown else 1.0
            costs[at] = leaves.get(area, 1) * crossed
            if breakdown == ALL or is_unknown(group):
                costs[at] *= _LAST_RESORT if last_resort else math.inf
            if self.primary[at]:
                costs[at] = 1.0
            if self.known[at]:
                costs[at] = math.inf
        return costs + 0.05 * np.log1p(self.linked.counts)

    def _blocks(self) -> dict[tuple[str, str, str], list[int]]:
        """List the real groups of each period, area and breakdown."""
        found: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for at, (period, area, breakdown, group) in enumerate(self.places):
            if self.real[at] and breakdown != ALL and not is_unknown(group) and not self.known[at]:
                found[period, area, breakdown].append(at)
        return found

    def mostly_hidden(self, hidden: Bools) -> Bools:
        """Mark every group of a block in which more than half are hidden: it says too little."""
        marked = np.zeros(len(hidden), dtype=bool)
        for groups in self._blocks().values():
            if 2 * int(hidden[groups].sum()) > len(groups):
                marked[groups] = True
        return marked

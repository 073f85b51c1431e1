"""The cells of series that are protected together, with what an attacker knows of each."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from social_evidence.app.earlier import Address, EarlierRelease, Told, told
from social_evidence.app.figures import Figure
from social_evidence.app.grid import is_unknown
from social_evidence.disclosure.attack import Attacker, Bools, Floats
from social_evidence.disclosure.secondary import Protection
from social_evidence.disclosure.tables import CONSTANT, Layer, Links, Place, link_layers
from social_evidence.model.area import AreaTree
from social_evidence.model.breakdown import ALL
from social_evidence.model.estimate import Status
from social_evidence.model.source import LEAST_INTERVAL

WIDTH = LEAST_INTERVAL
"""Least width of what remains possible for a hidden count."""

_LAST_RESORT = 20.0  # how much more a number of everybody costs than a group's
_HIDDEN_BEFORE = 0.5  # what to hide again costs, against hiding what has been shown or is new

Pools = Mapping[tuple[str, str], tuple[str, ...]]
"""(Source, pooled period) -> its waves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of how cells add up, and what earlier releases have told.

    Attributes:
        links: How areas and groups add up, without pools.
        areas: The tree, by which hiding a city's figure costs more than a borough's.
        pools: This release's pools.
        earlier: Releases before, oldest first.
    """

    links: Links
    areas: AreaTree
    pools: Pools
    earlier: Sequence[EarlierRelease] = ()


class Cells:
    """The cells of some series as one table.

    Attributes:
        linked: Counts and sums.
        places: The place of each cell.
        real: Cells that this release publishes or hides.
        known: Cells of which an earlier release has shown the count of some series.
        primary: Cells that size alone hides.
        hidden_before: Cells that an earlier release hid, and none has shown.
        lost: Cells that earlier releases give away all the same.
        width: Least width of the interval of a hidden count, as the source asks.
    """

    def __init__(
        self, figures: Sequence[Figure], judged: Mapping[Place, Status], known: Known
    ) -> None:
        self._known = known
        self.by_series = _by_series(figures)
        self.width = max(WIDTH, *(figure.source.hidden_interval for figure in figures))
        self._told = {address: _told(own, known) for address, own in self.by_series.items()}
        layers = [one for own in self._told.values() for one in own]
        self.linked, self.places = link_layers([self._layer(one) for one in layers])
        own = {figure.place for figure in figures}
        shown = frozenset().union(*(one.known for one in layers))
        hid = frozenset().union(*(one.hidden for one in layers))
        self.real = np.array([place in own for place in self.places])
        self.known = np.array([place in shown or place == CONSTANT for place in self.places])
        self.hidden_before = np.array([place in hid for place in self.places]) & ~self.known
        hidden = np.array([judged.get(place) == "protected" for place in self.places])
        self.primary = hidden & self.real
        self.lost = np.zeros(len(self.places), dtype=bool)

    def _layer(self, one: Told) -> Layer:
        return Layer(counts=one.counts, links=replace(self._known.links, pools=one.pools))

    @cached_property
    def everybody(self) -> Bools:
        """Mark the numbers of everybody."""
        return np.asarray(self.real & [place[2] == ALL for place in self.places])

    @cached_property
    def attacker(self) -> Attacker:
        """Somebody who tries to work hidden counts out, and remembers what was tried."""
        return Attacker(self.linked)

    @property
    def judged(self) -> Bools:
        """Mark cells that must be safe if hidden: published now, or hidden by a release before."""
        return np.asarray((self.real | self.hidden_before) & ~self.known)

    @property
    def unpublished(self) -> Bools:
        """Mark cells without a row now, whose counts no release has shown."""
        return np.asarray(~self.real & ~self.known)

    def protection(self) -> Protection:
        """Put the question: cells never published are hidden from the start."""
        return Protection(
            linked=self.linked,
            primary=(self.primary & ~self.known) | self.unpublished,
            cost=self.costs(last_resort=False),
            judged=self.judged,
            width=self.width,
        )

    def costs(self, *, last_resort: bool) -> Floats:
        """Price each cell by how many people miss it: a city's figure above a borough's.

        Everybody's number stays shown, and so does that of people whose group is not known, unless
        nothing else helps: a place with hardly anybody in it shows through those around it.
        """
        tree = self._known.areas
        leaves = {code: len(tree.leaves(code)) for code in tree.areas}
        costs = np.ones(len(self.places))
        for at, (_, area, breakdown, group) in enumerate(self.places):
            if self.known[at]:
                costs[at] = math.inf
            if not self.real[at] or self.known[at]:
                continue
            crossed = 0.7 if "*" in breakdown else 1.0
            costs[at] = leaves.get(area, 1) * crossed
            if self.hidden_before[at]:
                costs[at] *= _HIDDEN_BEFORE
            if breakdown == ALL or is_unknown(group):
                costs[at] *= _LAST_RESORT if last_resort else math.inf
            if self.primary[at]:
                costs[at] = 1.0
        return costs + 0.05 * np.log1p(self.linked.counts)

    @cached_property
    def _blocks(self) -> list[list[int]]:
        """List the real groups of each period, area and breakdown."""
        found: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for at, (period, area, breakdown, group) in enumerate(self.places):
            if self.real[at] and breakdown != ALL and not is_unknown(group) and not self.known[at]:
                found[period, area, breakdown].append(at)
        return list(found.values())

    def mostly_hidden(self, hidden: Bools) -> Bools:
        """Mark every group of a block in which more than half are hidden: it says too little."""
        marked = np.zeros(len(hidden), dtype=bool)
        for groups in self._blocks:
            if 2 * int(hidden[groups].sum()) > len(groups):
                marked[groups] = True
        return marked

    def give_up(self, lost: Bools) -> bool:
        """Count cells as known that earlier releases have given away; say whether there are any."""
        self.lost |= lost
        self.known |= lost
        self.hidden_before &= ~lost
        return bool(lost.any())

    def know_less(self) -> list[Address]:
        """List series of which less is known than of all together."""
        if len(self.by_series) == 1:
            return []
        shown = frozenset().union(*(own[0].known for own in self._told.values()))
        return [
            address
            for address, (one, *_) in self._told.items()
            if any(place in one.counts and place not in one.known for place in shown)
        ]


def _by_series(figures: Sequence[Figure]) -> dict[Address, list[Figure]]:
    found: dict[Address, list[Figure]] = {}
    for figure in figures:
        address = (figure.measure.id, figure.series.part, figure.series.id)
        found.setdefault(address, []).append(figure)
    return found


def _told(figures: Sequence[Figure], known: Known) -> list[Told]:
    """Give what this release and earlier ones tell of one series, layer by layer.

    Layers that are never published (respondents in and outside a numerator) are known wherever
    the published ones are: their share stood beside them.
    """
    number = max(len(figure.counts) for figure in figures)
    layers = [
        {figure.place: figure.counts[at] for figure in figures if len(figure.counts) > at}
        for at in range(number)
    ]
    published = 1 if figures[0].numbers.base is not None else min(number, 2)
    found = [_told_of(layers[at], at, figures[0], known) for at in range(published)]
    pools = found[0].pools
    return found + [
        Told(counts=counts, known=found[0].known & frozenset(counts), pools=pools)
        for counts in layers[published:]
    ]


def _told_of(counts: Mapping[Place, int], layer: int, figure: Figure, known: Known) -> Told:
    address = (figure.measure.id, figure.series.part, figure.series.id)
    source = figure.source.id
    shown = []
    for one in known.earlier:
        stated = one.shown.get(address, {}).items()
        own = {place: ns[layer] for place, ns in stated if len(ns) > layer}
        shown.append({place: n for place, n in own.items() if n is not None})
    return told(
        counts,
        _pools_of(known.pools, source),
        shown,
        [one.hidden.get(address, ()) for one in known.earlier],
        [_pools_of(one.pools, source) for one in known.earlier],
        [one.version for one in known.earlier],
    )


def _pools_of(pools: Pools, source: str) -> dict[str, tuple[str, ...]]:
    return {label: waves for (owner, label), waves in pools.items() if owner == source}

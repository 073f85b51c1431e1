"""Joint protection: what else is hidden so that no hidden count can be worked out of a release."""

from __future__ import annotations

import math
import os
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from social_evidence.app.earlier import Address, EarlierRelease
from social_evidence.app.figures import Figure
from social_evidence.app.judging import Judged
from social_evidence.app.protected_cells import Cells, Known, Pools
from social_evidence.disclosure.attack import Bools, intervals
from social_evidence.disclosure.secondary import Protection, protect
from social_evidence.disclosure.tables import Links, Place
from social_evidence.errors import DisclosureError
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.estimate import Status
from social_evidence.model.provenance import HiddenCells

_HIDDEN: Final[Status] = "protected"
_ROUNDS = 6  # how often series that know less than the rest are looked at again


@dataclass(frozen=True, slots=True, kw_only=True)
class Protector:
    """What a build knows of the sums an attacker can use.

    Attributes:
        known: How areas, groups and periods add up, and what earlier releases have told.
        made: How each series was protected, in the order they were asked for.
    """

    known: Known
    made: list[HiddenCells] = field(default_factory=list)

    @classmethod
    def of(
        cls, catalogue: Catalogue, pools: Pools, earlier: Sequence[EarlierRelease] = ()
    ) -> Protector:
        """Collect what a catalogue says of areas and groups that add up.

        Args:
            catalogue: Areas and breakdowns.
            pools: (source, pooled period) -> the waves in it.
            earlier: What releases before have shown and hidden, oldest first.
        """
        tree = catalogue.areas
        children = {code: own for code in tree.areas if (own := tree.children(code))}
        within = {name: b.within for name, b in catalogue.breakdowns.items() if b.within}
        links = Links(children=children, within=within)
        return cls(known=Known(links=links, areas=tree, pools=pools, earlier=earlier))

    def __call__(self, series: Sequence[Judged]) -> list[Collection[Place]]:
        """Protect every table and note how; two at a time, for the solver leaves Python free."""
        with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
            done = list(pool.map(lambda one: protect_series(one[0], one[1], self.known), series))
        for one in done:
            self.made.extend(one.made)
        return [one.hidden for one in done]


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """What joint protection did to series that are protected together.

    Attributes:
        hidden: Places hidden, first and second choice and with their whole block.
        made: For each series, how much of it is hidden.
    """

    hidden: frozenset[Place] = frozenset()
    made: tuple[HiddenCells, ...] = ()


def protect_series(
    figures: Sequence[Figure], judged: Mapping[Place, Status], known: Known
) -> Protected:
    """Hide what else must be hidden in series with one pattern of hidden cells; audit the result.

    Args:
        figures: All figures of the series that have a count, differences left out.
        judged: The status of each place by size: protected if it is in any of the series.
        known: How cells add up, and what is known already.

    Returns:
        The places to hide.

    Raises:
        DisclosureError: A hidden count could be worked out whatever else is hidden.
    """
    statuses = dict(judged)
    cells = Cells(figures, statuses, known)
    try:
        hidden = _hidden_jointly(cells)
    except DisclosureError as fault:
        if len(cells.by_series) == 1:
            raise _told(cells, fault) from fault
        # Not with one number added to all of them: then each must at least be safe by itself.
        hidden = cells.primary
        apart = list(cells.by_series)
    else:
        apart = cells.know_less()
    for _ in range(_ROUNDS):
        places = _places(cells, hidden)
        more = _hidden_alone(cells, apart, places, known)
        if more <= places:
            return Protected(hidden=places, made=_made(cells, hidden))
        statuses |= dict.fromkeys(more, _HIDDEN)
        cells = Cells(figures, statuses, known)
        hidden = cells.primary if len(apart) == len(cells.by_series) else _hidden_jointly(cells)
    raise _told(cells, DisclosureError("what one series hides another of them needs again."))


def _told(cells: Cells, fault: DisclosureError) -> DisclosureError:
    names = ", ".join(f"{m!r} ({series})" for m, _, series in cells.by_series)
    return DisclosureError(
        f"measure {names}: {fault} Publish the breakdown from pooled periods, or for fewer areas "
        "(plan.toml)."
    )


def _hidden_jointly(cells: Cells) -> Bools:
    """Protect series together; mark the cells hidden, those never published too."""
    try:
        return _hidden(cells)
    except DisclosureError:
        if len(cells.by_series) == 1 and cells.give_up(_given_away(cells)):
            return _hidden(cells)
        raise


def _hidden(cells: Cells) -> Bools:
    """Hide until nothing can be worked out and no block says too little; then audit."""
    asked = cells.protection()
    if not (asked.primary & asked.judged).any():
        return np.asarray(asked.primary | cells.primary)
    asked = replace(asked, primary=asked.primary | cells.mostly_hidden(asked.primary))
    while True:
        hidden = _protected(asked, cells)
        whole = cells.mostly_hidden(hidden)
        if not (whole & ~asked.primary).any():
            break
        asked = replace(asked, primary=asked.primary | whole)
    width = _widths(cells, hidden)
    if width.size and width.min() < cells.width:
        raise DisclosureError(
            f"{int((width < cells.width).sum())} hidden counts can still be worked out closely."
        )
    return np.asarray(hidden | cells.primary)


def _protected(asked: Protection, cells: Cells) -> Bools:
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
                primary=asked.primary | (~everybody & ~cells.known),
                cost=np.where(everybody, last_resort, math.inf),
                judged=asked.judged & everybody,
            )
            asked = replace(
                asked,
                primary=asked.primary | protect(alone, ~everybody, cells.attacker) & everybody,
            )
        return protect(asked, asked.primary & everybody, cells.attacker)
    except DisclosureError:
        return protect(replace(asked, cost=last_resort), attacker=cells.attacker)


def _widths(cells: Cells, hidden: Bools) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Give the width of the interval of every hidden cell that must be safe."""
    found = cells.attacker.intervals(hidden & ~cells.known, enough=cells.width)
    return found.width[cells.judged[found.cells]]


def _given_away(cells: Cells) -> Bools:
    """Mark cells that earlier releases give away even if this one shows nothing at all."""
    found = intervals(cells.linked, ~cells.known, enough=cells.width)
    lost = np.zeros(len(cells.places), dtype=bool)
    lost[found.cells[found.width < cells.width]] = True
    return np.asarray(lost & cells.judged)


def _hidden_alone(
    cells: Cells, addresses: Sequence[Address], places: frozenset[Place], known: Known
) -> frozenset[Place]:
    """Protect some of the series each by itself, on top of what is hidden.

    A cell that another of the series has shown before counts as known among them; where it never
    showed this one's own count, that count must be safe too.
    """
    found = places
    for address in addresses:
        own = cells.by_series[address]
        alone = Cells(own, {f.place: _HIDDEN for f in own if f.place in found}, known)
        try:
            found |= _places(alone, _hidden_jointly(alone))
        except DisclosureError as fault:
            raise _told(alone, fault) from fault
    return found


def _places(cells: Cells, hidden: Bools) -> frozenset[Place]:
    return frozenset(cells.places[at] for at in np.flatnonzero(hidden & cells.real))


def _made(cells: Cells, hidden: Bools) -> tuple[HiddenCells, ...]:
    """Say of each series how much of it is hidden."""
    places = _places(cells, hidden)
    audited = _places(cells, hidden & cells.judged)
    return tuple(
        HiddenCells(
            measure=measure,
            part=part,
            series=series,
            cells=len(figures),
            hidden=sum(figure.place in places for figure in figures),
            audited=sum(figure.place in audited for figure in figures),
            width=cells.width,
            given_away=int(cells.lost.sum()),
        )
        for (measure, part, series), figures in cells.by_series.items()
    )

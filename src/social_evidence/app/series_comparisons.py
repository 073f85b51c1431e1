"""One series compared: its pairs, tested, as columns of the comparisons table before judgement."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from social_evidence.app.comparison_pairs import Cell, Pair, earlier_of, pairs_within
from social_evidence.app.comparison_tests import (
    LEVEL,
    Doubt,
    Sides,
    Tests,
    counted_tests,
    doubts_about,
    survey_tests,
    tested,
)
from social_evidence.app.contrasts import Contrasts
from social_evidence.app.figures import Figure
from social_evidence.disclosure.primary import joint_status
from social_evidence.methods.arrays import Floats, Ints
from social_evidence.model.breakdown import ALL
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.comparison import Kind
from social_evidence.model.estimate import Status
from social_evidence.model.measure import Measure
from social_evidence.model.period import Period

Columns = dict[str, NDArray[Any]]
"""Columns of the table; text as objects, numbers with NaN for none. Besides them: `rounding`,
(statistic, unit, method, step) of the row, and `smallest`, the smallest difference that is a fact;
NaN where the difference is not one of two counts in full."""

SMALLEST_FACT: Final = 0.001
"""Difference of two counts in full that is worth a word, where the measure says no other."""

_LEFT_OUT: Final = frozenset({"not_asked", "not_applicable"})
_STATUSES: Final[tuple[Status, ...]] = (
    "shown",
    "low_base",
    "not_available",
    "not_asked",
    "not_applicable",
    "protected",
)


@dataclass(frozen=True, slots=True)
class SeriesComparisons:
    """One series while its figures are compared.

    figures: of the measure's own statistic, and gaps. status: (period, area, breakdown, group,
    statistic) -> as it is published. known: what scans told of pairs of its cells. correlation:
    (earlier, later) period -> of figures with people in common whom no id links.
    """

    catalogue: Catalogue
    figures: Sequence[Figure]
    status: Mapping[tuple[str, ...], Status]
    known: Sequence[Contrasts] = ()
    correlation: Mapping[tuple[str, str], float] | None = None

    @property
    def measure(self) -> Measure:
        """What is measured."""
        return self.figures[0].measure

    def figures_compared(self) -> Columns | None:
        """Compare figures of the measure's own statistic: every kind but gaps."""
        own = [f for f in self.figures if not f.made_of and self._status(f) not in _LEFT_OUT]
        pairs = [*self._within(own), *self._over_time(own)]
        if not pairs:
            return None
        sides = Sides.of(own)
        at = np.array([(pair.other, pair.to) for pair in pairs], dtype=np.int64)
        kinds = np.array([pair.kind for pair in pairs], dtype=object)
        is_part = np.array([pair.is_part for pair in pairs], dtype=np.bool_)
        if own[0].method == "survey":
            is_change = np.asarray(kinds == "change")
            rho = self.correlation or {}
            tests = survey_tests(sides, at, is_change, is_part, self.known, rho)
        else:
            tests = counted_tests(sides, at, is_part)
        places = np.array([figure.place for figure in own], dtype=object)
        status = np.array([_STATUSES.index(self._status(figure)) for figure in own])
        counted = np.array([_is_counted(figure) for figure in own], dtype=np.bool_)
        rows = _Rows(
            kinds=kinds,
            other=places[at[:, 0]],
            to=places[at[:, 1]],
            status=_joint(status[at[:, 0]], status[at[:, 1]]),
            is_fact=np.asarray(counted[at].all(axis=1)),
        )
        return self._columns(rows, self.measure.statistic, tests)

    def gaps(self) -> Columns | None:
        """Take gaps over as the estimates have them: from the group, to its reference group."""
        own = [f for f in self.figures if f.made_of and self._status(f) not in _LEFT_OUT]
        if not own:
            return None
        numbers = [
            (n.estimate, n.standard_error, n.lower, n.upper, n.degrees_of_freedom)
            for figure in own
            for n in (figure.numbers,)
        ]
        value, error, lower, upper, df = np.array(numbers, dtype=np.float64).T
        tests = replace(
            tested(value, error, df, self._doubts_about_gaps(own, error)),
            standard_error=error,
            lower=lower,
            upper=upper,
            degrees_of_freedom=df,
        )
        counted = {f.place for f in self.figures if not f.made_of and _is_counted(f)}
        rows = _Rows(
            kinds=repeated("gap", len(own)),
            other=np.array([figure.made_of[1] for figure in own], dtype=object),
            to=np.array([figure.made_of[0] for figure in own], dtype=object),
            status=np.array([self._status(figure) for figure in own], dtype=object),
            is_fact=np.array([counted.issuperset(figure.made_of) for figure in own]),
        )
        return self._columns(rows, "difference", tests)

    def _doubts_about_gaps(self, gaps: Sequence[Figure], error: Floats) -> Doubt:
        """Say what gaps have to be clear by, from the two figures of each."""
        sides = Sides.of([figure for figure in self.figures if not figure.made_of])
        at = np.array([[sides.numbers.get(p, -1) for p in f.made_of] for f in gaps], dtype=np.int64)
        is_known = (at >= 0).all(axis=1)
        found = doubts_about(sides, at, error, np.zeros(len(gaps), dtype=np.bool_))
        return Doubt(
            error=np.where(is_known, found.error, error),
            df=np.where(is_known, found.df, np.inf),
        )

    def _status(self, figure: Figure) -> Status:
        return self.status.get((*figure.place, figure.statistic), "not_applicable")

    def _within(self, figures: Sequence[Figure]) -> list[Pair]:
        """Lay out the pairs of every period; all pairs only of the newest that has them."""
        by_period: dict[Period, list[int]] = defaultdict(list)
        for at, figure in enumerate(figures):
            by_period[figure.period].append(at)
        found: list[Pair] = []
        newest: dict[str, list[Pair]] = {}
        for _, members in sorted(by_period.items()):
            cells = [figures[at].place[1:] for at in members]
            every: dict[str, list[Pair]] = defaultdict(list)
            for pair in pairs_within(self.catalogue, self.measure, cells):
                own = Pair(pair.kind, members[pair.other], members[pair.to], pair.is_part)
                if own.kind == "pair":
                    every[figures[own.to].breakdown].append(own)
                else:
                    found.append(own)
            newest |= every
        return [*found, *itertools.chain.from_iterable(newest.values())]

    def _over_time(self, figures: Sequence[Figure]) -> list[Pair]:
        """Lay out the changes of every cell, to the period before and to the first."""
        by_cell: dict[Cell, dict[Period, int]] = defaultdict(dict)
        for at, figure in enumerate(figures):
            by_cell[figure.place[1:]][figure.period] = at
        chosen: dict[frozenset[Period], list[tuple[Period, Period]]] = {}
        found: list[Pair] = []
        for members in by_cell.values():
            periods = frozenset(members)
            if periods not in chosen:
                chosen[periods] = earlier_of(list(periods))
            found += [Pair("change", members[a], members[b]) for a, b in chosen[periods]]
        return found

    def _columns(self, rows: _Rows, statistic: str, tests: Tests) -> Columns:
        first, one, size = self.figures[0], self.measure, len(rows.kinds)
        smallest = one.smallest_difference or SMALLEST_FACT
        columns = {
            "population": repeated("residents", size),
            "measure": repeated(one.id, size),
            "part": repeated(first.series.part, size),
            "series": repeated(first.series.id, size),
            "kind": rows.kinds,
            "breakdown": np.where(rows.to[:, 2] == ALL, rows.other[:, 2], rows.to[:, 2]),
            "group_from": rows.other[:, 3],
            "group_to": rows.to[:, 3],
            "area_from": rows.other[:, 1],
            "area_to": rows.to[:, 1],
            "period_from": rows.other[:, 0],
            "period_to": rows.to[:, 0],
            "statistic": repeated(statistic, size),
            "difference": tests.difference,
            "standard_error": tests.standard_error,
            "lower": tests.lower,
            "upper": tests.upper,
            "level": np.where(np.isnan(tests.lower), np.nan, LEVEL),
            "degrees_of_freedom": tests.degrees_of_freedom,
            "p_value": tests.p_value,
            "status": rows.status,
            "rounding": repeated((statistic, one.unit, first.method, one.rounding_step), size),
            "smallest": np.where(rows.is_fact, smallest, np.nan),
        }
        return {**columns, "family": _families(columns)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """What is compared, row by row.

    other, to: (p, 4) places. status: published, of both sides together. is_fact: whether both are
    counts in full.
    """

    kinds: NDArray[Any]
    other: NDArray[Any]
    to: NDArray[Any]
    status: NDArray[Any]
    is_fact: NDArray[Any]


def repeated(value: object, size: int) -> NDArray[Any]:
    """Make a column of one value."""
    found = np.empty(size, dtype=object)
    found[:] = [value] * size
    return found


def _joint(first: Ints, second: Ints) -> NDArray[Any]:
    """Give the status that two figures share."""
    table = [[joint_status(a, b) for b in _STATUSES] for a in _STATUSES]
    return np.asarray(np.array(table, dtype=object)[first, second])


def _is_counted(figure: Figure) -> bool:
    """Say whether a figure is a count in full, without an interval."""
    numbers = figure.numbers
    is_whole = figure.method == "administrative" and numbers.interval_method == "none"
    return is_whole and numbers.standard_error is None


def _families(columns: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    """Name the family of every row by what its members have in common."""
    start = "|".join(str(columns[name][0]) for name in ("measure", "part", "series"))
    names = ("kind", "breakdown", "area_to", "period_to", "group_to")
    rows = zip(*(columns[name].tolist() for name in names), strict=True)
    return np.array(["|".join((start, *_family(*row))) for row in rows], dtype=object)


def _family(kind: Kind, breakdown: str, area: str, period: str, group: str) -> tuple[str, ...]:
    if kind == "change":
        return kind, breakdown
    if kind == "area":
        return kind, period, breakdown, group
    if kind == "pair":
        return kind, period, breakdown
    return kind, period, breakdown, area

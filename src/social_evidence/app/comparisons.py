"""The comparisons table: figures set against each other, judged, adjusted and rounded once.

Verdicts and adjustments are made at full precision, over what is shown: a comparison with a hidden
side has no numbers, and does not count in its family. Then everything is rounded as it is stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from social_evidence.app.build_microdata import WaveRead
from social_evidence.app.comparison_tests import stated_correlation
from social_evidence.app.figures import Figure
from social_evidence.app.series_comparisons import Columns, SeriesComparisons, repeated
from social_evidence.disclosure.column_rounding import round_column
from social_evidence.disclosure.rounding import rounding_of
from social_evidence.methods.arrays import Floats
from social_evidence.methods.multiplicity import benjamini_hochberg
from social_evidence.model.breakdown import ALL
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.comparison import CLEAR, COMPARISON_NUMBERS
from social_evidence.model.estimate import COMPARISON_COLUMNS, HIDDEN, Estimate, Status
from social_evidence.model.measure import Measure
from social_evidence.model.period import Period

_SeriesKey = tuple[str, str, str]
_OWN: Final[Mapping[str, str]] = {"total": "total", "count": "count"}
"""Statistics whose differences are rounded as they are."""
_BELOW: Final = 1e-9
"""A difference of counts this share under the smallest that matters is rounding."""


def to_comparisons(
    catalogue: Catalogue,
    figures: Sequence[Figure],
    rows: Sequence[Estimate],
    read: Mapping[str, Sequence[WaveRead]],
    more: Sequence[Columns] = (),
) -> Columns:
    """Compare figures whose statuses have been settled.

    Args:
        catalogue: Areas, breakdowns and measures.
        figures: All figures of the build, at full precision.
        rows: The estimates they became.
        read: Source -> its waves and pools, with what was told of pairs of their cells.
        more: Comparisons made elsewhere, before they are judged and rounded.

    Returns:
        Columns of the comparisons table, unsorted.
    """
    status = _statuses(rows)
    known = defaultdict(list)
    for wave in (wave for waves in read.values() for wave in waves):
        for one in wave.contrasts:
            known[one.key].append(one)
    found: list[Columns] = []
    periods: dict[_SeriesKey, list[Period]] = {}
    for key, own in _by_series(figures).items():
        periods[key] = sorted({figure.period for figure in own})
        correlation = _correlation(read.get(own[0].source.id, ()))
        series = SeriesComparisons(catalogue, own, status[key], known[key], correlation)
        found += [one for one in (series.figures_compared(), series.gaps()) if one is not None]
    found += more
    found += _ends({figure.measure.id: figure.measure for figure in figures}, catalogue, periods)
    if not found:
        return {}
    joined = {name: np.concatenate([one[name] for one in found]) for name in found[0]}
    judge(joined)
    _round(joined)
    return {name: joined[name] for name, _ in COMPARISON_COLUMNS}


def _statuses(rows: Iterable[Estimate]) -> Mapping[_SeriesKey, dict[tuple[str, ...], Status]]:
    found: dict[_SeriesKey, dict[tuple[str, ...], Status]] = defaultdict(dict)
    for row in rows:
        place = (row.period, row.area, row.breakdown, row.group, row.statistic)
        found[row.measure, row.part, row.series][place] = row.status
    return found


def _by_series(figures: Iterable[Figure]) -> Mapping[_SeriesKey, list[Figure]]:
    found: dict[_SeriesKey, list[Figure]] = defaultdict(list)
    for figure in figures:
        found[figure.measure.id, figure.series.part, figure.series.id].append(figure)
    return found


def _correlation(waves: Sequence[WaveRead]) -> dict[tuple[str, str], float]:
    if not waves:
        return {}
    pools = {wave.period: wave.pool.waves for wave in waves if wave.pool is not None}
    single = dict.fromkeys(w.period for w in waves if w.pool is None and w.rows)
    return stated_correlation(waves[0].source, list(single), pools)


def judge(columns: Columns) -> None:
    """Take the numbers of hidden rows away, adjust p values within families, and say verdicts.

    A family is what is shown of it: a hidden comparison makes no claim, so nothing is adjusted for
    it.

    Args:
        columns: Changed in place: `p_adjusted` and `verdict` are added.
    """
    size = len(columns["kind"])
    is_hidden = np.isin(columns["status"].astype(str), sorted(HIDDEN))
    for name in ("difference", "standard_error", "lower", "upper", "level", "p_value", "smallest"):
        columns[name] = np.where(is_hidden, np.nan, columns[name])
    is_hidden |= np.isnan(columns["difference"])
    columns["degrees_of_freedom"] = np.where(is_hidden, np.nan, columns["degrees_of_freedom"])
    p = columns["p_value"]
    is_tested = ~np.isnan(p)
    columns["family"] = np.where(is_tested, columns["family"], repeated(None, size))
    family = np.full(size, -1, dtype=np.int64)
    _, family[is_tested] = np.unique(columns["family"][is_tested].astype(str), return_inverse=True)
    adjusted = benjamini_hochberg(p, family)
    # In a gap the difference is the reference less the group, and the group is what is judged.
    sign = np.where(columns["kind"] == "gap", -1, 1) * np.sign(np.nan_to_num(columns["difference"]))
    smallest = columns["smallest"] * (1 - _BELOW)
    is_fact = ~np.isnan(smallest)
    with np.errstate(invalid="ignore"):
        is_clear = np.where(is_fact, np.abs(columns["difference"]) >= smallest, adjusted <= CLEAR)
    columns["p_adjusted"] = adjusted
    columns["verdict"] = np.select(
        [~is_tested & ~is_fact, is_clear & (sign > 0), is_clear & (sign < 0)],
        [repeated("cannot_say", size), repeated("higher", size), repeated("lower", size)],
        default=repeated("no_clear_difference", size),
    )


def _round(columns: Columns) -> None:
    """Round every number as the contract says, by statistic, unit and method."""
    ways = list(dict.fromkeys(columns["rounding"].tolist()))
    number = {way: at for at, way in enumerate(ways)}
    of_row = np.array([number[way] for way in columns["rounding"].tolist()])
    for at, (statistic, unit, method, step) in enumerate(ways):
        rows = np.flatnonzero(of_row == at)
        # Differences of proportions lie between -1 and 1, those of ratios need not.
        is_bounded = statistic in {"proportion", "difference"}
        own = "difference" if is_bounded else _OWN.get(statistic, "compared")
        for name in COMPARISON_NUMBERS:
            how = rounding_of(name, statistic=own, unit=unit, method=method, step=step)
            if how is not None:
                values: Floats = columns[name][rows]
                columns[name][rows] = round_column(values, how)


def _ends(
    measures: Mapping[str, Measure],
    catalogue: Catalogue,
    periods: Mapping[_SeriesKey, Sequence[Period]],
) -> Iterator[Columns]:
    """Give the one row that says where a series ends and its successor begins."""
    cities = sorted(code for code, area in catalogue.areas.areas.items() if area.kind == "city")
    told = set()
    for (measure, part, series), own in periods.items():
        others = {k: p for k, p in periods.items() if k[:2] == (measure, part) and k[2] != series}
        after = successor(own, {key[2]: spans for key, spans in others.items()})
        if after is None:
            continue
        area = (cities or sorted(catalogue.areas.areas))[0]
        row = (measure, part, after, own[-1].label, others[measure, part, after][0].label)
        if row not in told:
            told.add(row)
            yield _end(measures[measure], row, area)


def successor(own: Sequence[Period], others: Mapping[str, Sequence[Period]]) -> str | None:
    """Name the series that begins where one ends.

    Args:
        own: Periods of the one, in order.
        others: Series of the same measure and part -> their periods, in order.

    Returns:
        The series that begins first after the last period of the one has begun; of several the one
        that goes on longest. None where the one is as new as any other.
    """
    later = {name: p for name, p in others.items() if p[0].start > own[-1].start}
    if not later or max(p[-1].end for p in others.values()) <= own[-1].end:
        return None
    return min(
        later, key=lambda name: (later[name][0].start, -later[name][-1].end.toordinal(), name)
    )


def _end(measure: Measure, row: tuple[str, ...], area: str) -> Columns:
    _, part, series, ended, begins = row
    text = {
        "population": "residents",
        "measure": measure.id,
        "part": part,
        "series": series,
        "kind": "change",
        "breakdown": ALL,
        "group_from": ALL,
        "group_to": ALL,
        "area_from": area,
        "area_to": area,
        "period_from": ended,
        "period_to": begins,
        "statistic": measure.statistic,
        "status": "not_applicable",
        "rounding": (measure.statistic, measure.unit, "survey", ""),
        "family": "",
    }
    numbers = [*COMPARISON_NUMBERS, "smallest"]
    numbers.remove("p_adjusted")
    return {
        **{name: repeated(value, 1) for name, value in text.items()},
        **{name: np.full(1, np.nan) for name in numbers},
    }

"""What is not known: every measure, breakdown, area and year, and why there is no figure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.app.release_catalogue import definitions_of
from social_evidence.catalogue.load import load
from social_evidence.errors import DefinitionError
from social_evidence.model.breakdown import UNKNOWN
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Measure
from social_evidence.model.period import Period, parse
from social_evidence.model.source import EVERY_WAVE, Source
from social_evidence.plan.counted import nearest
from social_evidence.store.release import read_release

State = Literal["available", "partly", "too_few", "not_asked", "ended", "not_available"]

STATES: Final[tuple[State, ...]] = (
    "available",
    "partly",
    "too_few",
    "not_asked",
    "ended",
    "not_available",
)
"""From the best to the worst; where several periods cover a year, the best one counts."""

_CELL: Final = ["measure", "part", "breakdown", "area"]
_PERIOD: Final = ["series", "period", "period_start", "period_end"]
_COUNTED: Final[Mapping[str, tuple[str, ...]]] = {
    "shown": ("shown", "low_base"),
    "protected": ("protected",),
    "not_asked": ("not_asked",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One measure, breakdown, area and year.

    state: what is known of it. periods: those that cover the year, which may be longer than it.
    groups, shown: groups of the breakdown that the best of them asked, and how many have a figure.
    independent: periods with a figure in this area that share no day, counted over all years:
    fewer than two say nothing about change, however many pools overlap.
    """

    measure: str
    part: str
    breakdown: str
    area: str
    year: int
    state: State
    periods: tuple[str, ...]
    groups: int
    shown: int
    independent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """The whole matrix of a release.

    names, kinds: of the areas, by code. not_built: measures of the definitions that the release
    does not hold.
    """

    version: str
    title: str
    synthetic: bool
    rows: tuple[Gap, ...]
    names: Mapping[str, str]
    kinds: Mapping[str, str]
    not_built: tuple[str, ...]


@dataclass(slots=True)
class _Entry:
    """One series' figures of one cell in one period."""

    period: Period
    groups: int
    shown: int
    protected: int
    not_asked: int

    @property
    def asked(self) -> int:
        """Groups in which anybody could stand: no child answers a survey of adults."""
        return self.groups - self.not_asked

    @property
    def state(self) -> State:
        if self.asked == 0:
            return "not_asked"
        if self.shown:
            return "available" if self.shown == self.asked else "partly"
        return "too_few" if self.protected else "not_available"


@dataclass(slots=True)
class _Cells:
    """Entries by cell, and the years the whole release reaches."""

    entries: dict[tuple[str, ...], list[_Entry]] = field(default_factory=dict)
    first: dict[tuple[str, str], int] = field(default_factory=dict)
    last: int = 0


def gaps(release: Path, catalogues: Sequence[Path] = (), measures: Sequence[str] = ()) -> Gaps:
    """Say of every measure, breakdown, area and year whether there is a figure, or why not.

    Args:
        release: A release folder, a `releases` folder or an evidence base (its latest release).
        catalogues: Folders of definitions that say what ended and what was asked when; those the
            release was built from where none is named.
        measures: Ids of the measures meant; all where none is named.

    Returns:
        The matrix, sorted by measure, part, breakdown, area and year. The years of a measure go
        from its first to the last one of the release.

    Raises:
        DefinitionError: No such measure, or definitions with faults.
        StoreError: No release there, or one that was changed.
    """
    stored = read_release(release)
    asked = list(catalogues)
    catalogue = load(asked) if asked else definitions_of(stored.folder, stored.manifest)
    cells = _cells(stored.estimates)
    built = {key[0] for key in cells.entries}
    _check_known(measures, {*built, *catalogue.measures})
    wanted = set(measures) or {*built, *catalogue.measures}
    rows = _rows(cells, wanted, catalogue)
    return Gaps(
        version=stored.manifest.version,
        title=stored.manifest.title,
        synthetic=stored.manifest.synthetic,
        rows=tuple(rows),
        names={area["area"]: area["name"] for area in stored.areas},
        kinds={area["area"]: area["kind"] for area in stored.areas},
        not_built=tuple(sorted(wanted - built)),
    )


def gaps_in(estimates: pa.Table, catalogue: Catalogue) -> Iterator[Gap]:
    """Say the same of all measures of a release that was read already.

    Args:
        estimates: Its table.
        catalogue: The definitions it was built from.
    """
    cells = _cells(estimates)
    return _rows(cells, {key[0] for key in cells.entries}, catalogue)


def _rows(cells: _Cells, wanted: Collection[str], catalogue: Catalogue) -> Iterator[Gap]:
    for cell, entries in sorted(cells.entries.items()):
        if cell[0] in wanted:
            yield from _of_cell(cell, entries, cells, catalogue)


def _check_known(named: Iterable[str], known: Collection[str]) -> None:
    for name in named:
        if name not in known:
            raise DefinitionError(
                f"measure {name!r} is neither in the release nor in its definitions"
                f"{nearest(name, known)}."
            )


def _cells(estimates: pa.Table) -> _Cells:
    """Count the groups of every cell and period by what is known of them."""
    found = _Cells()
    for row in _counted(estimates):
        entry = _Entry(
            period=Period(row["period_start"], row["period_end"], row["period"]),
            groups=row["group_count"],
            **{name: row[f"{name}_sum"] for name in _COUNTED},
        )
        found.entries.setdefault(tuple(row[name] for name in _CELL), []).append(entry)
        part = (row["measure"], row["part"])
        found.first[part] = min(found.first.get(part, entry.period.years[0]), entry.period.years[0])
        found.last = max(found.last, entry.period.years[-1])
    return found


def _counted(estimates: pa.Table) -> list[dict[str, Any]]:
    """Group the rows of residents' figures, people of unknown group and gaps left out."""
    is_unknown = pc.match_substring_regex(estimates["group"], rf"(^| \* ){UNKNOWN}($| \* )")
    kept = pc.and_(
        pc.and_(
            pc.equal(estimates["population"], "residents"),
            pc.not_equal(estimates["statistic"], "difference"),
        ),
        pc.invert(is_unknown),
    )
    table = estimates.select([*_CELL, *_PERIOD, "group", "status"]).filter(kept)
    for name, statuses in _COUNTED.items():
        has = pc.is_in(table["status"], pa.array(statuses, pa.string()))
        table = table.append_column(name, pc.cast(has, pa.int64()))
    sums: list[tuple[str, str]] = [(name, "sum") for name in _COUNTED]
    grouped = table.group_by([*_CELL, *_PERIOD]).aggregate([("group", "count"), *sums])
    rows: list[dict[str, Any]] = grouped.to_pylist()
    return rows


def _of_cell(
    cell: tuple[str, ...], entries: Sequence[_Entry], cells: _Cells, catalogue: Catalogue
) -> Iterator[Gap]:
    """Give one row a year, from the measure's first to the last one of the release."""
    measure, part, breakdown, area = cell
    independent = _independent(one.period for one in entries if one.shown)
    without = _without_figures(catalogue.measures.get(measure), part, catalogue)
    last = max(one.period.years[-1] for one in entries)
    for year in range(cells.first[measure, part], cells.last + 1):
        covering = [one for one in entries if year in one.period.years]
        best = min(covering, key=lambda one: STATES.index(one.state), default=None)
        yield Gap(
            measure=measure,
            part=part,
            breakdown=breakdown,
            area=area,
            year=year,
            state=best.state if best else without.state(year, last),
            periods=tuple(one.period.label for one in sorted(covering, key=lambda o: o.period)),
            groups=best.asked if best else 0,
            shown=best.shown if best else 0,
            independent=independent,
        )


def _independent(periods: Iterable[Period]) -> int:
    """Count the most periods that share no day: the one that ends first, then the next after."""
    count, last = 0, None
    for period in sorted(periods, key=lambda one: (one.end, one.start)):
        if last is None or period.start > last:
            count, last = count + 1, period.end
    return count


@dataclass(frozen=True, slots=True)
class _Without:
    """Why a year has no figure: years a source ran without asking, and whether all have ended."""

    not_asked: frozenset[int]
    has_ended: bool

    def state(self, year: int, last: int) -> State:
        """Say it of one year; `last` is the last year there is anything of."""
        if year in self.not_asked:
            return "not_asked"
        return "ended" if self.has_ended and year > last else "not_available"


def _without_figures(measure: Measure | None, part: str, catalogue: Catalogue) -> _Without:
    if measure is None:
        return _Without(frozenset(), False)
    series = [one for one in measure.series if one.part == part and one.source in catalogue.sources]
    sources = [catalogue.sources[one.source] for one in series]
    ran = {year for source in sources for year in _years(_waves(source))}
    # A year that one series leaves to another of the same source was asked in.
    asked = {
        year
        for one, source in zip(series, sources, strict=True)
        for year in _years(one.periods or _waves(source))
    }
    has_ended = bool(sources) and all(source.ended for source in sources)
    return _Without(frozenset(ran - asked), has_ended)


def _waves(source: Source) -> Collection[str]:
    return {file.wave for file in source.files} - {"", EVERY_WAVE}


def _years(periods: Iterable[str]) -> Iterator[int]:
    for period in periods:
        yield from parse(period).years

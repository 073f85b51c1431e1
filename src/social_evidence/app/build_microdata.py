"""Figures from microdata: one scan a wave for every measure, then estimates cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from social_evidence.app.build_quantiles import quantile_figures
from social_evidence.app.contrasts import Contrasts
from social_evidence.app.equal_parts import with_cuts
from social_evidence.app.figures import Figure, Numbers
from social_evidence.app.grid import is_unknown
from social_evidence.app.linked_waves import LinkedWaves
from social_evidence.app.locate import Located
from social_evidence.app.pooled import (
    inflation_of,
    notes_of,
    record_of,
    stack,
    wave_rows,
    with_assumption,
)
from social_evidence.app.scanned import Asking, scanned
from social_evidence.app.stacked_waves import WaveRows
from social_evidence.app.survey_figures import absent, survey_grid
from social_evidence.app.wave_reading import OpenWave, files_read, left_out, read_wave
from social_evidence.errors import DataError
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.provenance import FileRead, FileUsed, LeftOut, Lost, PoolMade
from social_evidence.model.source import Source
from social_evidence.plan.asked import Asked
from social_evidence.plan.compile import Reading, compile_wave
from social_evidence.plan.costs import costs_of, weighted, without
from social_evidence.plan.needs import Wanted, Wave
from social_evidence.plan.pools import Pooled
from social_evidence.plan.publication import areas_expected
from social_evidence.plan.sampling import unit_scan

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveRead:
    """What one wave or pool gave: figures, files, and what provenance needs to say of it.

    source: as it was read: with the weight of these series, and synthetic where a file says so.
    areas: that it gives; none where nothing could be read. pool: the waves that were put together.
    contrasts: differences between its cells, and from earlier waves whose units it shares.
    """

    period: str
    source: Source
    wanted: tuple[Wanted, ...]
    figures: tuple[Figure, ...]
    areas: tuple[str, ...] = ()
    files: tuple[FileUsed, ...] = ()
    read: tuple[FileRead, ...] = ()
    rows: int = 0
    left_out: tuple[LeftOut, ...] = ()
    pool: PoolMade | None = None
    lost: tuple[Lost, ...] = ()
    notes: tuple[str, ...] = ()
    contrasts: tuple[Contrasts, ...] = ()


def read_source(
    catalogue: Catalogue,
    asked: Asked,
    files: Mapping[str, Sequence[Located]],
    progress: Progress,
    *,
    allow_missing: bool = False,
) -> list[WaveRead]:
    """Estimate what is asked of a survey from every wave and pool of it.

    Args:
        catalogue: Questions, breakdowns, areas and plan.
        asked: Series by wave and by pool.
        files: Wave -> its files; a wave whose respondents are missing has none.
        progress: Told before each wave and pool.
        allow_missing: Do without a column that a file lacks.

    Returns:
        One record a wave and pool, or several where series have other weights.
    """
    survey = _Survey(catalogue, asked, allow_missing)
    for period in asked.waves:
        progress(f"{asked.source.id} {period}")
        survey.read(period, files.get(period, ()))
        for pool in asked.pools:
            if pool.waves[-1] == period:
                progress(f"{asked.source.id} {pool.label}")
                survey.put_together(pool)
    return [*_with_empty_areas(catalogue, survey.found), *survey.absences()]


@dataclass(slots=True)
class _Survey:
    """A survey while its waves are read, oldest first.

    rows: what pools still to come will stack. gone: wave -> series that could not be read from it.
    untold: wave -> breakdowns that its file does not tell. pooled_away: pool -> series that a
    missing wave keeps from it. linked: cells of earlier waves whose units return.
    """

    catalogue: Catalogue
    asked: Asked
    allow_missing: bool
    found: list[WaveRead] = field(default_factory=list)
    rows: dict[tuple[Pooled, str, str], WaveRows] = field(default_factory=dict)
    opened: dict[str, OpenWave] = field(default_factory=dict)
    gone: dict[str, list[Wanted]] = field(default_factory=dict)
    untold: dict[str, frozenset[str]] = field(default_factory=dict)
    lost: dict[str, tuple[Lost, ...]] = field(default_factory=dict)
    pooled_away: dict[Pooled, list[Wanted]] = field(default_factory=dict)
    linked: LinkedWaves = field(default_factory=LinkedWaves)

    def read(self, period: str, files: Sequence[Located]) -> None:
        """Make the figures of one wave, and work out its rows for the pools it is in."""
        wanted = self.asked.waves[period]
        opened = self._open(period, files, list(wanted)) if files else None
        if opened is None:
            self.gone[period] = list(wanted)
            return
        told: list[FileRead] = []
        kept = [one for one in wanted if not _among(one, self.gone.get(period, ()))]
        for some in _by_weight(self.asked.source, kept):
            read = self._figures(opened, some)
            self.found.append(replace(read, read=tuple(f for f in read.read if f not in told)))
            told += read.read
        # A pool's provenance needs the file's description, not its rows.
        self.opened[period] = replace(opened, table=opened.files)

    def _open(self, period: str, files: Sequence[Located], wanted: list[Wanted]) -> OpenWave | None:
        """Open a wave; where columns may be missing, without what needs them."""
        source = self.asked.source
        columns: list[str] = []
        while wanted:
            try:
                opened = read_wave(self.catalogue, source, period, files, wanted)
            except DataError as fault:
                if not (self.allow_missing and set(fault.columns) - set(columns)):
                    raise
                columns += fault.columns
                costs = costs_of(self.asked.source, self.asked.waves[period], columns)
                source = without(self.asked.source, costs.breakdowns)
                self.gone[period] = list(costs.series)
                self.untold[period] = costs.breakdowns
                self.lost[period] = (_lost(self.asked, files, period, columns),)
                wanted = [one for one in wanted if not _among(one, costs.series)]
            else:
                untold = self.untold.get(period, frozenset())
                return replace(opened, wave=replace(opened.wave, lost=untold))
        return None

    def _figures(self, opened: OpenWave, some: Sequence[Wanted]) -> WaveRead:
        source = weighted(opened.source, some[0])
        opened = replace(opened, wave=with_cuts(source, opened.wave, opened.table, some))
        compiled = compile_wave(self.catalogue, source, opened.wave, some)
        asking = Asking(
            catalogue=self.catalogue,
            source=source,
            wave=opened.wave,
            compiled=compiled,
            counted=None if compiled.scan is None else unit_scan(source, compiled.scan),
        )
        found = scanned(asking, opened.table)
        made, outside = found.figures, found.left_out
        made += quantile_figures(self.catalogue, source, opened.wave, opened.table, compiled)
        self._keep_rows(opened, source, some)
        lost = left_out(self.catalogue.areas, opened, outside)
        return WaveRead(
            period=opened.wave.period,
            source=source,
            wanted=tuple(some),
            figures=tuple(made),
            contrasts=(*found.contrasts, *self.linked.changes(source, found.linked)),
            areas=compiled.areas,
            files=opened.used,
            read=files_read(opened, outside, lost),
            rows=opened.listed.rows,
            left_out=lost,
        )

    def _keep_rows(self, opened: OpenWave, source: Source, some: Sequence[Wanted]) -> None:
        for pool, wanted in self.asked.pools.items():
            own = [one for one in some if _among(one, wanted)]
            if own and opened.wave.period in pool.waves:
                wave = replace(opened.wave, pooled=True)
                compiled = compile_wave(self.catalogue, source, wave, own)
                key = (pool, source.design.weight, wave.period)
                self.rows[key] = wave_rows(source, opened.table, compiled)

    def put_together(self, pool: Pooled) -> None:
        """Make the figures of a pool whose last wave has been read."""
        wanted = self.asked.pools[pool]
        gone = [one for wave in pool.waves for one in self.gone.get(wave, ())]
        lacking = [one for one in wanted if _among(one, gone)]
        if lacking:
            self.pooled_away[pool] = lacking
        kept = [one for one in wanted if not _among(one, lacking)]
        for some in _by_weight(self.asked.source, kept):
            self.found.append(self._pool(pool, some))
        self.rows = {key: rows for key, rows in self.rows.items() if key[0] != pool}

    def _pool(self, pool: Pooled, some: Sequence[Wanted]) -> WaveRead:
        waves = [self.opened[wave] for wave in pool.waves]
        lost = frozenset().union(*(self.untold.get(wave, frozenset()) for wave in pool.waves))
        is_made_up = any(one.source.synthetic for one in waves)
        source = replace(weighted(self.asked.source, some[0]), synthetic=is_made_up)
        source = without(source, lost)
        rows = [_only(self.rows[pool, source.design.weight, wave], some) for wave in pool.waves]
        name = " + ".join(one.wave.file for one in waves)
        stacked = stack(self.catalogue.areas, source, name, rows, lost)
        inflation = inflation_of(source, pool)
        asking = Asking(
            catalogue=self.catalogue,
            source=source,
            wave=Wave(file=name, period=pool.label, pooled=True, lost=lost),
            compiled=stacked.compiled,
            counted=stacked.counted,
            inflation=inflation,
        )
        found = scanned(asking, stacked.table)
        made = found.figures
        if inflation != 1:
            made = [with_assumption(figure) for figure in made]
        files = tuple(file for one in waves for file in one.used)
        return WaveRead(
            period=pool.label,
            source=source,
            wanted=tuple(some),
            figures=tuple(made),
            contrasts=(*found.contrasts, *self.linked.changes(source, found.linked)),
            areas=stacked.compiled.areas,
            files=files,
            rows=sum(one.listed.rows for one in waves),
            pool=record_of(source, pool, files),
            notes=notes_of(source, pool),
        )

    def absences(self) -> list[WaveRead]:
        """Make the rows of everything that could not be read: the whole grid, without numbers."""
        found = []
        for period, wanted in self.gone.items():
            wave = Wave(file="", period=period)
            lost = self.lost.get(period, ())
            found.append(replace(self._absence(wave, wanted), lost=lost))
        found += [
            WaveRead(period=period, source=self.asked.source, wanted=(), figures=(), lost=lost)
            for period, lost in self.lost.items()
            if period not in self.gone
        ]
        for pool, wanted in self.pooled_away.items():
            found.append(self._absence(Wave(file="", period=pool.label, pooled=True), wanted))
        return found

    def _absence(self, wave: Wave, wanted: Sequence[Wanted]) -> WaveRead:
        source = self.asked.source
        source = replace(source, synthetic=any(one.source.synthetic for one in self.found))
        seen = sorted({area for one in self.found for area in one.areas})
        figures = []
        for one in wanted:
            given = seen or areas_expected(self.catalogue, source, one.measure)
            grid = survey_grid(self.catalogue, source, wave, one.measure, given)
            reading = Reading(wanted=one)
            figures += [
                absent(source, wave.period, reading, grid, cell)
                for cell in grid.cells()
                if not is_unknown(cell[2])
            ]
        return WaveRead(
            period=wave.period,
            source=source,
            wanted=tuple(wanted),
            figures=tuple(figures),
            notes=("A file or column that this needs was missing when the release was built.",),
        )


def _among(one: Wanted, some: Iterable[Wanted]) -> bool:
    return any(one is other for other in some)


def _by_weight(source: Source, wanted: Sequence[Wanted]) -> list[list[Wanted]]:
    """Sort series by the weight they go with."""
    found: dict[str, list[Wanted]] = {}
    for one in wanted:
        found.setdefault(one.series.weight or source.design.weight, []).append(one)
    return list(found.values())


def _only(rows: WaveRows, some: Sequence[Wanted]) -> WaveRows:
    """Keep the readings of some series."""
    readings = tuple(r for r in rows.compiled.readings if _among(r.wanted, some))
    return replace(rows, compiled=replace(rows.compiled, readings=readings))


def _lost(asked: Asked, files: Sequence[Located], period: str, columns: Sequence[str]) -> Lost:
    """Record what a wave's missing columns cost."""
    costs = costs_of(asked.source, asked.waves[period], columns)
    return Lost(
        source=asked.source.id,
        file=" + ".join(one.name or one.file.path for one in files),
        wave=period,
        columns=tuple(columns),
        measures=tuple(dict.fromkeys(one.measure.id for one in costs.series)),
        breakdowns=tuple(sorted(costs.breakdowns)),
        how_to_get=asked.source.how_to_get,
    )


def _with_empty_areas(catalogue: Catalogue, waves: Sequence[WaveRead]) -> list[WaveRead]:
    """Tell an area that a wave happens to have nobody in from one the source never covers.

    An area of which the wave names some parts and not all has people: it is not available.
    """
    ever = {area for wave in waves for area in wave.areas}
    found = []
    for wave in waves:
        reached = {above for area in wave.areas for above in catalogue.areas.ancestors(area)}
        empty = ever - set(wave.areas) - reached
        figures = tuple(
            replace(figure, status="shown", numbers=Numbers(base=0))
            if figure.area in empty and figure.status == "not_available"
            else figure
            for figure in wave.figures
        )
        found.append(replace(wave, figures=figures))
    return found

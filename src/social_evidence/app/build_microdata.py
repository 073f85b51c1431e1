"""Figures from microdata: one scan a wave for every measure, then estimates cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from social_evidence.app.build_quantiles import quantile_figures
from social_evidence.app.figures import Figure, Numbers
from social_evidence.app.locate import Located
from social_evidence.app.pooled import stack, wave_rows
from social_evidence.app.scanned import Asking, scanned
from social_evidence.app.stacked_waves import WaveRows
from social_evidence.app.survey_figures import absent, survey_grid
from social_evidence.app.wave_reading import OpenWave, files_read, left_out, read_wave
from social_evidence.errors import DataError
from social_evidence.methods.assumed import overlap_inflation
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.provenance import FileRead, FileUsed, LeftOut, Lost, PoolMade
from social_evidence.model.source import Source
from social_evidence.plan.asked import Asked
from social_evidence.plan.compile import Reading, Wanted, Wave, compile_wave
from social_evidence.plan.costs import costs_of, weighted, without
from social_evidence.plan.pools import Pooled
from social_evidence.plan.publication import areas_expected

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveRead:
    """What one wave or pool gave: figures, files, and what provenance needs to say of it.

    source: as it was read: with the weight of these series, and synthetic where a file says so.
    areas: that it gives; none where nothing could be read. pool: the waves that were put together.
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
    untold: wave -> breakdowns that its file does not tell. sampled: how pools were made.
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

    def _open(
        self, period: str, files: Sequence[Located], wanted: list[Wanted]
    ) -> OpenWave | None:
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
                self.lost[period] = (_lost(self.asked, files, period, columns, costs.breakdowns),)
                wanted = [one for one in wanted if not _among(one, costs.series)]
            else:
                untold = self.untold.get(period, frozenset())
                return replace(opened, wave=replace(opened.wave, lost=untold))
        return None

    def _figures(self, opened: OpenWave, some: Sequence[Wanted]) -> WaveRead:
        source = weighted(opened.source, some[0])
        compiled = compile_wave(self.catalogue, source, opened.wave, some)
        asking = Asking(
            catalogue=self.catalogue, source=source, wave=opened.wave, compiled=compiled
        )
        made, outside = scanned(asking, opened.table)
        made += quantile_figures(self.catalogue, source, opened.wave, opened.table, compiled)
        self._keep_rows(opened, source, some)
        lost = left_out(self.catalogue.areas, opened, outside)
        return WaveRead(
            period=opened.wave.period,
            source=source,
            wanted=tuple(some),
            figures=tuple(made),
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
        rows = [
            _only(self.rows[pool, source.design.weight, wave], some) for wave in pool.waves
        ]
        name = " + ".join(one.wave.file for one in waves)
        stacked = stack(self.catalogue.areas, source, name, rows, lost)
        inflation = _inflation(source, pool)
        asking = Asking(
            catalogue=self.catalogue,
            source=source,
            wave=Wave(file=name, period=pool.label, pooled=True, lost=lost),
            compiled=stacked.compiled,
            counted=stacked.counted,
            inflation=inflation,
        )
        made, _ = scanned(asking, stacked.table)
        if inflation != 1:
            made = [_assumed(figure) for figure in made]
        files = tuple(file for one in waves for file in one.used)
        return WaveRead(
            period=pool.label,
            source=source,
            wanted=tuple(some),
            figures=tuple(made),
            areas=stacked.compiled.areas,
            files=files,
            rows=sum(one.listed.rows for one in waves),
            pool=_made(source, pool, files, inflation),
            notes=_pool_notes(source, pool, inflation),
        )

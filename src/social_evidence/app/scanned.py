"""One scan and its figures: of a wave, or of waves put together."""

from __future__ import annotations

from dataclasses import dataclass, replace

from social_evidence.app.cells import cell_numbers, sampled, units_per_cell
from social_evidence.app.contrasts import Contrasts, ScanCells
from social_evidence.app.figures import Figure
from social_evidence.app.held import HeldTable
from social_evidence.app.linked_waves import LinkedWave, linked_wave
from social_evidence.app.replicate_ranks import replicate_ranks
from social_evidence.app.survey_figures import Making, Units
from social_evidence.app.waves import WaveTable
from social_evidence.engine.registry import totals
from social_evidence.methods.arrays import Ints
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.source import Source
from social_evidence.plan import rollup
from social_evidence.plan.compile import Compiled
from social_evidence.plan.needs import Wave
from social_evidence.plan.scan import Scan
from social_evidence.plan.totals import DesignTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What is to be estimated from one table.

    source: its design and maps. counted: the scan that counts disclosure units, where they are
    neither rows nor PSUs. inflation: of all variances, for people in several waves.
    """

    catalogue: Catalogue
    source: Source
    wave: Wave
    compiled: Compiled
    counted: Scan | None = None
    inflation: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What a scan gave.

    figures: of the whole grid. left_out: rows without a weight. contrasts: differences within the
    period. linked: the cells, to be set against those of other waves with the same units; None
    where units do not return or are not told apart.
    """

    figures: list[Figure]
    left_out: int = 0
    contrasts: tuple[Contrasts, ...] = ()
    linked: LinkedWave | None = None


def scanned(asked: Asking, table: HeldTable | WaveTable | None) -> Scanned:
    """Run a scan and turn its cells into figures as they come, and compare them."""
    scan = asked.compiled.scan
    if scan is None or table is None:
        return Scanned(figures=_making(asked, {}).figures())
    answered = totals(scan, table)
    ranks = replicate_ranks(scan, table) if scan.sampling.replicates else None
    design = sampled(asked.source, answered.design, ranks, inflation=asked.inflation)
    kept = None if asked.source.design.basis == "none" else ScanCells(scan)
    making = _making(asked, _units(asked.counted, table), kept)
    for arrays in rollup.stream(answered):
        making.add(cell_numbers(scan, arrays, design))
    period, readings = asked.wave.period, asked.compiled.readings
    return Scanned(
        figures=making.figures(),
        left_out=answered.left_out,
        contrasts=() if kept is None else kept.contrasts(asked.catalogue, period, readings),
        linked=_linked(asked, table, kept, answered.design),
    )


def _linked(
    asked: Asking, table: HeldTable | WaveTable, kept: ScanCells | None, design: DesignTable
) -> LinkedWave | None:
    """Keep the cells of a wave whose units return, by the id that links them."""
    scan, said = asked.compiled.scan, asked.source.design
    if kept is None or scan is None or not said.units_recur:
        return None
    period, readings = asked.wave.period, asked.compiled.readings
    if scan.sampling.form == "clustered":
        return linked_wave(kept, period, readings, design)
    if scan.sampling.form == "replicates" or said.basis not in {"design", "weights_only"}:
        return None
    # Each row was a unit by itself; here the unit is whoever the id names, in this wave and others.
    sampling = replace(scan.sampling, form="clustered", psu=(said.units_recur,))
    answered = totals(replace(scan, sampling=sampling, crosses=()), table)
    own = ScanCells(answered.scan)
    making = _making(asked, {}, own)
    for arrays in rollup.stream(answered):
        making.add(cell_numbers(scan, arrays, sampled(asked.source, answered.design)))
    return linked_wave(own, period, readings, answered.design)


def _making(asked: Asking, units: Units, kept: ScanCells | None = None) -> Making:
    return Making(asked.catalogue, asked.source, asked.wave, asked.compiled, units, kept)


def _units(counted: Scan | None, table: HeldTable | WaveTable) -> Units:
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], Ints] = {}
    if counted is not None:
        for arrays in rollup.stream(totals(counted, table)):
            counts = units_per_cell(arrays)
            for at, groups in enumerate(arrays.groups):
                found[arrays.dimensions, groups] = counts[at]
    return found

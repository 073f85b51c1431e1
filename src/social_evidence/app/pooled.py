"""Waves put together: each compiled by its own codes, its rows worked out and stacked as one table.

Codes, columns and cuts drift from year to year, so a wave's rows are turned into answers and group
numbers by the wave's own definitions first. The stack is one more table with a scan of its own:
estimates, variances and disclosure are those of any survey.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from social_evidence.app.figures import Figure
from social_evidence.app.held import HeldTable
from social_evidence.app.stacked_waves import StackPlan, WaveRows, design_names
from social_evidence.app.waves import WaveTable
from social_evidence.engine.codes import rows
from social_evidence.methods.assumed import overlap_inflation
from social_evidence.model.area import AreaTree
from social_evidence.model.provenance import FileUsed, PoolMade
from social_evidence.model.source import Source
from social_evidence.plan.codes import identifier
from social_evidence.plan.compile import Compiled
from social_evidence.plan.pools import Pooled
from social_evidence.plan.sampling import sampling_of, unit_scan
from social_evidence.plan.scan import Scan


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Waves as one table, and what is asked of it.

    compiled: the scan over `table` and what its sums are; without a scan there is no table.
    counted: the scan that counts disclosure units, where they are neither rows nor PSUs.
    """

    compiled: Compiled
    table: HeldTable | None = None
    counted: Scan | None = None


def wave_rows(source: Source, table: HeldTable | WaveTable, compiled: Compiled) -> WaveRows:
    """Work out the rows of one wave for a pool.

    Args:
        source: Its design.
        table: The wave.
        compiled: What the pool asks, in the wave's own codes.
    """
    scan = compiled.scan
    if scan is None:
        return WaveRows(compiled=compiled)
    asked = {name: identifier(name) for name in design_names(source)}
    for n, item in enumerate(scan.items):
        asked[f"y{n}"] = item.y
        if item.x is not None:
            asked[f"x{n}"] = item.x
        tests = [f"({test})" for test in (scan.universe, item.where) if test is not None]
        asked[f"in{n}"] = f"coalesce({' and '.join(tests)}, false)" if tests else "true"
    asked |= {f"d{n}": dimension.sql for n, dimension in enumerate(scan.dimensions)}
    worked_out = rows(table, columns=scan.columns, derived=scan.derived, expressions=asked)
    meaning = repr((scan.columns, scan.derived, sorted(asked.items())))
    return WaveRows(
        compiled=compiled,
        table=worked_out,
        digest=hashlib.sha256((table.digest + meaning).encode()).hexdigest(),
        file_digests=table.file_digests,
    )


def stack(
    tree: AreaTree,
    source: Source,
    name: str,
    waves: Sequence[WaveRows],
    lost: Collection[str] = (),
) -> Stack:
    """Put the rows of some waves together, each wave counting equally.

    Weights that sum to the population are divided by the number of waves; weights that sum to the
    sample are scaled so that those of every wave have one sum. Strata are crossed with the wave,
    unless units recur: then a PSU is one PSU in every wave, and what its people say in one wave
    and in the next is correlated as it is in the file.

    Args:
        tree: Areas.
        source: Its design, alike in every wave.
        name: What messages call the stack.
        waves: Oldest first.
        lost: Breakdowns that one of the waves cannot tell.

    Raises:
        DefinitionError: The source's design cannot be pooled as it is described.
    """
    parts = tuple(one for one in waves if one.compiled.scan is not None)
    if not parts:
        return Stack(compiled=waves[0].compiled)
    plan = StackPlan(tree, source, parts, lost)
    compiled = plan.compiled()
    digests = repr((source.design.weights_sum_to, *(one.digest for one in parts)))
    held = HeldTable(
        name=name,
        digest=hashlib.sha256(digests.encode()).hexdigest(),
        file_digests=tuple(digest for one in parts for digest in one.file_digests),
        table=plan.table(),
    )
    assert compiled.scan is not None  # noqa: S101 - made just now
    sampling = compiled.scan.sampling
    if sampling.form != sampling_of(source).form:
        # People who return are the PSUs there, and their households are counted by themselves.
        sampling = replace(sampling, form="unclustered", psu=())
    counted = unit_scan(source, replace(compiled.scan, sampling=sampling))
    return Stack(compiled=compiled, table=held, counted=counted)


def inflation_of(source: Source, pool: Pooled) -> float:
    """Say how much people who return, and whom no id links, widen the variance of a pool."""
    said = source.pool
    if said is None or not said.overlap:
        return 1.0
    return overlap_inflation(pool.places, said.overlap, said.correlation)


def with_assumption(figure: Figure) -> Figure:
    """Say of a figure that its variance rests on a stated share of people who return."""
    is_told = figure.variance_basis != "none"
    return replace(figure, variance_basis="assumed_deff") if is_told else figure


def record_of(source: Source, pool: Pooled, files: Sequence[FileUsed]) -> PoolMade:
    """Record which waves are in a pool."""
    reasons = {} if source.pool is None else source.pool.leave_out
    return PoolMade(
        source=source.id,
        period=pool.label,
        waves=pool.waves,
        left_out={wave: reasons[wave] for wave in pool.left_out},
        files=tuple(dict.fromkeys(file.name for file in files)),
        inflation=inflation_of(source, pool),
    )


def notes_of(source: Source, pool: Pooled) -> tuple[str, ...]:
    """Say in words what a pool is an average of, and what its intervals rest on."""
    said = source.pool
    assert said is not None  # noqa: S101 - a pool was made
    many = f"{len(pool.waves)} waves" if len(pool.waves) > 1 else "one wave"
    notes = [f"The average over {many}, each counting equally: {', '.join(pool.waves)}."]
    notes += [f"{wave} is not in it: {said.leave_out[wave]}" for wave in pool.left_out]
    if source.design.units_recur:
        notes.append("People or addresses who return are linked, so that intervals allow for them.")
    elif said.overlap:
        notes.append(
            f"About {said.overlap:.0%} of the people of one wave are in the next; with a "
            f"correlation of {said.correlation:g} between their answers variances are "
            f"{inflation_of(source, pool):.2f} times those of separate samples."
        )
    return (*notes, *((said.note,) if said.note else ()))

"""Waves put together: each compiled by its own codes, its rows worked out and stacked as one table.

Codes, columns and cuts drift from year to year, so a wave's rows are turned into answers and group
numbers by the wave's own definitions first. The stack is one more table with a scan of its own:
estimates, variances and disclosure are those of any survey.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from social_evidence.app.held import HeldTable
from social_evidence.app.stacked_waves import StackPlan, WaveRows, design_names
from social_evidence.app.waves import WaveTable
from social_evidence.engine.codes import rows
from social_evidence.model.area import AreaTree
from social_evidence.model.source import Source
from social_evidence.plan.codes import identifier
from social_evidence.plan.compile import Compiled
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


def stack(tree: AreaTree, source: Source, name: str, waves: Sequence[WaveRows]) -> Stack:
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

    Raises:
        DefinitionError: The source's design cannot be pooled as it is described.
    """
    parts = tuple(one for one in waves if one.compiled.scan is not None)
    if not parts:
        return Stack(compiled=waves[0].compiled)
    plan = StackPlan(tree, source, parts)
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

"""Cuts into parts of as many people each (thirds of income), made before a wave is scanned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from social_evidence.engine.codes import rows
from social_evidence.errors import DataError
from social_evidence.methods.arrays import Floats
from social_evidence.methods.quantile import equal_cuts
from social_evidence.model.breakdown import parts_of
from social_evidence.model.source import Source
from social_evidence.model.source_maps import GroupMap
from social_evidence.model.table import SourceTable
from social_evidence.plan.codes import identifier
from social_evidence.plan.needs import Wanted, Wave, columns_of, is_asked, needs


def with_cuts(source: Source, wave: Wave, table: SourceTable, wanted: Sequence[Wanted]) -> Wave:
    """Add to what is known of a wave the cuts of every breakdown that some series need.

    The cuts are those of everybody in the wave's file who has a number and a weight above 0,
    whoever a series is about, and are then held fixed: they are a rule, not an estimate.

    Args:
        source: Its maps, and the weight that goes with the series.
        wave: The wave's missing codes.
        table: The wave's file.
        wanted: The series.

    Raises:
        DataError: A variable to be cut holds text, no number at all, or too few different ones.
    """
    maps = {
        part: source.breakdowns[part]
        for one in wanted
        for breakdown in one.measure.breakdowns
        if is_asked(source, breakdown)
        for part in parts_of(breakdown)
        if source.breakdowns[part].equal_parts and part not in wave.lost
    }
    if not maps:
        return wave
    need = needs(source, wanted)
    expressions = {f"y{at}": identifier(one.variable) for at, one in enumerate(maps.values())}
    if source.design.weight:
        expressions["w"] = identifier(source.design.weight)
    people = rows(
        table,
        columns=columns_of(source, wave, need),
        derived=need.derived,
        expressions=expressions,
    )
    weight = _numbers(people, "w") if source.design.weight else np.ones(people.num_rows)
    cuts = {}
    for at, (part, mapping) in enumerate(maps.items()):
        values = _values(table.name, people, f"y{at}", mapping)
        cuts[part] = _cuts(table.name, source, mapping, values, weight)
    return replace(wave, cuts=cuts)


def _values(file: str, people: pa.Table, column: str, mapping: GroupMap) -> Floats:
    kind = people.schema.field(column).type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        raise DataError(
            f"{file}: column {mapping.variable!r} must hold numbers to be cut into "
            f"{len(mapping.equal_parts)} parts, and holds {kind}. Correct the file, or list what "
            "means no answer in layout.null_text."
        )
    return _numbers(people, column)


def _numbers(people: pa.Table, column: str) -> Floats:
    values = people.column(column).cast(pa.float64())
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.float64)


def _cuts(
    file: str, source: Source, mapping: GroupMap, values: Floats, weight: Floats
) -> tuple[float, ...]:
    cuts = equal_cuts(values, weight, len(mapping.equal_parts))
    if np.isnan(cuts).any():
        raise DataError(
            f"{file}: nobody with a weight has a number in {mapping.variable!r}, which source "
            f"{source.id!r} cuts into {len(mapping.equal_parts)} parts of as many people. Correct "
            "the variable, or its missing codes."
        )
    largest = values[np.isfinite(values) & (weight > 0)].max()
    if (np.diff([*cuts, largest]) <= 0).any():
        raise DataError(
            f"{file}: so many people share one number in {mapping.variable!r} that it cannot be "
            f"cut into {len(mapping.equal_parts)} parts, as source {source.id!r} asks: a part "
            "would have nobody in it. Correct the variable or its missing codes, or ask for fewer "
            "parts."
        )
    return tuple(map(float, cuts))

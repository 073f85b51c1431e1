"""What a scan needs: columns to read, variables to derive, codes that must be known first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from social_evidence.errors import DefinitionError
from social_evidence.model.breakdown import parts_of
from social_evidence.model.measure import Measure, Series
from social_evidence.model.source import Source
from social_evidence.model.source_maps import Item as SourceItem
from social_evidence.plan import codes
from social_evidence.plan.counted import nearest
from social_evidence.plan.derived import check_expression
from social_evidence.plan.sampling import disclosure_unit, sampling_of
from social_evidence.plan.scan import Column, Derived

Ranges = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One series of one measure, to be estimated from one wave of its source."""

    measure: Measure
    series: Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What must be read of a file, and known of its codes, before a scan can be compiled.

    columns: raw columns to open. derived: derived variables, in the order they build on each
    other. coded: variables whose different values must be listed. ranges: (variable, what says
    so) -> the ranges one of which every number must lie in, both ends included.
    """

    columns: tuple[str, ...]
    derived: tuple[Derived, ...]
    coded: tuple[str, ...]
    ranges: Mapping[tuple[str, str], Ranges] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """What is known of one wave's file.

    file: for messages. period: label. missing, missing_ranges: the file's own missing codes.
    observed: variable -> the different values it holds, missing ones left out. pooled: the wave
    is read for a pool of waves. lost: breakdowns whose column the file lacks. cuts: breakdown of
    `equal_parts` -> the largest number of each part but the last.
    """

    file: str
    period: str
    missing: Mapping[str, Collection[codes.Value]] = field(default_factory=dict)
    missing_ranges: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    observed: Mapping[str, Sequence[object]] = field(default_factory=dict)
    pooled: bool = False
    lost: frozenset[str] = frozenset()
    cuts: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


def is_asked(source: Source, breakdown: str) -> bool:
    """Say whether a source asked everything a breakdown or crossing needs."""
    return all(part in source.breakdowns for part in parts_of(breakdown))


def needs(source: Source, wanted: Sequence[Wanted]) -> Needs:
    """List what must be read of a source's file for some series.

    Raises:
        DefinitionError: A series names an item the source does not have.
    """
    uses = tuple(_uses(source, wanted))
    coded = [*source.areas.columns, *source.rows, *(one.variable for one in uses if one.is_coded)]
    numbers = [one.variable for one in uses if not one.is_coded]
    used = (*coded, *numbers, *_design_columns(source))
    derived = _derived(source, used)
    names = {variable.name for variable in derived}
    raw = {name for name in used if name not in names}
    for variable in derived:
        raw |= set(check_expression(variable.sql, field=f"derived.{variable.name}")) - names
    return Needs(
        columns=tuple(sorted(raw)),
        derived=derived,
        coded=tuple(sorted(set(coded))),
        ranges={(one.variable, one.what): one.ranges for one in uses if one.ranges},
    )


def askers(source: Source, wanted: Sequence[Wanted], column: str) -> tuple[str, ...]:
    """List the measures whose series need a column of the source's files."""
    needing = [one.measure.id for one in wanted if column in needs(source, [one]).columns]
    return tuple(dict.fromkeys(needing))


def columns_of(source: Source, wave: Wave, need: Needs) -> tuple[Column, ...]:
    """Give each column that is read its missing codes: its own, the file's, those of answers.

    Codes under `*` are those of answers: a stratum numbered 9 is a stratum.
    """
    design = {*sampling_of(source).columns, source.design.units_recur}
    found = []
    for name in need.columns:
        own = (*source.missing.get(name, ()), *sorted(wave.missing.get(name, ()), key=repr))
        common = () if name in design else tuple(source.missing.get("*", ()))
        found.append(
            Column(
                name=name,
                missing=tuple(dict.fromkeys((*own, *common))),
                missing_ranges=tuple(wave.missing_ranges.get(name, ())),
                trim=source.trim,
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Use:
    """A variable that is asked for. what: by which item or breakdown, for messages."""

    variable: str
    what: str
    is_coded: bool
    ranges: Ranges


def _uses(source: Source, wanted: Sequence[Wanted]) -> Iterator[_Use]:
    """List the variables of the items and breakdowns that some series need."""
    for one in wanted:
        for item_id in _items_of(one.series):
            item = item_of(source, item_id, one)
            is_limited = bool(item.valid) and not item.answers
            limits = ((item.valid[0], item.valid[-1]),) if is_limited else ()
            yield _Use(item.variable, f"item {item_id!r}", bool(item.answers), limits)
    for part in dict.fromkeys(p for b in _breakdowns(source, wanted) for p in parts_of(b)):
        mapping = source.breakdowns[part]
        bands = tuple((band[0], band[-1]) for band in mapping.bands.values())
        is_coded = not (mapping.bands or mapping.equal_parts)
        yield _Use(mapping.variable, f"breakdown {part!r}", is_coded, bands)


def _items_of(series: Series) -> tuple[str, ...]:
    second = (series.denominator_item,) if series.denominator_item else ()
    return (series.item, *second, *series.universe)


def item_of(source: Source, item_id: str, one: Wanted) -> SourceItem:
    """Find an item that a series names.

    Raises:
        DefinitionError: The source does not have it.
    """
    if item_id not in source.items:
        raise DefinitionError(
            f"measure {one.measure.id!r}: item {item_id!r} is not one that source {source.id!r} "
            f"asks{nearest(item_id, source.items)}. Add it to the source's items."
        )
    return source.items[item_id]


def _breakdowns(source: Source, wanted: Sequence[Wanted]) -> tuple[str, ...]:
    """List the breakdowns and crossings asked of a source that it can give, each once."""
    found: dict[frozenset[str], str] = {}
    for one in wanted:
        for breakdown in one.measure.breakdowns:
            if is_asked(source, breakdown):
                found.setdefault(frozenset(parts_of(breakdown)), breakdown)
    return tuple(found.values())


def _design_columns(source: Source) -> tuple[str, ...]:
    sampling, recurring = sampling_of(source), source.design.units_recur
    # Where each row is a unit by itself, nothing but the id links a wave to the next.
    is_alone = sampling.form == "unclustered" and source.design.basis in {"design", "weights_only"}
    linked = (recurring,) if recurring and (is_alone or source.pool is not None) else ()
    return (*sampling.columns, *disclosure_unit(source), *linked)


def _derived(source: Source, used: Sequence[str]) -> tuple[Derived, ...]:
    """List the derived variables that some variables need, each after those it builds on."""
    ordered: dict[str, Derived] = {}

    def add(name: str, above: tuple[str, ...]) -> None:
        if name not in source.derived or name in ordered:
            return
        if name in above:
            raise DefinitionError(
                f"source {source.id!r}: derived variables {' -> '.join((*above, name))} build on "
                "each other in a circle."
            )
        one = source.derived[name]
        field_name = f"sources/{source.id}.toml: derived.{name}"
        for part in check_expression(one.expression, field=field_name):
            add(part, (*above, name))
        ordered[name] = Derived(name=name, sql=one.expression, null_means=tuple(one.null_means))

    for name in used:
        add(name, ())
    return tuple(ordered.values())

"""From definitions to one scan: every measure of one wave of one source, in every cell it needs.

`needs` says what must be read and which variables' codes must be known first; `compile_wave` then
turns measures, breakdowns and areas into one `Scan` and says which figure each of its sums is.
Codes are resolved here, against the values the file really holds, so that SQL compares like with
like and a code nobody mapped stops the build instead of vanishing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from social_evidence.errors import DataError, DefinitionError
from social_evidence.model.breakdown import ALL
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Measure, Series
from social_evidence.model.source import Item as SourceItem
from social_evidence.model.source import Source
from social_evidence.plan import codes
from social_evidence.plan.counted import nearest
from social_evidence.plan.derived import check_expression
from social_evidence.plan.dimensions import AREA, area_dimension, group_dimension
from social_evidence.plan.publication import cells_published
from social_evidence.plan.sampling import disclosure_unit, sampling_of
from social_evidence.plan.scan import (
    Column,
    Derived,
    Dimension,
    Item,
    Scan,
    Statistic,
)

_SCANNED: Final[Mapping[str, Statistic]] = {
    "proportion": "proportion",
    "mean": "mean",
    "ratio": "ratio",
    "total": "total",
}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Which of a scan's items is which series; a quantile has its value and its universe.

    weights: a second item: of a ratio, whose denominator is the sum of weights of its respondents;
    of a share in which a few must not stand alone, whose base are those in the numerator.
    """

    wanted: Wanted
    item: str = ""
    weights: str = ""
    value: str = ""
    where: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A scan and what its sums are.

    scan: None where nothing but quantiles is asked. readings: in the order asked. area: the one
    area every row belongs to, empty where the scan has areas. breakdowns: crossings the source
    can give, as their dimensions -> the ids measures ask for them by. areas: codes given.
    """

    scan: Scan | None
    readings: tuple[Reading, ...]
    quantiles: tuple[Reading, ...]
    dimensions: tuple[Dimension, ...]
    columns: tuple[Column, ...]
    derived: tuple[Derived, ...]
    area: str
    areas: tuple[str, ...]

    def address(
        self, dimensions: Sequence[str], groups: Sequence[str], breakdown: str
    ) -> tuple[str, str]:
        """Say which area and group a cell is, its groups in the breakdown's own order."""
        found = dict(zip(dimensions, groups, strict=True))
        area = found.pop(AREA, self.area)
        if breakdown == ALL:
            return area, ALL
        return area, " * ".join(found[part] for part in breakdown.split("*"))


def parts_of(breakdown: str) -> tuple[str, ...]:
    """List the dimensions of a breakdown or crossing; none for everybody."""
    return () if breakdown == ALL else tuple(breakdown.split("*"))


def is_asked(source: Source, breakdown: str) -> bool:
    """Say whether a source asked everything a breakdown or crossing needs."""
    return all(part in source.breakdowns for part in parts_of(breakdown))


def needs(source: Source, wanted: Sequence[Wanted]) -> Needs:
    """List what must be read of a source's file for some series.

    Raises:
        DefinitionError: A series names an item the source does not have.
    """
    coded: list[str] = list(source.areas.columns) + list(source.rows)
    numbers: list[str] = []
    ranges: dict[tuple[str, str], Ranges] = {}
    for one in wanted:
        for item_id in _items_of(one.series):
            item = _item(source, item_id, one)
            (coded if item.answers else numbers).append(item.variable)
            if item.valid and not item.answers:
                ranges[item.variable, f"item {item_id!r}"] = ((item.valid[0], item.valid[-1]),)
    for part in dict.fromkeys(p for b in _breakdowns(source, wanted) for p in parts_of(b)):
        mapping = source.breakdowns[part]
        is_coded = not (mapping.bands or mapping.equal_parts)
        (coded if is_coded else numbers).append(mapping.variable)
        if mapping.bands:
            bands = tuple((band[0], band[-1]) for band in mapping.bands.values())
            ranges[mapping.variable, f"breakdown {part!r}"] = bands
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
        ranges=ranges,
    )


def askers(source: Source, wanted: Sequence[Wanted], column: str) -> tuple[str, ...]:
    """List the measures whose series need a column of the source's files."""
    needing = [one.measure.id for one in wanted if column in needs(source, [one]).columns]
    return tuple(dict.fromkeys(needing))


def compile_wave(
    catalogue: Catalogue, source: Source, wave: Wave, wanted: Sequence[Wanted]
) -> Compiled:
    """Compile some series of one wave of a microdata source to one scan.

    Args:
        catalogue: Breakdowns and areas.
        source: Its items, maps and design.
        wave: The file's missing codes and the values it holds.
        wanted: Series to estimate; items that several share are scanned once.

    Returns:
        The scan and what each of its sums is.

    Raises:
        DataError: The file holds a code that a map does not know.
        DefinitionError: A measure, item or area that the source or catalogue does not have.
    """
    need = needs(source, wanted)
    columns = columns_of(source, wave, need)
    items: dict[Item, str] = {}
    readings, quantiles = [], []
    for one in wanted:
        if one.measure.statistic == "quantile":
            quantiles.append(_quantile_reading(source, wave, one))
            continue
        item = _scan_item(source, wave, one)
        name = items.setdefault(item, f"i{len(items)}")
        second = _second_item(source, item)
        weights = items.setdefault(second, f"i{len(items)}") if second else ""
        readings.append(Reading(wanted=one, item=name, weights=weights))
    dimensions, area, only = _dimensions(catalogue, source, wave, wanted)
    scan = (
        Scan(
            source=source.id,
            columns=columns,
            derived=need.derived,
            sampling=sampling_of(source),
            items=tuple(replace(item, id=name) for item, name in items.items()),
            dimensions=dimensions,
            cells=tuple(only),
            universe=_rows_condition(source, wave),
            only=tuple((cell, AREA, areas) for cell, areas in only.items() if AREA in cell),
        )
        if items and only
        else None
    )
    areas = tuple(g.id for d in dimensions if d.id == AREA for g in d.groups) or (area,)
    return Compiled(
        scan=scan,
        readings=tuple(readings),
        quantiles=tuple(quantiles),
        dimensions=dimensions,
        columns=columns,
        derived=need.derived,
        area=area,
        areas=areas,
    )


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


def _items_of(series: Series) -> tuple[str, ...]:
    second = (series.denominator_item,) if series.denominator_item else ()
    return (series.item, *second, *series.universe)


def _item(source: Source, item_id: str, one: Wanted) -> SourceItem:
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


def _answers(source: Source, wave: Wave, item_id: str, accepted: Sequence[str]) -> list[object]:
    """List the values of an item's variable that mean one of some answers."""
    item = source.items[item_id]
    found = codes.mapped(
        wave.observed.get(item.variable, ()),
        item.answers,
        file=wave.file,
        variable=item.variable,
        what=f"item {item_id!r} of source {source.id!r}",
        trim=source.trim,
    )
    return [value for answer in accepted for value in found.get(answer, [])]


def _universe(source: Source, wave: Wave, one: Wanted) -> str | None:
    conditions = []
    for item_id, accepted in one.series.universe.items():
        values = _answers(source, wave, item_id, accepted)
        conditions.append(codes.is_one_of(source.items[item_id].variable, values))
    return " and ".join(f"({condition})" for condition in conditions) or None


def _rows_condition(source: Source, wave: Wave) -> str | None:
    """Say which rows are in the population: others stay in the design and count nowhere.

    Raises:
        DataError: No row can be in it, so the definition or the file is not what was meant.
    """
    conditions = []
    for column, accepted in source.rows.items():
        wanted = {codes.compared(value, trim=source.trim) for value in accepted}
        held = wave.observed.get(column, ())
        values = [v for v in held if codes.compared(v, trim=source.trim) in wanted]
        blank = f" or {codes.identifier(column)} is null" if "" in wanted else ""
        if not values and not blank:
            raise DataError(
                f"{wave.file}: no row has {' or '.join(map(repr, accepted))} in column "
                f"{column!r}, which source {source.id!r} asks for in `rows`"
                f"{nearest(accepted[0], map(codes.plain, held)) if accepted else ''}. Every figure "
                "would be empty; correct `rows`."
            )
        conditions.append(f"({codes.is_one_of(column, values)}{blank})")
    return " and ".join(conditions) or None


def _scan_item(source: Source, wave: Wave, one: Wanted) -> Item:
    statistic = _SCANNED.get(one.measure.statistic)
    if statistic is None:
        raise DefinitionError(
            f"measure {one.measure.id!r}: statistic {one.measure.statistic!r} cannot be computed "
            f"from the microdata of source {source.id!r}. Use proportion, mean, ratio, total or "
            "quantile."
        )
    if statistic == "total":
        _check_total(source, one)
    series = one.series
    variable = codes.identifier(_item(source, series.item, one).variable)
    where = _universe(source, wave, one)
    if statistic == "proportion":
        y = _share(source, wave, series)
        return Item(id="", statistic=statistic, y=y, where=where, squares=True)
    second = None
    if statistic == "ratio":
        second = codes.identifier(_item(source, series.denominator_item, one).variable)
    squares = statistic in {"mean", "ratio"}
    return Item(id="", statistic=statistic, y=variable, x=second, where=where, squares=squares)


def _check_total(source: Source, one: Wanted) -> None:
    """Refuse a total of weights that stand for no population, or without a variance of its own."""
    why = ""
    if source.design.weights_sum_to == "sample":
        why = "has weights that sum to the sample, so a total would count respondents"
    elif source.design.basis == "assumed_deff":
        why = "states a design effect, which holds for means and shares and not for a total"
    if why:
        raise DefinitionError(
            f"measure {one.measure.id!r}: source {source.id!r} {why}. Use a mean or a proportion, "
            "or a source whose weights and design give the total."
        )


def _second_item(source: Source, item: Item) -> Item | None:
    """Ask for the weights of a ratio's respondents, which its own sums do not hold.

    And of a share for those in its numerator, unweighted, where the source asks for a minimum.
    """
    if item.statistic == "proportion" and source.minimum_numerator:
        y = f"case when ({item.y}) = 1 then 1 else null end"
        return Item(id="", statistic="proportion", y=y, where=item.where)
    if item.statistic != "ratio":
        return None
    y = f"case when {item.y} is not null and {item.x} is not null then 1 else null end"
    return Item(id="", statistic="proportion", y=y, where=item.where)


def _share(source: Source, wave: Wave, series: Series) -> str:
    """Write 1 for the numerator's answers, 0 for the rest of the denominator, else null."""
    variable = source.items[series.item].variable
    inside = _answers(source, wave, series.item, series.numerator)
    rest = [answer for answer in series.denominator if answer not in series.numerator]
    outside = _answers(source, wave, series.item, rest)
    return (
        f"case when {codes.is_one_of(variable, inside)} then 1 "
        f"when {codes.is_one_of(variable, outside)} then 0 else null end"
    )


def _quantile_reading(source: Source, wave: Wave, one: Wanted) -> Reading:
    variable = codes.identifier(_item(source, one.series.item, one).variable)
    conditions = (_rows_condition(source, wave), _universe(source, wave, one))
    where = " and ".join(f"({condition})" for condition in conditions if condition)
    return Reading(wanted=one, value=variable, where=where or None)


def _dimensions(
    catalogue: Catalogue, source: Source, wave: Wave, wanted: Sequence[Wanted]
) -> tuple[tuple[Dimension, ...], str, dict[tuple[str, ...], tuple[str, ...]]]:
    """Number areas and groups; say which sets of them are published, and for which areas."""
    found: list[Dimension] = []
    given: tuple[str, ...] = (source.areas.whole,)
    leading: tuple[str, ...] = ()
    if source.areas.columns:
        found.append(area_dimension(catalogue.areas, source, wave.observed, wave.file))
        given, leading = tuple(group.id for group in found[0].groups), (AREA,)
    published = _published(catalogue, source, wave, wanted, given)
    for part in dict.fromkeys(part for b in published for part in parts_of(b)):
        if part not in catalogue.breakdowns:
            raise DefinitionError(
                f"breakdown {part!r} is not defined{nearest(part, catalogue.breakdowns)}."
            )
        mapping = source.breakdowns[part]
        found.append(
            group_dimension(
                catalogue.breakdowns[part],
                mapping,
                wave.observed,
                wave.file,
                trim=source.trim,
                cuts=wave.cuts.get(part, ()),
            )
        )
    only = {(*leading, *parts_of(b)): areas for b, areas in published.items()}
    return tuple(found), source.areas.whole, only


def _published(
    catalogue: Catalogue,
    source: Source,
    wave: Wave,
    wanted: Sequence[Wanted],
    given: Sequence[str],
) -> dict[str, tuple[str, ...]]:
    """List what some measure publishes of a source: breakdown, each crossing once -> areas."""
    names: dict[frozenset[str], str] = {}
    found: dict[str, set[str]] = {}
    for one in wanted:
        shown = cells_published(catalogue, source, one.measure, given, pooled=wave.pooled)
        for breakdown, areas in shown.items():
            if is_asked(source, breakdown):
                name = names.setdefault(frozenset(parts_of(breakdown)), breakdown)
                found.setdefault(name, set()).update(set(areas) & set(given))
    return {name: tuple(a for a in given if a in areas) for name, areas in found.items() if areas}

"""From definitions to one scan: every measure of one wave of one source, in every cell it needs.

`plan.needs` says what must be read and which variables' codes must be known first; `compile_wave`
then turns measures, breakdowns and areas into one `Scan` and says which figure each sum of it is.
Codes are resolved here, against the values the file really holds, so that SQL compares like with
like and a code nobody mapped stops the build instead of vanishing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from social_evidence.errors import DataError, DefinitionError
from social_evidence.model.breakdown import ALL, parts_of
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Series
from social_evidence.model.source import Source
from social_evidence.plan import codes
from social_evidence.plan.counted import nearest
from social_evidence.plan.dimensions import AREA, area_dimension, group_dimension
from social_evidence.plan.needs import Wanted, Wave, columns_of, is_asked, item_of, needs
from social_evidence.plan.publication import cells_published
from social_evidence.plan.sampling import sampling_of
from social_evidence.plan.scan import Column, Derived, Dimension, Item, Scan, Statistic

_SCANNED: Final[Mapping[str, Statistic]] = {
    "proportion": "proportion",
    "mean": "mean",
    "ratio": "ratio",
    "total": "total",
}


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
    area every row belongs to, empty where the scan has areas. areas: codes given.
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
    variable = codes.identifier(item_of(source, series.item, one).variable)
    where = _universe(source, wave, one)
    if statistic == "proportion":
        y = _share(source, wave, series)
        return Item(id="", statistic=statistic, y=y, where=where, squares=True)
    second = None
    if statistic == "ratio":
        second = codes.identifier(item_of(source, series.denominator_item, one).variable)
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
    variable = codes.identifier(item_of(source, one.series.item, one).variable)
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

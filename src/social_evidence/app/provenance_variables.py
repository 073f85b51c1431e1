"""Which variables and columns a figure rests on, and what their codes mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from social_evidence.model.breakdown import parts_of
from social_evidence.model.measure import Measure, Series
from social_evidence.model.provenance import Variable
from social_evidence.model.source import Source
from social_evidence.model.source_table import Quantity
from social_evidence.plan.codes import plain


def survey_variables(source: Source, measure: Measure, series: Series) -> Iterator[Variable]:
    """List the variables that figures of a survey's series rest on: answers, groups and places."""
    for item_id in (series.item, *filter(None, [series.denominator_item])):
        item = source.items[item_id]
        yield _variable(source, "answer", item.variable, item.answers)
    for item_id in series.universe:
        item = source.items[item_id]
        yield _variable(source, "universe", item.variable, item.answers)
    for part in dict.fromkeys(p for b in measure.breakdowns for p in parts_of(b)):
        if part in source.breakdowns:
            mapping = source.breakdowns[part]
            bands = {f"{limits[0]:g} to {limits[-1]:g}": g for g, limits in mapping.bands.items()}
            n = len(mapping.equal_parts)
            cut = {f"{at} of {n}, lowest first": g for at, g in enumerate(mapping.equal_parts, 1)}
            found = _variable(
                source, f"breakdown:{part}", mapping.variable, mapping.groups or bands or cut
            )
            yield replace(found, note=mapping.approximate)
    for column in source.areas.columns:
        yield _variable(source, "area", column, source.areas.codes)


def _variable(source: Source, role: str, name: str, codes: Mapping[str, str]) -> Variable:
    derived = source.derived.get(name)
    return Variable(
        role=role,
        name=name,
        codes={plain(raw): meaning for raw, meaning in codes.items()},
        derived="" if derived is None else derived.expression,
        note="" if derived is None else derived.note,
    )


def _columns_beside(quantity: Quantity, role: str) -> Iterator[Variable]:
    """Tell the columns that hold figures of an area or a group beside everybody's."""
    for area, column in quantity.area_columns.items():
        yield Variable(role=role, name=column, note=f"of {area}, in every row")
    for breakdown, columns in quantity.group_columns.items():
        for group, column in columns.items():
            yield Variable(role=f"breakdown:{breakdown}", name=column, note=f"of {group}")


def quantity_variables(source: Source, quantity: Quantity, role: str) -> Iterator[Variable]:
    """List the columns of a table that a number is read from, and those that say what it is of."""
    name = quantity.column
    if not name:
        spans = quantity.spans or ((quantity.from_column, quantity.to_column),)
        name = ", ".join(f"{span[0]} … {span[-1]}" for span in spans)
    note = "" if quantity.scale == 1 else f"multiplied by {quantity.scale:g}"
    yield Variable(role=role, name=name, note=note)
    yield from _columns_beside(quantity, role)
    for column, values in {**source.rows, **quantity.rows}.items():
        yield Variable(role="filter", name=column, codes=dict.fromkeys(values, "kept"))
    for breakdown, mapping in quantity.groups.items():
        yield Variable(
            role=f"breakdown:{breakdown}", name=mapping.variable, codes=dict(mapping.groups)
        )
    for column in source.areas.columns:
        yield Variable(role="area", name=column, codes=dict(source.areas.codes))
    if source.period.column:
        yield Variable(role="period", name=source.period.column)

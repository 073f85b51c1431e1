"""Whether a measure fits the sources, questions, breakdowns and areas it names."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from social_evidence.catalogue.definitions import Definitions
from social_evidence.catalogue.faults import Place, suggestion
from social_evidence.catalogue.names import check_id, check_period, is_known_area
from social_evidence.model.breakdown import ALL, UNKNOWN
from social_evidence.model.estimate import FLAGS
from social_evidence.model.measure import Measure, PublishedFigure, Series
from social_evidence.model.question import Question
from social_evidence.model.source import Kind, Source
from social_evidence.model.statistic import PROPORTION_INTERVALS, QUANTILE_INTERVALS

STATISTICS: Final[Mapping[Kind, frozenset[str]]] = {
    "microdata": frozenset({"proportion", "ratio", "mean", "total", "quantile"}),
    "counts": frozenset({"proportion", "ratio", "rate", "count"}),
    "published": frozenset({"proportion", "ratio", "mean", "rate", "total", "count", "quantile"}),
}
"""Statistics that each kind of source can give."""

_MOST_LIMITS: Final = 4
_UNITS: Final[Mapping[str, frozenset[str]]] = {
    "proportion": frozenset({"share"}),
    "rate": frozenset({"per_1000"}),
    "count": frozenset({"count", "people"}),
}
_INTERVALS: Final[Mapping[str, frozenset[str]]] = {
    "proportion": frozenset(PROPORTION_INTERVALS),
    "quantile": frozenset(QUANTILE_INTERVALS),
}
_FIELDS: Final[Mapping[Kind, frozenset[str]]] = {
    "microdata": frozenset(
        {"item", "denominator", "numerator", "universe", "denominator_item", "quantile"}
    ),
    "counts": frozenset(
        {"numerator_quantity", "denominator_quantity", "denominator_source"}
        | {"numerator_within_denominator"}
    ),
    "published": frozenset({"value_quantity"}),
}
"""Fields of a series that mean something for one kind of source only."""

_NEEDED: Final[Mapping[tuple[Kind, str], tuple[str, ...]]] = {
    ("microdata", "proportion"): ("item", "denominator", "numerator"),
    ("microdata", "mean"): ("item",),
    ("microdata", "total"): ("item",),
    ("microdata", "ratio"): ("item", "denominator_item"),
    ("microdata", "quantile"): ("item", "quantile"),
    ("counts", "count"): ("numerator_quantity",),
    ("counts", "ratio"): ("numerator_quantity", "denominator_quantity"),
    ("counts", "rate"): ("numerator_quantity", "denominator_quantity"),
    ("counts", "proportion"): (
        "numerator_quantity",
        "denominator_quantity",
        "numerator_within_denominator",
    ),
}


def check_measure(measure: Measure, definitions: Definitions) -> None:
    """Note every fault of one measure.

    Args:
        measure: The measure.
        definitions: Everything read; faults are noted in it.
    """
    place = definitions.place("measures", measure.id)
    if measure.unit not in _UNITS.get(measure.statistic, {measure.unit}):
        wanted = " or ".join(sorted(_UNITS[measure.statistic]))
        place.at("unit").fault(f"is {measure.unit!r}; a {measure.statistic} is in {wanted}.")
    if measure.version < 1:
        place.at("version").fault(f"is {measure.version}; versions count from 1.")
    _check_map_limits(measure, place.at("map_limits"))
    for index, part in enumerate(measure.parts):
        check_id(part.id, place.at("parts", index).at("id"))
    for index, series in enumerate(measure.series):
        _check_series(
            measure, series, definitions, _series_place(series, index, place, definitions)
        )
    _check_breakdowns(measure, definitions, place)
    _check_areas(measure, definitions, place)
    _check_headline(measure, definitions, place.at("headline"))
    for index, figure in enumerate(measure.published):
        _check_published(measure, figure, definitions, place.at("published", index))


def _series_place(series: Series, index: int, place: Place, definitions: Definitions) -> Place:
    """Where a series stands: in the measure's own file, or in that of its source."""
    if not series.measure:
        return place.at("series", index)
    own = definitions.catalogue.sources[series.source].series
    same = [replace(one, source=series.source, id=series.id) for one in own]
    return definitions.place("sources", series.source).at("series", same.index(series))


def _check_map_limits(measure: Measure, place: Place) -> None:
    """Limits part classes only where they rise; a map has shades for five classes."""
    limits = measure.map_limits
    if len(limits) > _MOST_LIMITS:
        place.fault(
            f"has {len(limits)} limits, which part {len(limits) + 1} classes; a map has shades for "
            f"{_MOST_LIMITS + 1}. Leave some out."
        )
    if any(high <= low for low, high in itertools.pairwise(limits)):
        place.fault("does not rise: each limit must be higher than the one before.")
    if measure.unit == "share" and any(not -1 < limit < 1 for limit in limits):
        place.fault("holds a limit of 1 or more; a share is written as 0.25, not as 25.")


def _check_series(measure: Measure, series: Series, definitions: Definitions, place: Place) -> None:
    for flag in sorted(set(series.flags) - FLAGS):
        place.at("flags").unknown("flag", flag, FLAGS)
    for label in series.periods:
        check_period(label, place.at("periods"))
    _check_interval(measure, series, place)
    source = _source(series.source, definitions, place.at("source"))
    if source is None:
        return
    _check_kind(measure, series, source.kind, place)
    _check_periods(series, source, place.at("periods"))
    if source.kind == "microdata":
        _check_items(measure, series, source, definitions, place)
    else:
        _check_quantities(series, source, definitions, place)


def _check_interval(measure: Measure, series: Series, place: Place) -> None:
    """The interval must be one that the statistic has; the quantile must lie inside."""
    known = _INTERVALS.get(measure.statistic, frozenset())
    if series.interval and series.interval not in known:
        place.at("interval").unknown(f"interval for a {measure.statistic}", series.interval, known)
    if series.quantile is not None and not 0 < series.quantile < 1:
        place.at("quantile").fault(f"is {series.quantile:g}; a quantile lies between 0 and 1.")


def _source(name: str, definitions: Definitions, place: Place) -> Source | None:
    known = definitions.ids("sources")
    if name not in known:
        place.unknown("source", name, known)
    return definitions.catalogue.sources.get(name)


def _check_kind(measure: Measure, series: Series, kind: Kind, place: Place) -> None:
    """The statistic must be one the kind of source can give, from the fields meant for it."""
    if measure.statistic not in STATISTICS[kind]:
        able = ", ".join(sorted(STATISTICS[kind]))
        place.at("source").fault(
            f"{series.source!r} is of kind {kind!r}, which gives no {measure.statistic}, "
            f"only {able}."
        )
    needed = ("value_quantity",) if kind == "published" else _NEEDED.get((kind, measure.statistic))
    for name in needed or ():
        if not getattr(series, name):
            place.at(name).fault(
                f"is missing; a {measure.statistic} from a source of kind {kind!r} needs it."
            )
    for other, names in _FIELDS.items():
        for name in sorted(names) if other != kind else ():
            if getattr(series, name):
                place.at(name).fault(
                    f"is for sources of kind {other!r}; {series.source!r} is {kind!r}."
                )


def _check_periods(series: Series, source: Source, place: Place) -> None:
    """Periods must be among the source's, where the definition knows them all."""
    waves = {file.wave for file in source.files}
    if source.kind != "microdata" and (source.period.column or source.period.wide):
        waves = set(source.period.keep)
    elif source.period.fixed:
        waves = {source.period.fixed}
    for label in series.periods:
        if waves and "" not in waves and label not in waves:
            near = suggestion(label, waves)
            place.fault(f"{label!r} is no period of source {source.id!r}.{near}")


def _check_items(
    measure: Measure,
    series: Series,
    source: Source,
    definitions: Definitions,
    place: Place,
) -> None:
    named = {"item": series.item, "denominator_item": series.denominator_item}
    for name, item in named.items():
        if item:
            _check_item(item, source, definitions, place.at(name))
    for item in series.universe:
        _check_item(item, source, definitions, place.at("universe").at(item))
    answers = {"denominator": series.denominator, "numerator": series.numerator}
    for name, listed in answers.items():
        _check_answers(series.item, listed, definitions, place.at(name))
    for item, listed in series.universe.items():
        _check_answers(item, listed, definitions, place.at("universe").at(item))
    _check_codes(series, source, place)
    question = definitions.catalogue.questions.get(series.item)
    if question and question.answers and measure.statistic in {"mean", "total", "quantile"}:
        place.at("item").fault(
            f"question {series.item!r} has answers, so it gives no {measure.statistic}. "
            "Name an item that is a number."
        )


def _check_item(item: str, source: Source, definitions: Definitions, place: Place) -> None:
    if item not in definitions.ids("questions"):
        place.unknown("question", item, definitions.ids("questions"))
    elif item not in source.items:
        near = suggestion(item, source.items)
        place.fault(f"source {source.id!r} has no item {item!r}.{near}")


def _check_answers(
    item: str, answers: Iterable[str], definitions: Definitions, place: Place
) -> None:
    question: Question | None = definitions.catalogue.questions.get(item)
    for answer in answers if question else ():
        if question and answer not in question.answers:
            near = suggestion(answer, question.answers)
            place.fault(f"{answer!r} is no answer of question {item!r}.{near}")


def _check_codes(series: Series, source: Source, place: Place) -> None:
    """Some code of the source must lead to each side, or every share of it is 0 % or 100 %."""
    rest = [answer for answer in series.denominator if answer not in series.numerator]
    sides = [
        (series.item, series.numerator, place.at("numerator")),
        (series.item, rest, place.at("denominator")),
        *((item, own, place.at("universe").at(item)) for item, own in series.universe.items()),
    ]
    for item, listed, here in sides:
        codes = source.items[item].answers if item in source.items else {}
        if codes and listed and not set(listed) & set(codes.values()):
            here.fault(
                f"counts {', '.join(map(repr, listed))}, and no code of item {item!r} of source "
                f"{source.id!r} means that: nobody could have said it. Map its codes, or leave "
                "the series out."
            )


def _check_quantities(
    series: Series, source: Source, definitions: Definitions, place: Place
) -> None:
    below = source
    if series.denominator_source:
        other = _source(series.denominator_source, definitions, place.at("denominator_source"))
        if other is None:
            return
        below = other
    named = (
        ("numerator_quantity", source),
        ("denominator_quantity", below),
        ("value_quantity", source),
    )
    for name, holder in named:
        quantity = getattr(series, name)
        if quantity and quantity not in holder.quantities:
            near = suggestion(quantity, holder.quantities)
            place.at(name).fault(f"source {holder.id!r} has no quantity {quantity!r}.{near}")


def _check_breakdowns(measure: Measure, definitions: Definitions, place: Place) -> None:
    known = definitions.ids("breakdowns")
    for name in measure.breakdowns:
        for one in name.split("*"):
            if one not in known:
                place.at("breakdowns").fault(
                    f"there is no breakdown {one!r}.{suggestion(one, known)}"
                )
    if measure.gap and not any(_has_reference(name, definitions) for name in measure.breakdowns):
        place.at("gap").fault(
            "is true, but no breakdown names a `reference` group, so there is nothing to be "
            "behind of."
        )


def _has_reference(name: str, definitions: Definitions) -> bool:
    parts = (definitions.catalogue.breakdowns.get(one) for one in name.split("*"))
    return any(part is not None and bool(part.reference) for part in parts)


def _check_areas(measure: Measure, definitions: Definitions, place: Place) -> None:
    """Areas may be named by code or by kind."""
    kinds = {area.kind for area in definitions.catalogue.areas.areas.values()}
    for name, listed in (("areas", measure.areas), ("comparators", measure.comparators)):
        for area in listed:
            if area not in kinds:
                is_known_area(area, definitions, place.at(name))


def _check_headline(measure: Measure, definitions: Definitions, place: Place) -> None:
    headline = measure.headline
    _check_part(measure, headline.part, place.at("part"))
    _check_group(measure, (headline.breakdown, headline.group), definitions, place)
    _check_statistic(measure, headline.statistic, place.at("statistic"))


def _check_statistic(measure: Measure, statistic: str, place: Place) -> None:
    able = {measure.statistic} | ({"difference"} if measure.gap else set())
    if statistic and statistic not in able:
        place.fault(f"is {statistic!r}; the measure gives {' and '.join(sorted(able))}.")


def _check_part(measure: Measure, part: str, place: Place) -> None:
    parts = {one.id for one in measure.parts} or {ALL}
    if part not in parts:
        place.unknown("part", part, parts)


def _check_group(
    measure: Measure, named: tuple[str, str], definitions: Definitions, place: Place
) -> None:
    """A breakdown and its group, crossings included, must be among the measure's."""
    breakdown, group = named
    if breakdown == ALL:
        if group != ALL:
            place.at("group").fault(f"is {group!r}, but breakdown 'all' has only the group 'all'.")
        return
    if breakdown not in measure.breakdowns:
        near = suggestion(breakdown, (*measure.breakdowns, ALL))
        place.at("breakdown").fault(f"{breakdown!r} is not broken down by here.{near}")
        return
    parts, groups = breakdown.split("*"), group.split(" * ")
    if len(parts) != len(groups):
        place.at("group").fault(f"{group!r} must name one group of each of {breakdown!r}.")
        return
    for one, its in zip(parts, groups, strict=True):
        record = definitions.catalogue.breakdowns.get(one)
        known = {known.id for known in record.groups} | {UNKNOWN} if record else {its}
        if its not in known:
            place.at("group").fault(f"{its!r} is no group of {one!r}.{suggestion(its, known)}")


def _check_published(
    measure: Measure, figure: PublishedFigure, definitions: Definitions, place: Place
) -> None:
    check_period(figure.period, place.at("period"))
    is_known_area(figure.area, definitions, place.at("area"))
    _check_part(measure, figure.part, place.at("part"))
    _check_group(measure, (figure.breakdown, figure.group), definitions, place)
    ids = {series.id for series in measure.series}
    if figure.series and figure.series not in ids:
        place.at("series").fault(
            f"there is no series {figure.series!r}.{suggestion(figure.series, ids)}"
        )
    _check_statistic(measure, figure.statistic, place.at("statistic"))
    kinds = {area.kind for area in definitions.catalogue.areas.areas.values()}
    if figure.spread and figure.spread not in kinds:
        place.at("spread").unknown("kind of areas", figure.spread, kinds)
    if figure.tolerance <= 0:
        place.at("tolerance").fault("must be above 0: half a unit of the last printed digit.")
    if not figure.reference.strip():
        place.at("reference").fault("is blank; say where the figure was printed.")

"""What is published: which areas a breakdown is shown for, by plan, by measure, by wave or pool.

What is not published is not computed either, and has no row: a cell that nobody may see needs no
reason why it has no number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from social_evidence.errors import DefinitionError
from social_evidence.model.area import AreaTree
from social_evidence.model.breakdown import ALL
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Measure
from social_evidence.model.publication import PlanRule, PublicationPlan
from social_evidence.model.source import Pool, Source
from social_evidence.plan.counted import nearest


def areas_of(catalogue: Catalogue, measure: Measure, given: Sequence[str]) -> tuple[str, ...]:
    """List the areas a measure is published for: those it names, or all the source gives.

    Raises:
        DefinitionError: The measure names something that is neither an area nor a kind of area.
    """
    if not measure.areas:
        return tuple(sorted(given))
    tree = catalogue.areas
    kinds = {area.kind for area in tree.areas.values()}
    for name in (*measure.areas, *measure.comparators):
        if name not in tree.areas and name not in kinds:
            raise DefinitionError(
                f"measure {measure.id!r}: {name!r} is neither an area's code nor a kind of area"
                f"{nearest(name, [*kinds, *tree.areas])}."
            )
    wanted = {*measure.areas, *measure.comparators}
    return tuple(sorted(code for code in tree.areas if is_among(tree, code, wanted)))


def is_among(tree: AreaTree, area: str, named: Collection[str]) -> bool:
    """Say whether an area is one of some areas, named by code or by kind."""
    return area in named or (area in tree.areas and tree.areas[area].kind in named)


def published_areas(
    catalogue: Catalogue, measure: Measure, breakdown: str, areas: Iterable[str]
) -> tuple[str, ...]:
    """Keep the areas for which the plan publishes a breakdown of a measure.

    Args:
        catalogue: Its plan and areas.
        measure: What is measured.
        breakdown: A breakdown, a crossing, or `all` for everybody.
        areas: Codes to choose from; their order is kept.
    """
    named = _planned(catalogue.plan, measure.id, breakdown)
    if named is None:
        return tuple(areas)
    return tuple(area for area in areas if is_among(catalogue.areas, area, named))


def _planned(plan: PublicationPlan, measure: str, breakdown: str) -> tuple[str, ...] | None:
    """Find what the plan says: kinds and codes of areas; None is every area."""
    said = (plan.crossings if "*" in breakdown else plan.single) or None
    for rule in plan.exceptions:
        if _fits(rule, measure, breakdown):
            said = rule.areas
    return said


def _fits(rule: PlanRule, measure: str, breakdown: str) -> bool:
    """Say whether an exception is about a breakdown of a measure; crossings in any order."""
    parts = sorted(breakdown.split("*"))
    named = [sorted(one.split("*")) for one in rule.breakdowns]
    return (not rule.measures or measure in rule.measures) and (not named or parts in named)


def is_claimed(pool: Pool, tree: AreaTree, breakdown: str, area: str) -> bool:
    """Say whether a cell is published from pools of waves only."""
    if pool.everything or (pool.crossings and "*" in breakdown):
        return True
    return is_among(tree, area, pool.areas)


def cells_published(
    catalogue: Catalogue,
    source: Source,
    measure: Measure,
    given: Sequence[str],
    *,
    pooled: bool,
) -> dict[str, tuple[str, ...]]:
    """List what a survey publishes of a measure, from single waves or from pools of them.

    A cell comes from waves or from pools, and from both only where the source says so (`beside`):
    of two waves, the base of one and that of both together tell the base of the other, which may
    be hidden, so protection has to hide more. A quantile is always published from waves: the
    quantile of several years together is not the average over them.

    Args:
        catalogue: Its plan and areas.
        source: Its pool, where it has one.
        measure: What is measured.
        given: Areas the source gives.
        pooled: Whether pools are meant.

    Returns:
        Breakdown (`all` first) -> its areas, sorted; a breakdown without any is left out.
    """
    areas = areas_of(catalogue, measure, given)
    pool = None if measure.statistic == "quantile" else source.pool
    found = {}
    for breakdown in (ALL, *measure.breakdowns):
        told = published_areas(catalogue, measure, breakdown, areas)
        claimed = [
            area
            for area in told
            if pool is not None and is_claimed(pool, catalogue.areas, breakdown, area)
        ]
        beside = pool.beside if pool is not None and claimed else ()
        kept = tuple(
            area
            for area in told
            if (area in claimed) == pooled or (pooled and is_among(catalogue.areas, area, beside))
        )
        if kept:
            found[breakdown] = kept
    return found


def areas_expected(catalogue: Catalogue, source: Source, measure: Measure) -> tuple[str, ...]:
    """Say which areas a source would give, where nothing of it could be read.

    Those the source names in full, else those it is known to give and the measure does not leave
    out, else those the measure names, else the city and what the measure compares it with: which
    others a file holds is only known from the file.
    """
    tree = catalogue.areas
    if source.areas.whole:
        return (source.areas.whole,)
    if source.areas.gives:
        own = [code for code in tree.areas if is_among(tree, code, source.areas.gives)]
        return tuple(code for code in areas_of(catalogue, measure, own) if code in own)
    if measure.areas:
        return areas_of(catalogue, measure, ())
    wanted = {"city", *source.areas.covers, *measure.comparators}
    return tuple(sorted(code for code in tree.areas if is_among(tree, code, wanted)))

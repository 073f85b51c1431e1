"""Dimensions of a scan: harmonised groups and areas, numbered against the values a file holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from social_evidence.errors import DataError, DefinitionError
from social_evidence.model.area import AreaTree
from social_evidence.model.breakdown import UNKNOWN, Breakdown
from social_evidence.model.source import Source
from social_evidence.model.source_maps import GroupMap
from social_evidence.plan import codes
from social_evidence.plan.counted import WITHIN_CITY, nearest
from social_evidence.plan.places import place
from social_evidence.plan.scan import Dimension, Group

AREA: Final = "area"
Observed = Mapping[str, Sequence[object]]


def group_dimension(
    breakdown: Breakdown,
    mapping: GroupMap,
    observed: Observed,
    file: str,
    *,
    trim: bool = False,
    cuts: Sequence[float] = (),
) -> Dimension:
    """Number a breakdown's groups; whoever has none is the group `unknown`.

    Args:
        breakdown: The groups, in their order.
        mapping: How the source's variable falls into them.
        observed: Variable -> different values the file holds, missing ones left out.
        file: For messages.
        trim: Capitals make no other code.
        cuts: Where the map has `equal_parts`: the largest number of each part but the last.

    Raises:
        DataError: A value that the map does not know.
        DefinitionError: A group that the breakdown does not have.
    """
    ids = [group.id for group in breakdown.groups]
    of_group: dict[str, list[object]] = {}
    strange = []
    for value in () if mapping.bands or mapping.equal_parts else observed.get(mapping.variable, ()):
        group = codes.group_of(mapping, value, trim=trim)
        of_group.setdefault(group or "", []).append(value)
        if group is None:
            strange.append(value)
    if strange:
        raise codes.unknown_code(
            file=file,
            variable=mapping.variable,
            codes=strange,
            known=mapping.groups or mapping.bands,
            what=f"breakdown {breakdown.id!r}",
        )
    if lost := sorted({*mapping.groups.values(), *mapping.equal_parts} - {*ids, UNKNOWN}):
        raise DefinitionError(
            f"the map of variable {mapping.variable!r} names the group {lost[0]!r}; breakdown "
            f"{breakdown.id!r} has {ids}{nearest(lost[0], ids)}."
        )
    pieces = [(number, of_group.get(group, [])) for number, group in enumerate(ids)]
    groups = [Group(id=group, codes=(number,)) for number, group in enumerate(ids)]
    return Dimension(
        id=breakdown.id,
        sql=_numbered(mapping, ids, pieces, cuts),
        size=len(ids),
        groups=(*groups, Group(id=UNKNOWN, codes=(len(ids),))),
    )


def _numbered(
    mapping: GroupMap,
    ids: Sequence[str],
    pieces: Sequence[tuple[int, Sequence[object]]],
    cuts: Sequence[float],
) -> str:
    """Write the groups' numbers as one expression: bands by their limits, codes by their values."""
    name = codes.identifier(mapping.variable)
    if mapping.equal_parts:
        limits = [f"{name} <= {cut!r}" for cut in cuts] + [f"{name} is not null"]
        return _case(zip(limits, map(ids.index, mapping.equal_parts), strict=True))
    if mapping.bands:
        return _case(
            (f"{name} between {limits[0]!r} and {limits[-1]!r}", ids.index(group))
            for group, limits in mapping.bands.items()
            if group in ids
        )
    return _case(
        (codes.is_one_of(mapping.variable, values), number) for number, values in pieces if values
    )


def _case(branches: Iterable[tuple[str, int]]) -> str:
    pairs = list(branches)
    if not pairs:
        return "cast(null as integer)"
    whens = " ".join(f"when {condition} then {number}" for condition, number in pairs)
    return f"case {whens} else null end"


def area_dimension(tree: AreaTree, source: Source, observed: Observed, file: str) -> Dimension:
    """Number the lowest areas a file names, and group them into every area they add up to.

    Args:
        tree: Codes, names, parents.
        source: How it writes a place.
        observed: Variable -> different values the file holds, missing ones left out.
        file: For messages.

    Raises:
        DataError: A place that is no area and is not left out, or none that is one.
    """
    place_of = {
        column: {
            value: code
            for value in observed.get(column, ())
            if (code := place(tree, source, codes.plain(value), file)) is not None
        }
        for column in source.areas.columns
    }
    seen = sorted({code for places in place_of.values() for code in places.values()})
    if not seen:
        raise DataError(
            f"{file}: column {' / '.join(source.areas.columns)} names no area of ours, so "
            f"no figure of source {source.id!r} could be placed. Correct areas.columns or codes."
        )
    number = {code: at for at, code in enumerate(seen)}
    sql = _area_sql(place_of, number)
    above: dict[str, list[int]] = {}
    for code in seen:
        for area in tree.ancestors(code):
            above.setdefault(area, []).append(number[code])
    kept = {
        area: below
        for area, below in above.items()
        if is_given(tree, area, seen, source.areas.covers)
    }
    groups = tuple(Group(id=area, codes=tuple(below)) for area, below in sorted(kept.items()))
    return Dimension(id=AREA, sql=sql, size=len(seen), groups=groups)


def _area_sql(place_of: Mapping[str, Mapping[object, str]], number: Mapping[str, int]) -> str:
    """Read the first column that is filled; the later ones only where it is not."""
    expression = "cast(null as integer)"
    columns = tuple(place_of)
    for column in reversed(columns):
        values: dict[str, list[object]] = {}
        for value, code in place_of[column].items():
            values.setdefault(code, []).append(value)
        own = _case((codes.is_one_of(column, v), number[code]) for code, v in values.items())
        expression = (
            own
            if column == columns[-1]
            else f"case when {codes.identifier(column)} is null then {expression} else {own} end"
        )
    return expression


def is_given(tree: AreaTree, area: str, seen: Collection[str], covers: Collection[str]) -> bool:
    """Say whether a survey that names some areas stands for an area above them.

    It does where it names all its lowest areas, or says in writing that it covers it: a survey of
    one borough is no survey of the city. Above the city a tree seldom holds every part of a
    country, so an area there is given only where one of its parts is by name the rest of it, and
    all parts are given: a file of the rest alone stands for no country, however whole its city
    would be.
    """
    if area in seen:
        return True
    if area in covers:
        return any(area in tree.ancestors(code) for code in seen)
    if tree.areas[area].kind in WITHIN_CITY:
        named = {leaf for code in seen for leaf in tree.leaves(code)}
        return set(tree.leaves(area)) <= named
    parts = tree.children(area)
    has_rest = any(part.startswith("rest_of_") for part in parts)
    return has_rest and all(is_given(tree, part, seen, covers) for part in parts)

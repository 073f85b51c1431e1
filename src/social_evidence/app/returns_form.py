"""What a return is asked for: the rows of its form, made from an initiative's definition."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from social_evidence.catalogue.faults import suggestion
from social_evidence.errors import DefinitionError
from social_evidence.model import period as periods
from social_evidence.model.area import Area
from social_evidence.model.breakdown import UNKNOWN, Breakdown
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.initiative import Counted, Initiative, SuccessMeasure
from social_evidence.model.office import Organisation
from social_evidence.model.return_form import ALL, FormLine, ReturnForm
from social_evidence.publish.return_ods import write_ods
from social_evidence.publish.return_xlsx import write_xlsx

AREA: Final = "area"
_ORGANISATIONS: Final[tuple[Counted, ...]] = ("employers", "providers", "boroughs")
_RECURRING: Final[tuple[Counted, ...]] = ("people", "families", "learners")
_MEASURED: Final[tuple[Counted, ...]] = ("hours",)
_BOROUGH: Final = "borough"
_FREE_LINES: Final = 6
"""Rows of the form for groups that the catalogue does not list."""
_WORD: Final = re.compile(r"[^a-z0-9]+")

WRITERS: Final[Mapping[str, Callable[[ReturnForm, Path], None]]] = {
    ".xlsx": write_xlsx,
    ".ods": write_ods,
}
"""Suffix -> who writes the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a success measure, ready to be held against what comes back.

    Attributes:
        shape: A whole number, any number, or yes and no.
        dimensions: Dimension -> its codes; None where any word is taken.
        adding_up: Dimensions whose parts make up the total.
        has_people: People may be listed so that each is counted once.
    """

    success: SuccessMeasure
    shape: Literal["whole", "number", "yes_no"]
    dimensions: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    adding_up: frozenset[str] = frozenset()
    has_people: bool = False


def is_from_returns(success: SuccessMeasure) -> bool:
    """Say whether a success measure is worked out from returns."""
    return success.computed_from == "monitoring_return" or any(
        reading.way in {"returns_total", "returns_share"} for reading in success.readings
    )


def asked_of(catalogue: Catalogue, initiative: Initiative) -> dict[str, Asked]:
    """Find what an initiative's returns hold, by success measure."""
    return {
        success.id: _asked(catalogue, success)
        for success in initiative.success_measures
        if is_from_returns(success)
    }


def _asked(catalogue: Catalogue, success: SuccessMeasure) -> Asked:
    shape = _shape(success)
    if shape == "yes_no":
        return Asked(success=success, shape=shape)
    dimensions: dict[str, frozenset[str] | None] = {}
    adding_up = set()
    for name in success.breakdowns:
        breakdown = catalogue.breakdowns[name]
        dimensions[name] = frozenset({group.id for group in breakdown.groups} | {UNKNOWN})
        if breakdown.partition:
            adding_up.add(name)
    if success.by_borough:
        dimensions[AREA] = frozenset({area.code for area in boroughs(catalogue)} | {UNKNOWN})
    dimensions |= {word(name): None for name in success.other_breakdowns}
    return Asked(
        success=success,
        shape=shape,
        dimensions=dimensions,
        adding_up=frozenset(adding_up),
        has_people=success.counted in _RECURRING,
    )


def _shape(success: SuccessMeasure) -> Literal["whole", "number", "yes_no"]:
    if success.statistic == "proportion" and success.counted in _ORGANISATIONS:
        return "yes_no"
    return "number" if success.counted in _MEASURED else "whole"


def boroughs(catalogue: Catalogue) -> tuple[Area, ...]:
    """List the city's boroughs, by name."""
    found = (area for area in catalogue.areas.areas.values() if area.kind == _BOROUGH)
    return tuple(sorted(found, key=lambda area: area.name))


def word(text: str) -> str:
    """Turn words into an id: small letters, figures and underscores."""
    return _WORD.sub("_", text.casefold()).strip("_")


def initiative_of(catalogue: Catalogue, name: str) -> Initiative:
    """Find an initiative.

    Raises:
        DefinitionError: There is none of this name.
    """
    found = catalogue.initiatives.get(name)
    if found is None:
        raise DefinitionError(
            f"There is no initiative {name!r}.{suggestion(name, catalogue.initiatives)} "
            "docs/initiatives.md lists them."
        )
    return found


def form_of(
    catalogue: Catalogue, name: str, period: str, organisation: Organisation, due: str = ""
) -> ReturnForm:
    """Make the form of an initiative's return.

    Args:
        catalogue: The definitions.
        name: The initiative.
        period: Label of the contract, for example `2026Q1`.
        organisation: Who is asked.
        due: ISO day by which it is asked for.

    Raises:
        DefinitionError: There is no such initiative or period, or none of its success measures
            is worked out from returns.
    """
    initiative = initiative_of(catalogue, name)
    span = periods.parse(period)
    asked = asked_of(catalogue, initiative)
    if not asked:
        with_returns = [i.id for i in catalogue.initiatives.values() if asked_of(catalogue, i)]
        raise DefinitionError(
            f"No success measure of {name} is worked out from returns, so there is nothing to ask. "
            "Participants' answers come in by `returns survey`. Initiatives with returns are "
            f"{', '.join(with_returns)}."
        )
    return ReturnForm(
        initiative=name,
        title=initiative.title,
        period=period,
        organisation=organisation.id,
        organisation_name=organisation.name,
        guidance=tuple(_guidance(initiative, asked, span, organisation, due)),
        lines=tuple(line for one in asked.values() for line in _lines(catalogue, one)),
        with_people=tuple(name for name, one in asked.items() if one.has_people),
        due=due,
    )


def _lines(catalogue: Catalogue, asked: Asked) -> Iterator[FormLine]:
    total = "In place?" if asked.shape == "yes_no" else "Total"
    yield _line(asked, ALL, "", ALL, total)
    for name in asked.success.breakdowns if asked.dimensions else ():
        breakdown: Breakdown = catalogue.breakdowns[name]
        for group in breakdown.groups:
            yield _line(asked, name, breakdown.title, group.id, group.label)
        yield _line(asked, name, breakdown.title, UNKNOWN, "Not known")
    if AREA in asked.dimensions:
        for area in boroughs(catalogue):
            yield _line(asked, AREA, "Borough", area.code, area.name)
        yield _line(asked, AREA, "Borough", UNKNOWN, "Not known, or outside")
    for other in asked.success.other_breakdowns if asked.dimensions else ():
        title = other[0].upper() + other[1:]
        for _ in range(_FREE_LINES):
            yield _line(asked, word(other), title, "", "")


def _line(asked: Asked, dimension: str, by: str, code: str, group: str) -> FormLine:
    return FormLine(
        success_measure=asked.success.id,
        title=asked.success.title,
        shape=asked.shape,
        dimension=dimension,
        by=by,
        code=code,
        group=group,
    )


def _guidance(
    initiative: Initiative,
    asked: Mapping[str, Asked],
    span: periods.Period,
    organisation: Organisation,
    due: str,
) -> Iterator[str]:
    yield f"{initiative.title}: return for {span.label}"
    yield f"From {organisation.name} ({organisation.id})."
    yield f"It is about {span.start.isoformat()} to {span.end.isoformat()}, both days included."
    if due:
        yield f"Please send it by {due}."
    yield "Fill in the yellow cells of the sheet Return, and leave everything else as it is."
    yield (
        "Leave a cell empty if you do not know it. Empty is not nought: type 0 only where you "
        "counted and there was none."
    )
    yield "Type numbers, not words, ranges or formulas. Whole people are counted, each once."
    yield (
        "Where you give parts, such as groups of age, they must come to the total; use Not known "
        "for the rest."
    )
    if any(one.has_people for one in asked.values()):
        yield (
            "The sheet People is optional: if you list there who was counted (a number of your "
            "own or an address), each person is counted once, also across organisations. The "
            "identifier is turned into a keyed name as the file is read and is not kept."
        )
    yield "No names, addresses or other facts about a single person belong in notes."
    yield ""
    for name, one in asked.items():
        yield f"{name}: {one.success.title}"
        yield f"Counted: {one.success.numerator}."
        if one.success.caveat:
            yield one.success.caveat

"""Primary disclosure rules: which cells rest on too few people to be shown by themselves.

A cell that is judged here may still have to be hidden later, so that another cannot be worked
out from it; nothing judged `protected` here is ever shown. A hidden cell keeps its row and says
why: it never becomes a zero, which a reader could not tell from a real one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from social_evidence.errors import DefinitionError, DisclosureError
from social_evidence.model.estimate import Status

JUDGED: Final = frozenset({"shown", "low_base"})
"""Statuses that size decides on; the others say why there is no number, and stay."""

_WORST_FIRST: Final[tuple[Status, ...]] = (
    "protected",
    "not_asked",
    "not_available",
    "not_applicable",
    "low_base",
    "shown",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryRule:
    """What a source asks of a cell before it is shown.

    Attributes:
        threshold: Fewest respondents, and fewest disclosure units, of a shown cell.
        low_base_minimum: Cells from the threshold up to, not including, this many respondents
            are `low_base`; 0 where the source has no such minimum.
        low_base: `show` such cells marked for care, or `hide` them where a licence says so.
        unknown: Whether a group of people who did not answer is judged by size (`protect`).
        zeros: Whether a cell with nobody in it is shown, with base 0 and no estimate.
        part_minimum: Fewest respondents in, and outside, the numerator, where there are any;
            0 for no such rule.
        all_or_none: Whether a share of 0 % or 100 % may be shown: it says something of everybody.
        published_openly: The owner publishes these figures to everyone: nothing is hidden again.
    """

    threshold: int = 10
    low_base_minimum: int = 0
    low_base: Literal["show", "hide"] = "show"
    unknown: Literal["show", "protect"] = "show"
    zeros: Literal["show", "protect"] = "protect"
    part_minimum: int = 0
    all_or_none: Literal["show", "protect"] = "show"
    published_openly: bool = False

    def __post_init__(self) -> None:
        if self.threshold < 1:
            raise DefinitionError(
                f"threshold is {self.threshold}; a shown cell needs at least one respondent. "
                "Where the owner publishes the figures to everyone, say published_openly = true."
            )
        if 0 < self.low_base_minimum <= self.threshold:
            raise DefinitionError(
                f"low_base_minimum is {self.low_base_minimum}, not above the threshold of "
                f"{self.threshold}, so no cell could be of low base. Raise it or leave it out."
            )
        if self.part_minimum < 0:
            raise DefinitionError(
                f"part_minimum is {self.part_minimum}; fewer than no respondents cannot be. Use 0 "
                "for no rule, 3 for the usual one."
            )
        if self.published_openly and self.low_base == "hide":
            raise DefinitionError(
                'published_openly = true and low_base = "hide" contradict each other: figures '
                "everyone has cannot be hidden. Remove one of them."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class CellSize:
    """How many people a cell rests on.

    Attributes:
        base: Unweighted respondents; None for a row that has no sample.
        units: Distinct disclosure units, such as households; None where they are the respondents.
        part: Unweighted respondents in the numerator; None where it has none, or is not counted.
        rest: Those outside it; None where they are the base without the part.
        all_or_none: Whether everybody in the cell, or nobody, is in the numerator.
        is_unknown: Whether the cell's group is those whose group is not known.
        status: The cell's status so far.
    """

    base: int | None
    units: int | None = None
    part: int | None = None
    rest: int | None = None
    all_or_none: bool = False
    is_unknown: bool = False
    status: Status = "shown"


def primary_status(cell: CellSize, rule: PrimaryRule) -> Status:
    """Judge one cell by its size.

    Args:
        cell: The counts the cell rests on.
        rule: What its source asks.

    Returns:
        `shown`, `low_base` or `protected`; `not_applicable` for a group of people whose group is
        not known, whose estimate says nothing about anyone; or the status the cell already had,
        where that is one of no number.

    Raises:
        DisclosureError: The cell has no base and its figures are not published openly.

    Source:
        Minimum-frequency rule, Hundepool and others (2012), Statistical Disclosure Control,
        chapter 4; the threshold is the data owner's to set.
    """
    if cell.status not in JUDGED:
        return cell.status
    if not rule.published_openly and cell.base is None:
        raise DisclosureError(
            "A cell has no count of respondents, so it cannot be judged safe to publish. Give the "
            "base, or say published_openly = true in its source where the owner publishes it."
        )
    hidden = not rule.published_openly and _is_hidden(cell, rule)
    if cell.is_unknown:
        return "protected" if hidden and rule.unknown == "protect" else "not_applicable"
    if hidden:
        return "protected"
    return "low_base" if _is_low(cell, rule) else "shown"


def _is_hidden(cell: CellSize, rule: PrimaryRule) -> bool:
    """Say whether a cell with a base must not be shown."""
    if cell.base == 0:
        return rule.zeros == "protect"
    return (
        min(_counts(cell)) < rule.threshold
        or _has_small_part(cell, rule)
        or (cell.all_or_none and rule.all_or_none == "protect")
        or (_is_low(cell, rule) and rule.low_base == "hide")
    )


def _counts(cell: CellSize) -> list[int]:
    """Return the counts of people and of disclosure units that are known."""
    return [count for count in (cell.base, cell.units) if count is not None]


def _is_low(cell: CellSize, rule: PrimaryRule) -> bool:
    """Say whether a cell with somebody in it is under the minimum for reliability."""
    return cell.base is not None and 0 < cell.base < rule.low_base_minimum


def _has_small_part(cell: CellSize, rule: PrimaryRule) -> bool:
    """Say whether a few people stand alone in, or outside, the numerator."""
    if cell.part is None or cell.base is None:
        return False
    rest = cell.base - cell.part if cell.rest is None else cell.rest
    return any(0 < count < rule.part_minimum for count in (cell.part, rest))


def primary_statuses(cells: Sequence[CellSize], rule: PrimaryRule) -> tuple[Status, ...]:
    """Judge the cells of one source by their size, in the order given.

    Args:
        cells: The counts each cell rests on.
        rule: What their source asks.

    Returns:
        One status a cell. A higher threshold never shows a cell that a lower one hides.

    Raises:
        DisclosureError: A cell has no base and the figures are not published openly.

    Source:
        As `primary_status`.
    """
    return tuple(primary_status(cell, rule) for cell in cells)


def joint_status(*statuses: Status) -> Status:
    """Return the status of a row made of several cells, such as a gap or a change.

    A difference beside one shown cell gives away the other, so it is hidden if either is.

    Args:
        statuses: The status of each cell the row is made of, at least one.

    Returns:
        `protected` if any is; else a reason of no number if any has one; else `low_base` if any.

    Raises:
        ValueError: No status is given.

    Source:
        Hundepool and others (2012), Statistical Disclosure Control, chapter 4: a figure that can
        be derived counts as published.
    """
    return min(statuses, key=_WORST_FIRST.index)

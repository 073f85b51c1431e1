"""What changed between two releases, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from social_evidence.model.difference import Moves, ReleaseDifference
from social_evidence.model.estimate import Estimate
from social_evidence.wording.numbers import figure, range_text
from social_evidence.wording.status import status_sentence

CAUSES: Final = MappingProxyType(
    {
        "late_data": "Data that came late",
        "weights": "New weights",
        "boundary": "Changed boundaries",
        "correction": "A mistake corrected",
        "method": "A changed method",
        "disclosure": "Protecting people",
        "unexplained": "No reason is written",
        "not_recorded": "Not recorded: neither release follows the other",
        "new_measure": "A new measure",
        "new_series": "A new series",
        "new_period": "A new period",
        "new_figure": "A new area or group",
        "removed": "No longer published",
        "relabelled": "Labelled anew",
    }
)
"""Cause of a change -> words for it."""
_DECIMALS: Final = 1
_CANNOT_SAY: Final = "cannot_say"


def heading(found: ReleaseDifference) -> str:
    """Say which two releases are set against each other."""
    old, new = found.old, found.new
    title = new.title or old.title
    return (
        f"{title}: release {new.version} of {new.created}, against {old.version} of {old.created}"
    )


def sentences(found: ReleaseDifference) -> Iterator[str]:
    """Say in a few sentences what changed, the most important first."""
    if found.is_empty:
        yield f"Nothing changed: all {counted(found.unchanged, 'figure')} are the same."
        return
    total = found.total
    yield (
        f"Figures: {total.added:,} new, {total.revised:,} revised, "
        f"{total.removed:,} no longer published, {found.unchanged:,} as they were."
    )
    if total.relabelled:
        yield f"{counted(total.relabelled, 'figure')} kept their numbers and were labelled anew."
    if total.measured:
        yield (
            f"{total.moved:,} of {counted(total.measured, 'revised figure')} that can be set "
            "against an interval moved by more than half of it."
        )
    if total.hidden or total.shown:
        yield (
            f"{counted(total.shown, 'figure')} without a number before {_have(total.shown)} one "
            f"now, and {total.hidden:,} with one before {_have(total.hidden)} none now."
        )
    if found.compared:
        moved = sum(one.comparisons for one in found.moved_verdicts)
        told = sum(one.comparisons for one in found.verdicts if one.old == _CANNOT_SAY and one.new)
        lost = sum(one.comparisons for one in found.verdicts if not one.old)
        yield (
            f"Of {counted(found.compared, 'comparison')} in both, {moved:,} "
            f"{_have(moved)} another verdict, {told:,} can be told that could not, and {lost:,} "
            "can be told no more."
        )


def counted(count: int, noun: str) -> str:
    """Write a number with its noun, one or many."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def cause_words(cause: str) -> str:
    """Name a cause."""
    return CAUSES.get(cause, cause.replace("_", " "))


def side_words(row: Estimate | None) -> str:
    """Say one side of a change: the figure and its range, or why there is none."""
    if row is None:
        return "not published"
    if row.estimate is None:
        return status_sentence(row.status)
    told = figure(row.estimate, row.unit, statistic=row.statistic, decimals=_DECIMALS)
    if row.lower is None or row.upper is None:
        return told
    limits = range_text(row.lower, row.upper, row.unit, statistic=row.statistic, decimals=_DECIMALS)
    return f"{told} ({limits})"


def numbers(moves: Moves) -> tuple[int, ...]:
    """List the counts of a measure in the order of `COLUMNS`."""
    return (moves.added, moves.revised, moves.moved, moves.shown, moves.hidden, moves.removed)


COLUMNS: Final = (
    "New",
    "Revised",
    "Moved by more than half their interval",
    "Newly shown",
    "Newly without a number",
    "No longer published",
)
"""What is counted of each measure."""


def _have(count: int) -> str:
    return "has" if count == 1 else "have"

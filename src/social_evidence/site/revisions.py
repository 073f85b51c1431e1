"""What a figure was before, and why it changed, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from social_evidence.model.estimate import Estimate
from social_evidence.site.content import Revision
from social_evidence.site.figures import Told, tell
from social_evidence.wording import labels

_NONE: Final = "No figure"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionLine:
    """One change of a figure: the release that made it, the figure before and after, and why.

    Attributes:
        version: The release.
        old: The figure before. range: Its likely range; empty where no figure is told.
        was: Both at once. new: The figure after, with its range.
        why: The note on it, or what the change itself says.
    """

    version: str
    old: str
    range: str
    was: str
    new: str
    why: str


def revision_lines(
    revisions: Iterable[Revision], row: Estimate, decimals: int | None = None
) -> tuple[RevisionLine, ...]:
    """Put a figure's changes into words.

    Args:
        revisions: Its changes, newest first.
        row: The figure as it is now: a hidden one never tells what it was.
        decimals: Decimals the measure asks for.
    """
    return tuple(_line(one, row, decimals) for one in revisions)


def _line(one: Revision, row: Estimate, decimals: int | None) -> RevisionLine:
    old = _told(row, (one.old, one.old_lower, one.old_upper), decimals)
    new = _told(row, (one.new, one.new_lower, one.new_upper), decimals)
    return RevisionLine(
        version=one.version,
        old=old.value if old else _NONE,
        range=old.range if old else "",
        was=_with_range(old),
        new=_with_range(new),
        why=one.note or labels.named(one.cause, {}),
    )


def _with_range(told: Told | None) -> str:
    """Give a figure with its range, or with why it has none."""
    if told is None:
        return _NONE
    if told.row.lower is not None:
        return told.label
    return f"{told.value} ({told.range[:1].lower()}{told.range[1:]})"


def _told(
    row: Estimate, numbers: tuple[float | None, float | None, float | None], decimals: int | None
) -> Told | None:
    estimate, lower, upper = numbers
    if estimate is None or row.estimate is None:
        return None
    shown = replace(row, estimate=estimate, lower=lower, upper=upper, status="shown", flags="")
    return tell(shown, decimals)

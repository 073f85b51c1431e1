"""What a figure was before, and why it changed, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from social_evidence.model.estimate import Estimate
from social_evidence.site.content import Revision
from social_evidence.site.figures import tell
from social_evidence.wording import labels


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionLine:
    """One change of a figure: the release that made it, the figure before and after, and why."""

    version: str
    old: str
    new: str
    why: str


def revision_lines(revisions: Iterable[Revision], row: Estimate) -> tuple[RevisionLine, ...]:
    """Put a figure's changes into words.

    Args:
        revisions: Its changes, newest first.
        row: The figure as it is now: a hidden one never tells what it was.
    """
    return tuple(
        RevisionLine(
            version=one.version,
            old=_value(row, one.old),
            new=_value(row, one.new),
            why=one.note or labels.named(one.cause, {}),
        )
        for one in revisions
    )


def _value(row: Estimate, value: float | None) -> str:
    if value is None or row.estimate is None:
        return "No figure"
    return tell(replace(row, estimate=value, status="shown")).value

"""Two releases set against each other: figures that moved, why, and verdicts that changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from social_evidence.model.change import Change
from social_evidence.model.estimate import HIDDEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two releases. digest: sha-256 of its manifest."""

    title: str
    version: str
    created: str
    state: str
    digest: str
    synthetic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """How the figures of one measure, or all of them, moved.

    moved: revised figures that moved by more than half their interval, of `measured` whose move
    can be set against an interval. hidden: shown before and not now; shown: the other way round.
    """

    measure: str
    title: str
    added: int = 0
    removed: int = 0
    revised: int = 0
    relabelled: int = 0
    measured: int = 0
    moved: int = 0
    hidden: int = 0
    shown: int = 0

    @classmethod
    def of(cls, measure: str, title: str, changes: Iterable[Change]) -> Moves:
        """Count the changes of one measure."""
        counted: Counter[str] = Counter()
        for change in changes:
            counted[change.kind] += 1
            far = change.moved_far
            counted["measured"] += far is not None
            counted["moved"] += bool(far)
            if change.old is not None and change.new is not None:
                before, now = change.old.status in HIDDEN, change.new.status in HIDDEN
                counted["hidden"] += now and not before
                counted["shown"] += before and not now
        return cls(measure=measure, title=title, **counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why figures were revised. note: what was written, empty where the cause says it all."""

    cause: str
    note: str
    text: str
    figures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictMove:
    """How many comparisons of a measure had one verdict and have another now.

    old: empty where the comparison cannot be told any more: its old verdict is not told either.
    new: likewise, where the newer release was named first.
    """

    measure: str
    old: str
    new: str
    comparisons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseDifference:
    """What differs between two releases, and what of it may be told.

    unchanged: figures that are the same in both. total: all changes together. measures: of each
    measure with a change. changes: one a figure, sorted by key. compared: comparisons that stand
    in both. names: area -> name.
    """

    old: Side
    new: Side
    unchanged: int
    total: Moves
    measures: tuple[Moves, ...]
    reasons: tuple[Reason, ...]
    compared: int
    verdicts: tuple[VerdictMove, ...]
    changes: tuple[Change, ...]
    names: Mapping[str, str]

    @property
    def is_empty(self) -> bool:
        """Say whether every figure and every verdict is the same."""
        return not self.changes and not self.verdicts

    @property
    def moved_verdicts(self) -> tuple[VerdictMove, ...]:
        """Give the verdicts that both releases could tell, and told otherwise."""
        return tuple(one for one in self.verdicts if not {one.old, one.new} & _UNTOLD)

    def largest(self, count: int) -> Sequence[Change]:
        """Give the figures for everybody that moved most, as parts of their interval."""
        told = [
            (change.half_intervals or 0.0, change)
            for change in self.changes
            if change.moved_far is not None and (change.row.breakdown, change.row.group) == _ALL
        ]
        told = [(size, change) for size, change in told if size > 0]
        told.sort(key=lambda pair: (-pair[0], pair[1].row.key))
        return [change for _, change in told[:count]]


_ALL = ("all", "all")
_UNTOLD = {"", "cannot_say"}

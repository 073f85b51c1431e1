"""What moved between two releases, figure by figure, and why."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from social_evidence.model.estimate import HIDDEN, NUMBERS, Estimate
from social_evidence.model.note import Note
from social_evidence.model.release import Step

Key = tuple[str, ...]
Kind = Literal["added", "removed", "revised", "relabelled"]

UNEXPLAINED: Final = "unexplained"
"""The cause of a changed number that no note explains."""
CORRECTION: Final = "correction"
REVISED: Final = "revised"
"""The flag of a figure that has moved since it first appeared."""
_PROTECTED: Final = "protected"
_STAMPED: Final = frozenset({"version_first", "version_revised", "flags"})

# A release has a hundred thousand rows and more: no copy of any is made to compare two.
_published: Final = operator.attrgetter(
    *(f.name for f in dataclasses.fields(Estimate) if f.name not in _STAMPED)
)
_moving: Final = operator.attrgetter(*NUMBERS, "status", "unit", "interval_method")


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that came, went, moved or was labelled anew.

    row: the figure as it is, or as it was where it is gone. old, new: its two sides. cause: of the
    note that explains it, or what the change itself says (`new_period`, `removed`). note: id of
    that note, empty where there is none.
    """

    kind: Kind
    row: Estimate
    old: Estimate | None
    new: Estimate | None
    cause: str = ""
    note: str = ""

    @property
    def shows_old(self) -> bool:
        """Say whether the old number may be told: not where the figure is hidden now."""
        return self.old is not None and (self.new is None or self.new.status not in HIDDEN)

    @property
    def half_intervals(self) -> float | None:
        """How far the figure moved, in halves of its older interval (its newer one without).

        None where either side shows no number, or neither has an interval of any width.
        """
        old, new = self.old, self.new
        if old is None or new is None or old.estimate is None or new.estimate is None:
            return None
        for side in (old, new):
            if side.lower is not None and side.upper is not None and side.upper > side.lower:
                return abs(new.estimate - old.estimate) / ((side.upper - side.lower) / 2)
        return None

    @property
    def moved_far(self) -> bool | None:
        """Say whether it moved by more than half its interval; None where that cannot be said."""
        moved = self.half_intervals
        return None if moved is None or self.kind != "revised" else moved > 1


def is_revised(row: Estimate, old: Estimate) -> bool:
    """Say whether a figure has moved: any of its stored numbers, its unit or its status."""
    return bool(_moving(row) != _moving(old))


def is_same(row: Estimate, old: Estimate) -> bool:
    """Say whether two rows publish the same, whatever their versions."""
    return bool(_published(row) == _published(old)) and own_flags(row) == own_flags(old)


def own_flags(row: Estimate) -> list[str]:
    """List the flags of a figure that its history does not give it."""
    return [flag for flag in row.flags.split(";") if flag not in {"", REVISED}]


def changes_between(
    before: Mapping[Key, Estimate],
    rows: Iterable[Estimate],
    notes: Sequence[Note] = (),
    sources_of: Callable[[Estimate], frozenset[str]] = lambda _: frozenset(),
) -> tuple[Change, ...]:
    """List what moved, sorted by key, each change with its cause.

    A changed number takes the cause of the note that fits it most closely. Without one it is
    `disclosure` where the figure is or was protected, else `unexplained`. New figures need no
    note.

    Args:
        before: The older release's rows by key.
        rows: The newer release's rows.
        notes: Notes on what changed since the older one.
        sources_of: Every source that went into a figure, besides its own.
    """
    now = {row.key: row for row in rows}
    fitting = _Fitting(notes, sources_of)
    known = _Known.of(before)
    found = []
    for key in sorted({*now, *before}):
        old, new = before.get(key), now.get(key)
        if (row := new or old) is not None and (kind := _kind(old, new)) is not None:
            own = known.novelty(row) if kind == "added" else _own_cause(kind, old, new)
            # What is new is not explained by what moved: a note on late files says nothing of a
            # new series.
            is_told = kind != "added" or own == "new_figure"
            note = fitting.of(row) if is_told else None
            told = (own, "") if note is None else (note.cause, note.id)
            found.append(Change(kind, row, old, new, *told))
    return tuple(found)


def step(changes: Sequence[Change]) -> Step:
    """Say which part of the version moves.

    A removal starts a new year line; where every change corrects a mistake it is the patch; all
    else is minor.
    """
    if any(change.kind == "removed" for change in changes):
        return "line"
    if changes and all(c.kind == "revised" and c.cause == CORRECTION for c in changes):
        return "patch"
    return "minor"


def _kind(old: Estimate | None, new: Estimate | None) -> Kind | None:
    if new is None:
        return None if old is None else "removed"
    if old is None:
        return "added"
    if is_revised(new, old):
        return "revised"
    return None if is_same(new, old) else "relabelled"


class _Fitting:
    """Finds the note that fits a figure most closely."""

    def __init__(
        self, notes: Sequence[Note], sources_of: Callable[[Estimate], frozenset[str]]
    ) -> None:
        self._notes = sorted(notes, key=lambda note: (-note.selectors, note.id))
        self._sources_of = sources_of

    def of(self, row: Estimate) -> Note | None:
        if not self._notes:
            return None
        sources = self._sources_of(row)
        return next((note for note in self._notes if note.is_about(row, sources)), None)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the older release had figures of, to say what is new about a new one."""

    measures: frozenset[str]
    series: frozenset[tuple[str, str, str]]
    periods: frozenset[tuple[str, str, str, str]]

    @classmethod
    def of(cls, before: Mapping[Key, Estimate]) -> _Known:
        rows = before.values()
        return cls(
            frozenset(row.measure for row in rows),
            frozenset((row.measure, row.part, row.series) for row in rows),
            frozenset((row.measure, row.part, row.series, row.period) for row in rows),
        )

    def novelty(self, row: Estimate) -> str:
        series = (row.measure, row.part, row.series)
        if row.measure not in self.measures:
            return "new_measure"
        if series not in self.series:
            return "new_series"
        return "new_figure" if (*series, row.period) in self.periods else "new_period"


def _own_cause(kind: Kind, old: Estimate | None, new: Estimate | None) -> str:
    """Name the cause that a change tells by itself, where the figure is not new."""
    if kind != "revised":
        return kind
    statuses = {old and old.status, new and new.status}
    return "disclosure" if _PROTECTED in statuses else UNEXPLAINED

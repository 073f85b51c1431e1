"""What moved since the release before: stamps on rows, `changes.csv`, and its summary."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from social_evidence.errors import DefinitionError
from social_evidence.model.change import (
    REVISED,
    UNEXPLAINED,
    Change,
    Key,
    is_revised,
)
from social_evidence.model.estimate import KEY, Estimate
from social_evidence.model.note import CAUSES, Note
from social_evidence.model.records import with_columns

_STAMPED: Final = ("version_first", "version_revised", "flags")
_SIDE: Final = ("estimate", "lower", "upper", "status")
COLUMNS: Final = (
    *KEY,
    "change",
    "cause",
    "note",
    *(f"old_{name}" for name in _SIDE),
    *(f"new_{name}" for name in _SIDE),
)
_LISTED: Final = 12
"""So many measures are named where numbers changed without a note; more would bury the message."""


def stamp(
    rows: Sequence[Estimate], before: Mapping[Key, Estimate], version: str
) -> tuple[Estimate, ...]:
    """Mark each row with the version it first appeared in and the one that last revised it.

    A figure that has moved since it first appeared bears the flag `revised` from then on.

    Args:
        rows: The new release's rows, without versions.
        before: The previous release's rows by key; empty for a first release.
        version: The new release's version.
    """
    stamps = [_stamps(row, before.get(row.key) if before else None, version) for row in rows]
    columns = dict(zip(_STAMPED, zip(*stamps, strict=True), strict=True)) if stamps else {}
    return tuple(with_columns(Estimate, rows, columns))


def _stamps(row: Estimate, old: Estimate | None, version: str) -> tuple[str, str, str]:
    """Give the values of `_STAMPED`."""
    if old is None:
        return version, version, row.flags
    revised = version if is_revised(row, old) else old.version_revised
    flags = set(filter(None, row.flags.split(";")))
    if revised != old.version_first:
        flags.add(REVISED)
    return old.version_first, revised, ";".join(sorted(flags))


def check_explained(changes: Sequence[Change], since: str, notes: Sequence[Note]) -> None:
    """Refuse numbers that changed without a written reason.

    That a file's digest changed does not say why its figures did: somebody must.

    Args:
        changes: What moved since the release before.
        since: That release's version.
        notes: The notes on it, to name those that fit no figure.

    Raises:
        DefinitionError: A changed number has no note; the message counts them by measure and
            series and says what to write.
    """
    left = Counter(
        (change.row.measure, change.row.series) for change in changes if change.cause == UNEXPLAINED
    )
    if not left:
        return
    told = [
        f"  {measure}, series {series}: {count:,} figure{'' if count == 1 else 's'}"
        for (measure, series), count in sorted(left.items())[:_LISTED]
    ]
    if len(left) > _LISTED:
        told.append(f"  and {len(left) - _LISTED} more series")
    idle = [note.id for note in notes if note.id not in {change.note for change in changes}]
    if idle:
        told.append(f"Notes that fit no changed figure: {', '.join(idle)}.")
    measure, series = min(left)
    raise DefinitionError(
        f"{left.total():,} published numbers differ from release {since} and no note says why:\n"
        + "\n".join(told)
        + "\nWhoever quoted the old number must be able to read the reason. Write a file such as "
        f"notes/{measure}.toml in the catalogue:\n"
        f'  since = "{since}"\n'
        f'  cause = "correction"   # one of {", ".join(CAUSES)}\n'
        '  text = "What changed and why, for the public."\n'
        f'  measures = ["{measure}"]\n'
        f'  series = ["{series}"]\n'
        "or build with --unexplained: the release then says in public that nobody knows why."
    )


def to_csv(changes: Sequence[Change]) -> bytes:
    """List the changes against the previous release, in their order.

    A figure that is hidden now shows no old number: it must not come back by way of its history.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    for change in changes:
        # Numbers are written as `repr` writes them, and none as nothing.
        writer.writerow(_values(change))
    return written.getvalue().encode()


def to_mapping(change: Change) -> dict[str, object]:
    """Give one change by the names of `COLUMNS`, numbers as numbers and None where none is told."""
    return dict(zip(COLUMNS, _values(change), strict=True))


def _values(change: Change) -> tuple[object, ...]:
    told = (*change.row.key, change.kind, change.cause, change.note)
    return (*told, *_side(change.old, shows=change.shows_old), *_side(change.new))


def _side(row: Estimate | None, *, shows: bool = True) -> tuple[object, ...]:
    if row is None:
        return (None,) * len(_SIDE)
    if not shows:
        return (None, None, None, row.status)
    return (row.estimate, row.lower, row.upper, row.status)


def summary(changes: Sequence[Change], since: str, notes: Sequence[Note]) -> dict[str, object]:
    """Sum the changes up for `quality.json`.

    Args:
        changes: What moved.
        since: The release it is told against; empty for a first release.
        notes: The notes on it.

    Returns:
        `since`; counts by `kinds` and, of revised figures, by `causes`; `unexplained`; each
        `measures` with its counts; and the `notes` with how many figures each explains.
    """
    by_measure: dict[str, Counter[str]] = {}
    for change in changes:
        by_measure.setdefault(change.row.measure, Counter())[change.kind] += 1
    explained = Counter(change.note for change in changes if change.note)
    revised = [change for change in changes if change.kind == "revised"]
    return {
        "since": since,
        "kinds": dict(sorted(Counter(change.kind for change in changes).items())),
        "causes": dict(sorted(Counter(change.cause for change in revised).items())),
        "unexplained": sum(change.cause == UNEXPLAINED for change in changes),
        "measures": [
            {"measure": measure, **dict(sorted(counts.items()))}
            for measure, counts in sorted(by_measure.items())
        ],
        "notes": [
            {
                "id": note.id,
                "cause": note.cause,
                "text": note.text,
                "date": note.date,
                "figures": explained[note.id],
            }
            for note in sorted(notes, key=lambda note: note.id)
        ],
    }

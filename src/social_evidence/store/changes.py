"""What moved between two releases: one row a figure that came, went or was revised."""

from __future__ import annotations

import csv
import dataclasses
import io
import operator
from collections.abc import Mapping, Sequence
from typing import Final

from social_evidence.model.estimate import HIDDEN, KEY, Estimate
from social_evidence.model.release import Step

COLUMNS: Final = (*KEY, "change", "old_estimate", "new_estimate", "old_status", "new_status")
_REVISED: Final = "revised"
_STAMPED: Final = frozenset({"version_first", "version_revised", "flags"})


def stamp(
    rows: Sequence[Estimate], before: Mapping[tuple[str, ...], Estimate], version: str
) -> tuple[Estimate, ...]:
    """Mark each row with the version it first appeared in and the one that last revised it.

    A figure that has moved since it first appeared bears the flag `revised` from then on.

    Args:
        rows: The new release's rows, without versions.
        before: The previous release's rows by key; empty for a first release.
        version: The new release's version.
    """
    return tuple(_stamped(row, before.get(row.key), version) for row in rows)


def _stamped(row: Estimate, old: Estimate | None, version: str) -> Estimate:
    if old is None:
        return dataclasses.replace(row, version_first=version, version_revised=version)
    revised = old.version_revised if _same(row, old) else version
    flags = set(filter(None, row.flags.split(";")))
    if revised != old.version_first:
        flags.add(_REVISED)
    return dataclasses.replace(
        row,
        version_first=old.version_first,
        version_revised=revised,
        flags=";".join(sorted(flags)),
    )


def _same(row: Estimate, old: Estimate) -> bool:
    return _published(row) == _published(old) and _flags(row) == _flags(old)


# A release has a hundred thousand rows and more: no copy of any is made to compare two.
_published: Final = operator.attrgetter(
    *(f.name for f in dataclasses.fields(Estimate) if f.name not in _STAMPED)
)


def _flags(row: Estimate) -> list[str]:
    return [flag for flag in row.flags.split(";") if flag != _REVISED]


def step(rows: Sequence[Estimate], before: Mapping[tuple[str, ...], Estimate]) -> Step:
    """Say which part of the version moves: a removal starts a new line, all else is minor."""
    return "line" if set(before) - {row.key for row in rows} else "minor"


def to_csv(rows: Sequence[Estimate], before: Mapping[tuple[str, ...], Estimate]) -> bytes:
    """List the changes against the previous release, sorted by key.

    A figure that is hidden now shows no old number: it must not come back by way of its history.
    """
    listed: list[tuple[str, ...]] = []
    now = {row.key: row for row in rows}
    for key in sorted({*now, *before}):
        new, old = now.get(key), before.get(key)
        if old is None and new is not None:
            listed.append((*key, "added", "", _number(new), "", new.status))
        elif new is None and old is not None:
            listed.append((*key, "removed", _number(old), "", old.status, ""))
        elif new is not None and old is not None and not _same(new, old):
            shown = "" if new.status in HIDDEN else _number(old)
            listed.append((*key, "revised", shown, _number(new), old.status, new.status))
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(listed)
    return written.getvalue().encode()


def _number(row: Estimate) -> str:
    return "" if row.estimate is None else repr(row.estimate)

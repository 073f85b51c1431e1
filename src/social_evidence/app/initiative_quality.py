"""What a release states of the quality of an office's records: which came in, and which did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from social_evidence.app.initiative_counts import Counted
from social_evidence.app.initiative_office import Held
from social_evidence.disclosure.primary import PrimaryRule
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.initiative import Initiative
from social_evidence.model.initiative_row import InitiativeRow

_THRESHOLD: Final = PrimaryRule().threshold
_OF_PEOPLE: Final = frozenset({"answers", "people"})
"""Records of which one stands for a person: few of them are not counted in public."""


def record_sets_of(
    catalogue: Catalogue, held: Held, rows: Sequence[InitiativeRow]
) -> tuple[dict[str, Any], ...]:
    """List what an office holds of each initiative, kind by kind, as sources are listed.

    Args:
        catalogue: The definitions.
        held: What the office holds.
        rows: The numbers that were made of it.

    Returns:
        JSON values: initiative, kind of record, how many there are (None for few people), the
        periods of its shown numbers, and of returns how many were asked for, came and are missing.
    """
    return tuple(
        {
            "initiative": one.id,
            "title": one.title,
            "publisher": one.lead,
            "kind": kind,
            "records": None if kind in _OF_PEOPLE and number < _THRESHOLD else number,
            "keep_until": _kept(one, held) if kind == "answers" else None,
            **_periods(one, rows),
            **(_returned(held.records[one.id].counted) if kind == "returns" else {}),
        }
        for one in sorted(catalogue.initiatives.values(), key=lambda own: own.id)
        for kind, number in _held(one, held)
    )


def _held(one: Initiative, held: Held) -> Iterator[tuple[str, int]]:
    """Count the records of an initiative; a kind of which there are none is left out."""
    own = held.records.get(one.id)
    if own is None:
        return
    counted = own.counted
    kinds = {
        "answers": sum(kept.rows for kept in held.record_sets if kept.initiative == one.id),
        "returns": len(counted.returns),
        **{name: len(rows) for name, rows in sorted(counted.registers.items())},
        "grants": len(held.grants.get(one.id, ())),
    }
    for kind, number in kinds.items():
        if number or (kind == "returns" and counted.expected):
            yield kind, number


def _kept(one: Initiative, held: Held) -> str | None:
    """Say until when the last of an initiative's answers are kept."""
    return max(
        (own.keep_until for own in held.record_sets if own.initiative == one.id), default=None
    )


def _periods(one: Initiative, rows: Sequence[InitiativeRow]) -> Mapping[str, Any]:
    own = [
        row for row in rows if row.initiative == one.id and row.is_own and row.estimate is not None
    ]
    spans = sorted({(row.period_start, row.period_end, row.period) for row in own})
    return {
        "periods": [label for _, _, label in spans],
        "first_day": spans[0][0].isoformat() if spans else None,
        "last_day": max(end for _, end, _ in spans).isoformat() if spans else None,
    }


def _returned(counted: Counted) -> Mapping[str, Any]:
    """Say how many returns were asked for, how many came, and how they stand."""
    came = {(one.success_measure, one.organisation, one.period) for one in counted.returns}
    asked = {(one.success_measure, one.organisation, one.period) for one in counted.expected}
    return {
        "expected": len(asked),
        "missing": len(asked - came),
        "organisations": len({one.organisation for one in counted.returns}),
        "statuses": dict(sorted(Counter(one.status for one in counted.returns).items())),
    }

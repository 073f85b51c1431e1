"""Make the initiatives of a release ready for pages: rows by measure, evaluations, names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from social_evidence.model.evaluation import Evaluation, PooledEvaluations, from_mapping
from social_evidence.model.initiative_row import InitiativeRow
from social_evidence.publish.content import Content
from social_evidence.site.initiative_content import InitiativesInput, TookPart
from social_evidence.store.initiatives import read_register, read_table, to_rows


def initiatives_input(folder: Path, content: Content, city: str) -> InitiativesInput | None:
    """Read what a release holds of initiatives.

    Args:
        folder: The release's folder.
        content: Its labels.
        city: Code of the city.

    Returns:
        Rows and evaluations; None where the release knows no initiative.
    """
    register = read_register(folder)
    if not register:
        return None
    entries = register.get("initiatives", [])
    return InitiativesInput(
        city=city,
        rows=_by_measure(to_rows(read_table(folder))),
        evaluations={
            entry["id"]: from_mapping(Evaluation, told)
            for entry in entries
            for told in entry.get("evaluations", ())
        },
        pooled=tuple(from_mapping(PooledEvaluations, one) for one in register.get("pooled", ())),
        took_part={
            entry["id"]: tuple(map(_took_part, entry.get("took_part", ()))) for entry in entries
        },
        groups=content.labels.groups,
        breakdowns=content.labels.breakdowns,
    )


def _by_measure(
    rows: tuple[InitiativeRow, ...],
) -> Mapping[str, Mapping[str, list[InitiativeRow]]]:
    found: dict[str, dict[str, list[InitiativeRow]]] = {}
    for row in rows:
        found.setdefault(row.success_measure, {}).setdefault(row.item, []).append(row)
    return found


def _took_part(told: Mapping[str, Any]) -> TookPart:
    return TookPart(
        breakdown=told["breakdown"],
        group=told["group"],
        people=told.get("people"),
        londoners=told.get("londoners"),
        source=told.get("source", ""),
    )

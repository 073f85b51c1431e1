"""Make the initiatives of a release ready for pages: rows by measure, evaluations, names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from social_evidence.model.evaluation import Evaluation, PooledEvaluations, from_mapping
from social_evidence.model.initiative_row import InitiativeRow
from social_evidence.publish.content import Content
from social_evidence.site.initiative_content import InitiativesInput, TookPart
from social_evidence.store.initiatives import read_register, read_table, to_rows

_STARTED: Final = "started"
"""Names, in a table of balance, the answer before; no group of people."""


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
    evaluations = {
        entry["id"]: from_mapping(Evaluation, told)
        for entry in entries
        for told in entry.get("evaluations", ())
    }
    return InitiativesInput(
        city=city,
        rows=_by_measure(to_rows(read_table(folder))),
        evaluations=evaluations,
        pooled=tuple(from_mapping(PooledEvaluations, one) for one in register.get("pooled", ())),
        took_part={name: tuple(_took_part(one)) for name, one in evaluations.items()},
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


def _took_part(evaluation: Evaluation) -> Iterable[TookPart]:
    """Set who took part beside people of the city, where an outcome was set beside its survey."""
    known = next((one.benchmark for one in evaluation.outcomes if one.benchmark), None)
    for row in known.balance if known else ():
        if row.breakdown != _STARTED:
            yield TookPart(
                breakdown=row.breakdown,
                group=row.group,
                people=row.people,
                londoners=row.compared,
                source=known.source if known else "",
            )

"""What the pages of initiatives are made from: rows, evaluations, and names beside codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from social_evidence.model.evaluation import Evaluation, PooledEvaluations
from social_evidence.model.initiative import HEADLINE, SuccessMeasure
from social_evidence.model.initiative_row import InitiativeRow


@dataclass(frozen=True, slots=True, kw_only=True)
class TookPart:
    """One group among those who took part, and among Londoners; None: hidden or not known."""

    breakdown: str
    group: str
    people: float | None
    londoners: float | None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativesInput:
    """Rows of the initiatives table and the evaluations of one release.

    Attributes:
        city: Code of the city.
        rows: (success measure) -> item -> its rows, oldest first.
        evaluations: Initiative -> its evaluation.
        pooled: One outcome of several initiatives together.
        took_part: Initiative -> who took part.
        groups: (breakdown, group) -> name, in the order people expect.
        breakdowns: Id -> name.
    """

    city: str
    rows: Mapping[str, Mapping[str, Sequence[InitiativeRow]]] = field(default_factory=dict)
    evaluations: Mapping[str, Evaluation] = field(default_factory=dict)
    pooled: tuple[PooledEvaluations, ...] = ()
    took_part: Mapping[str, tuple[TookPart, ...]] = field(default_factory=dict)
    groups: Mapping[tuple[str, str], str] = field(default_factory=dict)
    breakdowns: Mapping[str, str] = field(default_factory=dict)

    def readings(self, success_measure: str) -> Mapping[str, Sequence[InitiativeRow]]:
        """Rows of one success measure by item, the headline first."""
        found = self.rows.get(success_measure, {})
        return dict(sorted(found.items(), key=lambda pair: (pair[0] != HEADLINE, pair[0])))

    def title(self, success: SuccessMeasure, item: str) -> str:
        """Name a success measure, or a second reading of it."""
        if item == HEADLINE:
            return success.title
        own = next((one.title for one in success.readings if one.item == item), "")
        return own or f"{success.title} ({item.replace('_', ' ')})"

    def breakdown(self, breakdown: str) -> str:
        """Name a breakdown."""
        return self.breakdowns.get(breakdown, breakdown.replace("_", " ").capitalize())

    def group(self, breakdown: str, group: str) -> str:
        """Name a group."""
        return self.groups.get((breakdown, group), group.replace("_", " "))

    def place(self, breakdown: str, group: str) -> tuple[str, int, str]:
        """Where a group stands in the order people expect."""
        order = list(self.groups)
        known = order.index((breakdown, group)) if (breakdown, group) in self.groups else len(order)
        return (breakdown, known, group)

"""What the pages of initiatives are made from: rows, evaluations, and names beside codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from social_evidence.model.breakdown import ALL
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.estimate import Estimate
from social_evidence.model.evaluation import Evaluation, PooledEvaluations
from social_evidence.model.initiative import HEADLINE, Initiative, SuccessMeasure
from social_evidence.model.initiative_row import InitiativeRow
from social_evidence.site.figures import limits_words


@dataclass(frozen=True, slots=True, kw_only=True)
class TookPart:
    """One group among those who took part, and among Londoners; None: hidden or not known.

    lower, upper: limits of the share of Londoners, which is a survey's.
    """

    breakdown: str
    group: str
    people: float | None
    londoners: float | None
    lower: float | None = None
    upper: float | None = None
    source: str = ""

    @property
    def range(self) -> str:
        """The likely range of people of the city; empty where there is none."""
        if self.lower is None or self.upper is None:
            return ""
        return limits_words(self.lower, self.upper)


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
        """Name a group; people whose group nobody knows are one of their own."""
        if not group:
            return "Not known"
        return self.groups.get((breakdown, group), group.replace("_", " "))

    def place(self, breakdown: str, group: str) -> tuple[str, int, str]:
        """Where a group stands in the order people expect."""
        order = list(self.groups)
        known = order.index((breakdown, group)) if (breakdown, group) in self.groups else len(order)
        return (breakdown, known, group)


def initiative_files(initiative: str) -> str:
    """Say by what the files of an initiative are found among the downloads of a site."""
    return f"initiatives/{initiative}"


def success_measures_of(catalogue: Catalogue) -> Iterator[tuple[Initiative, SuccessMeasure]]:
    """Give every success measure with the initiative that is judged by it."""
    for initiative in catalogue.initiatives.values():
        for success in initiative.success_measures:
            yield initiative, success


def addressed(row: InitiativeRow, success: SuccessMeasure) -> Estimate:
    """Give a number of an initiative as it is shown, at the address where it stands on the site.

    A success measure has pages as a measure has: its second readings are parts, its initiative is
    the series, and before, after and change are groups of a breakdown. Where the city's measure
    counts the opposite, the number is turned; a number about residents is theirs here too.
    """
    stored = row.figure
    figure = replace(
        stored,
        population=stored.population if row.is_own else "residents",
        measure=row.success_measure,
        part=ALL if row.item == HEADLINE else row.item,
        series=row.source,
    )
    return turned(figure) if success.shows_complement else figure


def turned(figure: Estimate) -> Estimate:
    """Turn a share into that of the opposite, and a change of one with it."""
    whole = 0.0 if figure.statistic == "difference" else 1.0
    return replace(
        figure,
        estimate=opposite(whole, figure.estimate),
        lower=opposite(whole, figure.upper),
        upper=opposite(whole, figure.lower),
    )


def opposite(whole: float, value: float | None) -> float | None:
    """Give what a value leaves of a whole; None of none."""
    # Stored figures have three decimals, and so has one less them.
    return None if value is None else round(whole - value, 12) + 0.0


def figures_of(given: InitiativesInput | None, catalogue: Catalogue) -> list[Estimate]:
    """Give every number of a release's initiatives as it is shown; none where it has none."""
    if given is None:
        return []
    return [
        addressed(row, success)
        for _, success in success_measures_of(catalogue)
        for rows in given.readings(success.id).values()
        for row in rows
    ]

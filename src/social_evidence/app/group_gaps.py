"""Gaps between groups: which group each is set against, and the gaps of printed tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from social_evidence.app.figures import Figure, Numbers
from social_evidence.model.breakdown import UNKNOWN, parts_of
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Measure


def reference_group(catalogue: Catalogue, measure: Measure, breakdown: str, group: str) -> str:
    """Name the group a group is set against; empty for the reference itself and for none.

    In a crossing only the part that the measure varies changes; the others are held fixed.

    Args:
        catalogue: Says which group of a breakdown is its reference.
        measure: Says what varies in a crossing.
        breakdown: A breakdown or crossing.
        group: One of its groups.
    """
    parts, groups = parts_of(breakdown), group.split(" * ")
    varied = measure.varied(parts)
    if varied not in parts or UNKNOWN in groups:
        return ""
    reference = catalogue.breakdowns[varied].reference
    if not reference or groups[parts.index(varied)] == reference:
        return ""
    groups[parts.index(varied)] = reference
    return " * ".join(groups)


def counted_gaps(
    catalogue: Catalogue, measure: Measure, figures: Sequence[Figure]
) -> Iterator[Figure]:
    """Subtract each group's figure from its reference group's, in a counted or published table.

    Nothing is known of how the two vary together, so a gap of printed figures has no limits, even
    where each figure has its own.

    Args:
        catalogue: The breakdowns.
        measure: A gap measure.
        figures: The figures of one series.

    Yields:
        A figure for every group that the table gives; it shares the worse status of its two.
    """
    found = {figure.place: figure for figure in figures}
    for figure in figures:
        against = reference_group(catalogue, measure, figure.breakdown, figure.group)
        other = found.get((*figure.place[:3], against)) if against else None
        if other is not None and figure.status not in {"not_asked", "not_applicable"}:
            yield _gap(figure, other)


def _gap(figure: Figure, reference: Figure) -> Figure:
    behind, ahead = figure.numbers.estimate, reference.numbers.estimate
    gap = None if behind is None or ahead is None else ahead - behind
    return replace(
        figure,
        statistic="difference",
        numbers=Numbers(estimate=gap),
        status=reference.status if figure.status == "shown" else figure.status,
        variance_basis="none",
        flags=figure.flags | reference.flags,
        made_of=(reference.place, figure.place),
    )

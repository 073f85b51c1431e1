"""Figures their publishers printed, with ours beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Measure
from social_evidence.model.provenance import PublishedCheck


def published_checks(
    measures: Sequence[Measure], rows: Sequence[Estimate]
) -> Iterator[PublishedCheck]:
    """Set every figure a measure says was printed beside ours, as it is published.

    A check is published too, so it may hold nothing that a row does not show.

    Args:
        measures: Each with the figures to verify.
        rows: The estimates table.
    """
    found = {row.key: row for row in rows}
    for measure in measures:
        for printed in measure.published:
            named = [printed.series] if printed.series else []
            wanted = named or [s.id for s in measure.series if s.part == printed.part]
            keys = [
                (
                    "residents",
                    measure.id,
                    printed.part,
                    series,
                    printed.period,
                    printed.area,
                    printed.breakdown,
                    printed.group,
                    measure.statistic,
                )
                for series in wanted
            ]
            row = next((found[key] for key in keys if key in found), None)
            yield PublishedCheck(
                measure=measure.id,
                part=printed.part,
                series=row.series if row else printed.series,
                period=printed.period,
                area=printed.area,
                breakdown=printed.breakdown,
                group=printed.group,
                published=printed.estimate,
                tolerance=printed.tolerance,
                ours=row.estimate if row else None,
                reference=printed.reference,
            )

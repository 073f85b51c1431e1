"""Ranks and funnels from published rows."""

from __future__ import annotations

import datetime as dt

import pytest

from social_evidence.app.standing import funnel_of, ranked
from social_evidence.model.estimate import Estimate


def row(area: str, value: float | None, error: float | None, **changed: object) -> Estimate:
    given: dict[str, object] = {
        "measure": "m",
        "series": "s",
        "period": "2019",
        "period_start": dt.date(2019, 1, 1),
        "period_end": dt.date(2019, 12, 31),
        "area": area,
        "statistic": "proportion",
        "unit": "share",
        "estimate": value,
        "standard_error": error,
        "interval_method": "logit",
        "method": "survey",
        "source": "s",
        "status": "protected" if value is None else "shown",
    }
    return Estimate(**{**given, **changed})  # type: ignore[arg-type]


AREAS = ("A", "B", "C", "D")
SAMPLE = [row("A", 0.2, 0.02), row("B", 0.9, 0.01), row("C", 0.22, 0.02), row("D", None, None)]


def test_ranks_say_which_places_might_change() -> None:
    found = ranked([*SAMPLE, row("T", 0.5, 0.01)], AREAS)
    assert [(one.area, one.rank, one.lower, one.upper) for one in found] == [
        ("B", 1, 1, 1),
        ("C", 2, 2, 3),
        ("A", 3, 2, 3),
    ]


def test_ranks_do_not_depend_on_the_order_of_rows() -> None:
    assert ranked(SAMPLE[::-1], AREAS) == ranked(SAMPLE, AREAS)


def test_counts_in_full_have_one_rank_each() -> None:
    counted = [
        row(area, value, None, method="administrative", interval_method="none")
        for area, value in (("A", 0.2), ("B", 0.3))
    ]
    assert [(one.lower, one.upper) for one in ranked(counted, AREAS)] == [(1, 1), (2, 2)]


def test_printed_figures_without_limits_have_no_rank() -> None:
    printed = row("A", 0.2, None, method="published", interval_method="none")
    assert ranked([printed, SAMPLE[1]], AREAS) == ranked([SAMPLE[1]], AREAS)


def test_two_figures_are_not_ranked_together() -> None:
    with pytest.raises(ValueError, match="different figures"):
        ranked([SAMPLE[0], row("B", 0.1, 0.01, measure="other")], AREAS)


def counts(area: str, numerator: float, denominator: float) -> Estimate:
    return row(
        area, numerator / denominator, None, numerator=numerator, denominator=denominator,
        method="administrative", interval_method="wilson",
    )  # fmt: skip


def test_a_funnel_is_wide_for_small_places_and_holds_what_chance_gives() -> None:
    rows = [counts("A", 52, 100), counts("B", 4_900, 10_000), counts("C", 700, 1_000)]
    found = funnel_of([*rows, counts("T", 9, 10)], AREAS)
    assert [point.area for point in found.points] == ["A", "C", "B"]
    assert found.average == pytest.approx(5_652 / 11_100)
    widths = [point.inner[1] - point.inner[0] for point in found.points]
    assert widths == sorted(widths, reverse=True)
    outside = [p.area for p in found.points if not p.outer[0] <= p.share <= p.outer[1]]
    assert outside == ["C", "B"]
    assert found.over_dispersion is not None
    assert found.over_dispersion > 10


def test_a_funnel_of_nothing_is_empty() -> None:
    assert funnel_of([SAMPLE[0]], AREAS).points == ()

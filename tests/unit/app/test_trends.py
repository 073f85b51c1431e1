"""Recent trends from published rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from social_evidence.app.trends import apart, recent_trends
from social_evidence.model.estimate import Estimate
from social_evidence.model.period import parse


def rows(values: dict[str, float | None], **changed: object) -> list[Estimate]:
    found = []
    for period, value in values.items():
        when = parse(period)
        given: dict[str, object] = {
            "measure": "m",
            "series": "s",
            "period": period,
            "period_start": when.start,
            "period_end": when.end,
            "area": "T",
            "statistic": "proportion",
            "unit": "share",
            "estimate": value,
            "standard_error": None if value is None else 0.01,
            "interval_method": "logit",
            "method": "survey",
            "source": "s",
            "status": "protected" if value is None else "shown",
        }
        found.append(Estimate(**{**given, **changed}))  # type: ignore[arg-type]
    return found


STEADY: dict[str, float | None] = {str(2014 + at): 0.30 + 0.02 * at for at in range(6)}


def test_five_points_that_rise_steadily_are_rising() -> None:
    (found,) = recent_trends(rows(STEADY))
    assert found.verdict == "rising"
    assert found.periods == ("2015", "2016", "2017", "2018", "2019")
    assert found.slope == pytest.approx(0.02, rel=1e-3)
    # Five points a year apart with errors of 0.01: the slope has the error 0.01 / √10.
    expected = 2 * stats.norm.sf(0.02 / (0.01 / np.sqrt(10)))
    assert found.p_value == pytest.approx(expected, rel=0.02)


def test_four_points_say_nothing() -> None:
    (found,) = recent_trends(rows(dict(list(STEADY.items())[:4])))
    assert (found.verdict, found.slope, found.p_value) == ("cannot_say", None, None)


def test_a_hidden_point_is_no_point() -> None:
    (found,) = recent_trends(rows({**STEADY, "2019": None}))
    assert found.periods[-1] == "2018"


def test_a_line_that_hangs_on_one_year_cannot_be_said() -> None:
    flat = {str(2015 + at): 0.30 for at in range(4)} | {"2019": 0.40}
    (found,) = recent_trends(rows(flat))  # type: ignore[arg-type]
    assert found.verdict == "cannot_say"
    assert found.p_value is not None
    assert found.p_value < 0.01


def test_periods_that_overlap_are_not_counted_twice() -> None:
    labels = ["y2018Q4", "y2019Q1", "y2019Q2", "y2019Q3", "y2019Q4", "y2020Q4"]
    chosen = apart([parse(label) for label in labels])
    assert [labels[at] for at in chosen] == ["y2018Q4", "y2019Q4", "y2020Q4"]


def test_shares_of_counts_are_tested_as_shares() -> None:
    counted = rows(STEADY, interval_method="wilson", method="administrative")
    with_counts = [
        replace(one, numerator=1000 * (one.estimate or 0), denominator=1000.0) for one in counted
    ]
    (found,) = recent_trends(with_counts)
    share = np.mean([0.32, 0.34, 0.36, 0.38, 0.40])
    expected = 0.02**2 * 10 * 1000 / (share * (1 - share))
    assert found.p_value == pytest.approx(stats.chi2.sf(expected, 1), rel=1e-2)
    assert found.verdict == "rising"


def test_series_are_never_joined() -> None:
    first = dict(list(STEADY.items())[:3])
    second = dict(list(STEADY.items())[3:])
    found = recent_trends([*rows(first), *rows(second, series="s_2")])
    assert [(one.series, one.verdict) for one in found] == [
        ("s", "cannot_say"),
        ("s_2", "cannot_say"),
    ]

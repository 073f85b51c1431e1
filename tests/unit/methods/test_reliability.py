import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.methods import reliability as r


def grade(statistic, unit, estimate=0.5, standard_error=0.01, lower=0.4, upper=0.6):
    return r.reliability(
        statistic, unit, estimate=estimate, standard_error=standard_error, lower=lower, upper=upper
    )


@pytest.mark.parametrize(
    ("lower", "upper", "letter"),
    [
        (0.5, 0.55, "A"),
        (0.0, 0.051, "B"),
        (0.3, 0.4, "B"),
        (0.3, 0.5, "C"),
        (0.3, 0.501, "D"),
        (-0.02, 0.03, "A"),
    ],
)
def test_a_share_is_graded_by_the_width_of_its_interval(lower, upper, letter):
    assert grade("proportion", "share", lower=lower, upper=upper) == letter
    assert grade("difference", "share", lower=lower, upper=upper) == letter


@pytest.mark.parametrize("thousandths", range(0, 951, 7))
def test_a_stored_width_on_the_line_has_the_better_grade_wherever_it_lies(thousandths):
    lower = thousandths / 1000
    assert grade("ratio", "share", lower=lower, upper=(thousandths + 50) / 1000) == "A"


@pytest.mark.parametrize(
    ("error", "letter"), [(0.1, "A"), (0.2, "B"), (0.4, "C"), (0.41, "D"), (9.0, "D")]
)
@pytest.mark.parametrize("statistic", ["rate", "mean", "total"])
def test_rates_means_and_totals_are_graded_by_relative_error(statistic, error, letter):
    assert grade(statistic, "score", estimate=-2.0, standard_error=error) == letter


@pytest.mark.parametrize(
    ("statistic", "unit"), [("count", "people"), ("quantile", "pounds"), ("difference", "score")]
)
def test_where_neither_rule_applies_there_is_no_grade(statistic, unit):
    assert grade(statistic, unit) is None


def test_what_is_missing_leaves_no_grade():
    assert grade("proportion", "share", lower=None) is None
    assert grade("mean", "score", standard_error=None) is None
    assert grade("rate", "per_1000", estimate=0.0) is None


@given(st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_wider_interval_never_has_a_better_grade(width, more):
    narrow, wide = r.grades_by_width([0.0, 0.0], [width, width + more])
    assert narrow <= wide


def test_arrays_are_graded_element_by_element():
    assert r.grades_by_relative_error([10, 10, np.nan], [0.5, 3, 1]).tolist() == ["A", "D", ""]


def test_limits_may_be_other_ones():
    wide = {"estimate": 0.5, "standard_error": 0.02, "lower": 0.46, "upper": 0.54}
    assert r.reliability("proportion", "share", **wide) == "B"
    assert r.reliability("proportion", "share", **wide, widths=(0.01, 0.02, 0.03)) == "D"
    rate = {"estimate": 10.0, "standard_error": 1.5, "lower": None, "upper": None}
    assert r.reliability("rate", "per_1000", **rate) == "C"
    assert r.reliability("rate", "per_1000", **rate, relative_errors=(0.2, 0.3, 0.4)) == "A"

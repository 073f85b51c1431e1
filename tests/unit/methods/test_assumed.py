"""A stated design effect multiplies the variance of a simple random sample of the same base."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.methods import assumed

ROWS = st.lists(
    st.tuples(st.integers(1, 40), st.integers(-5, 20), st.integers(1, 9)), min_size=2, max_size=30
)


def slow(rows, design_effect):
    """By its definition: weighted mean square of the residuals, over the base less one."""
    below = sum(w * x for w, _, x in rows)
    ratio = sum(w * y for w, y, _ in rows) / below
    weights = sum(w for w, _, _ in rows)
    residuals = [(w, (y - ratio * x) / below * weights) for w, y, x in rows]
    spread = sum(w * r * r for w, r in residuals) / weights
    return design_effect * spread / (len(rows) - 1)


def variances(rows, design_effect):
    w, y, x = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    below = (w * x).sum()

    def cell(value):
        return np.array([[value]], dtype=float)

    squares = tuple(cell((w * part).sum()) for part in (y * y, y * x, x * x))
    found = assumed.variances(
        cell((w * y).sum() / below),
        cell(below),
        np.array([[len(rows)]]),
        cell(w.sum()),
        squares,
        design_effect,
    )
    return float(found[0, 0])


@given(ROWS, st.floats(0.5, 9))
def test_variances_of_ratios_match_their_definition(rows, design_effect):
    assert variances(rows, design_effect) == pytest.approx(
        slow(rows, design_effect), rel=1e-9, abs=1e-12
    )


def test_shares_have_the_textbook_variance():
    rows = [(1, 1, 1)] * 30 + [(1, 0, 1)] * 70
    assert variances(rows, 2.0) == pytest.approx(2 * 0.3 * 0.7 / 99)


def test_one_respondent_has_no_variance():
    assert np.isnan(variances([(3, 1, 1)], 2.0))


def test_rounding_is_no_spread():
    assert variances([(0.1, 1, 1), (0.2, 1, 1), (0.7, 1, 1)], 2.0) == 0.0

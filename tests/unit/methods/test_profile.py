"""The working model behind the likelihood interval, and how near the profile comes to the truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.methods import intervals, profile


@settings(deadline=None)
@given(st.integers(2, 38))
def test_equal_weights_leave_the_binomial_model(hits):
    y = np.repeat([1.0, 0.0], [hits, 40 - hits])
    got = profile.working_model(y, np.full(40, 3.0))
    assert got.rows.tolist() == [40]
    assert got.size[0] == pytest.approx(40)
    assert got.dispersion[0] == pytest.approx(40 / 39)
    assert got.spread[0] == pytest.approx(hits / 40 * (1 - hits / 40), rel=1e-3)


@pytest.mark.parametrize(
    ("kind", "dispersion"), [("linear", 3 / 2 * 2), ("replicate", 2.0), ("calibrated", 3 / 2 * 1.0)]
)
def test_weights_of_unanswered_rows_enter_the_dispersion(kind, dispersion):
    y = np.array([1.0, 0.0, 1.0, np.nan, np.nan, np.nan])
    w = np.array([2.0, 2.0, 2.0, 0.0, 0.0, 0.0])
    got = profile.working_model(y, w, kind=kind)
    assert got.dispersion[0] == pytest.approx(dispersion)


def test_domains_without_answers_have_no_model():
    y = np.array([np.nan, 1.0, 0.0])
    got = profile.working_model(y, np.ones(3), np.array([0, 1, 1]), n_domains=3)
    assert np.isnan(got.rows).tolist() == [True, False, True]
    assert got.rows[1] == 2


@settings(deadline=None)
@given(st.floats(0.1, 0.9), st.floats(0.01, 0.05))
def test_limits_read_from_the_profile_are_close_to_the_exact_ones(share, error):
    n = 400
    working = profile.WorkingModel(
        rows=np.array([float(n)]),
        size=np.array([float(n)]),
        dispersion=np.array([1.0]),
        spread=np.array([share * (1 - share)]),
    )
    near = intervals.likelihood(share, error, 60, working=working)
    exact = intervals.likelihood(share, error, 60)
    np.testing.assert_allclose(np.ravel(near), np.ravel(exact), atol=2e-3)


def test_no_variance_gives_no_likelihood_limits():
    lower, upper = intervals.likelihood([0.5, 0.0], [0.0, 0.0], 9)
    assert np.isnan(lower).all()
    assert np.isnan(upper).all()

"""The covariance from leaving out each cluster, against fits written out."""

from __future__ import annotations

import numpy as np
import pytest

from social_evidence.errors import DesignError
from social_evidence.methods.evaluation.regression import cluster_jackknife, least_squares


def test_it_is_the_spread_of_fits_without_each_cluster() -> None:
    rng = np.random.default_rng(6)
    code = rng.integers(0, 7, 60)
    x = np.column_stack([np.ones(60), rng.normal(size=60), code % 2])
    y = x @ [1.0, 0.5, 0.2] + rng.normal(size=60) + rng.normal(size=7)[code]
    whole = least_squares(y, x).coefficients
    away = np.array(
        [least_squares(y[code != g], x[code != g]).coefficients - whole for g in range(7)]
    )
    expected = 6 / 7 * away.T @ away
    np.testing.assert_allclose(cluster_jackknife(y, x, code), expected, rtol=1e-8)


def test_of_a_mean_with_equal_clusters_it_is_near_cr1() -> None:
    rng = np.random.default_rng(8)
    code = np.arange(90) % 9
    y = rng.normal(size=90)
    ones = np.ones((90, 1))
    near = least_squares(y, ones).clustered(code)
    np.testing.assert_allclose(cluster_jackknife(y, ones, code), near, rtol=1e-8)


def test_one_cluster_has_no_spread() -> None:
    with pytest.raises(DesignError, match="two clusters"):
        cluster_jackknife([1.0, 2.0], np.ones((2, 1)), [0, 0])

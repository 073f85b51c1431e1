"""The distributions are those of `scipy.stats`, without the time it takes to import."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from social_evidence.methods import distributions as ours

DF = np.array([0.5, 1.0, 2.0, 7.3, 56.0, 1e4])
P = np.array([1e-6, 0.001, 0.025, 0.3, 0.5, 0.8, 0.975, 0.999])
X = np.array([0.01, 0.5, 1.0, 3.3, 12.0, 60.0])

PAIRS = {
    "normal_quantile": (ours.normal_quantile(P), stats.norm.ppf(P)),
    "normal_tail": (ours.normal_tail(X), stats.norm.sf(X)),
    "t_quantile": (ours.t_quantile(P[:, None], DF), stats.t.ppf(P[:, None], DF)),
    "t_tail": (ours.t_tail(X[:, None], DF), stats.t.sf(X[:, None], DF)),
    "chi_squared_quantile": (
        ours.chi_squared_quantile(P[:, None], DF),
        stats.chi2.ppf(P[:, None], DF),
    ),
    "chi_squared_tail": (ours.chi_squared_tail(X[:, None], DF), stats.chi2.sf(X[:, None], DF)),
    "f_quantile": (ours.f_quantile(P[:, None], 3.0, DF), stats.f.ppf(P[:, None], 3.0, DF)),
    "f_tail": (ours.f_tail(X[:, None], 3.0, DF), stats.f.sf(X[:, None], 3.0, DF)),
    "beta_quantile": (
        ours.beta_quantile(P[:, None], DF, 2.5),
        stats.beta.ppf(P[:, None], DF, 2.5),
    ),
}


@pytest.mark.parametrize("name", sorted(PAIRS))
def test_a_function_is_that_of_scipy_stats(name: str) -> None:
    mine, theirs = PAIRS[name]
    np.testing.assert_allclose(mine, theirs, rtol=1e-11, atol=1e-300)


@given(trials=st.integers(1, 3000), share=st.floats(0.001, 0.999), q=st.floats(0.0005, 0.9995))
def test_binomial_tails_and_quantile_are_those_of_scipy_stats(
    trials: int, share: float, q: float
) -> None:
    k = np.arange(-1.0, trials + 2.0, max(1, trials // 7))
    at_most, above = stats.binom.cdf(k, trials, share), stats.binom.sf(k, trials, share)
    np.testing.assert_allclose(
        ours.binomial_at_most(k, trials, share), at_most, rtol=1e-9, atol=1e-14
    )
    np.testing.assert_allclose(ours.binomial_above(k, trials, share), above, rtol=1e-9, atol=1e-14)
    mine = float(ours.binomial_quantile(q, trials, share))
    assert ours.binomial_at_most(mine, trials, share) >= q
    assert mine == 0 or ours.binomial_at_most(mine - 1, trials, share) < q


def test_infinite_degrees_of_freedom_are_the_normal_distribution() -> None:
    assert ours.t_quantile(0.975, np.inf) == ours.normal_quantile(0.975)


def test_missing_stays_missing() -> None:
    assert np.isnan(ours.t_quantile(0.975, np.nan))
    assert np.isnan(ours.binomial_at_most(np.nan, 10, 0.5))
    assert np.isnan(ours.binomial_above(3, np.nan, 0.5))
    assert np.isnan(ours.beta_quantile(0.5, np.nan, 1.0))


def test_the_program_does_not_import_scipy_stats() -> None:
    program = (
        "import sys, pkgutil, importlib, social_evidence.methods as m\n"
        "for found in pkgutil.iter_modules(m.__path__, m.__name__ + '.'):\n"
        "    importlib.import_module(found.name)\n"
        "sys.exit('scipy.stats' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0

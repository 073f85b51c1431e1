"""Confidence intervals from an estimate, its standard error and its degrees of freedom.

Letters: p a share, t the quantile of Student's t, n_e = p(1 − p)/variance the effective base,
c cells. All functions work on arrays of any common shape and give two arrays of limits.

Where a share is exactly 0 or 1 the estimated variance is 0 and says nothing: `xlogit`, `beta`
without a base, `wilson`, `asin` and `likelihood` give NaN, `mean` gives the share itself twice, and
`logit` does too, as the iteration of R ends within 1e-10 of it. None of these may be published as
it stands. `interval_methods.proportion(..., exact_at_edges=True)` puts the exact limits of `beta`
there and names them; that is what a release holds.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from social_evidence.errors import DefinitionError
from social_evidence.methods import distributions
from social_evidence.methods.arrays import Bools, Floats
from social_evidence.methods.profile import WorkingModel, likelihood_ratio_limits

LOGIT: Final = "logit"
XLOGIT: Final = "xlogit"
BETA: Final = "beta"
WILSON: Final = "wilson"
ASIN: Final = "asin"
LIKELIHOOD: Final = "likelihood"
MEAN: Final = "mean"
NONE: Final = "none"

# Sums of weights round: a share this near 0 or 1 is 0 or 1. One respondent among a million million
# would be nearer.
_EDGE: Final = 1e-12

Limits = tuple[Floats, Floats]


def t_quantile(degrees_of_freedom: ArrayLike, level: float = 0.95) -> Floats:
    """Give the two-sided critical value of Student's t.

    Args:
        degrees_of_freedom: Any shape; infinity gives the normal.
        level: Coverage, between 0 and 1.

    Returns:
        Same shape; NaN where degrees of freedom are 0, negative or NaN.

    Raises:
        DefinitionError: The level is not between 0 and 1.

    Source:
        Student (1908); NaN at 0 degrees of freedom as R survey 4.5.
    """
    if not 0 < level < 1:
        msg = f"interval level {level} is not between 0 and 1; 0.95 is usual"
        raise DefinitionError(msg)
    df = np.asarray(degrees_of_freedom, dtype=np.float64)
    usable = df > 0
    return np.where(
        usable, -distributions.t_quantile((1 - level) / 2, np.where(usable, df, 1.0)), np.nan
    )


def wald(
    value: ArrayLike,
    standard_error: ArrayLike,
    degrees_of_freedom: ArrayLike,
    level: float = 0.95,
) -> Limits:
    """Put t standard errors either side of an estimate.

    For means, totals, ratios and differences; for shares it is the method `mean`, which may leave
    [0, 1] and at exactly 0 or 1 has width 0.

    Args:
        value: Estimates.
        standard_error: Their standard errors.
        degrees_of_freedom: Of the domain; 0 or less gives NaN limits.
        level: Coverage.

    Returns:
        Lower and upper limits.

    Source:
        R survey 4.5 `confint(df = degf(design))`.
    """
    half = t_quantile(degrees_of_freedom, level) * np.asarray(standard_error)
    return np.asarray(value - half), np.asarray(value + half)


def logit(
    value: ArrayLike,
    standard_error: ArrayLike,
    degrees_of_freedom: ArrayLike,
    level: float = 0.95,
    *,
    link_standard_error: ArrayLike | None = None,
) -> Limits:
    """Compute the interval on the log-odds and transform it back.

    Args:
        value: Shares.
        standard_error: Their standard errors.
        degrees_of_freedom: Of the domain.
        level: Coverage.
        link_standard_error: Standard error of log(p/(1 − p)) where it is known directly: replicate
            weights give it (`replicate.logit_standard_errors`). By default the delta method,
            standard error / (p(1 − p)), which is exact for linearised variances.

    Returns:
        Limits inside (0, 1); at exactly 0 or 1 the share itself twice.

    Source:
        R survey 4.5 `svyciprop(method = "logit")`, whose iterative fit this is the closed form of.
        With 1 degree of freedom R's level rounds to 1 and its limits are 0 and NaN; ours are not.
    """
    lower, upper = xlogit(
        value,
        standard_error,
        degrees_of_freedom,
        level,
        link_standard_error=link_standard_error,
    )
    p = np.asarray(value, dtype=np.float64)
    known = is_edge(p) & ~np.isnan(t_quantile(degrees_of_freedom, level))
    return np.where(known, p, lower), np.where(known, p, upper)


def xlogit(
    value: ArrayLike,
    standard_error: ArrayLike,
    degrees_of_freedom: ArrayLike,
    level: float = 0.95,
    *,
    link_standard_error: ArrayLike | None = None,
) -> Limits:
    """Compute the interval on the log-odds by the delta method and transform it back.

    Args:
        value: Shares.
        standard_error: Their standard errors.
        degrees_of_freedom: Of the domain.
        level: Coverage.
        link_standard_error: As for `logit`; R's `xlogit` never has it.

    Returns:
        Limits inside (0, 1); NaN at exactly 0 or 1.

    Source:
        R survey 4.5 `svyciprop(method = "xlogit")`.
    """
    p = _inner(value)
    slope = np.asarray(standard_error) / (p * (1 - p))
    link = slope if link_standard_error is None else np.asarray(link_standard_error)
    lower, upper = wald(special.logit(p), link, degrees_of_freedom, level)
    return np.asarray(special.expit(lower)), np.asarray(special.expit(upper))


def wilson(
    value: ArrayLike,
    standard_error: ArrayLike,
    degrees_of_freedom: ArrayLike,
    level: float = 0.95,
) -> Limits:
    """Compute the score interval with the effective base in place of the base.

    Args:
        value: Shares.
        standard_error: Their standard errors.
        degrees_of_freedom: Of the domain; Student's t takes the place of the normal.
        level: Coverage.

    Returns:
        Limits inside [0, 1]; NaN at exactly 0 or 1.

    Source:
        Wilson (1927); form of R survey 4.5 `svyciprop(method = "wilson")`. Other packages keep the
        normal quantile or adjust the base and give other limits.
    """
    p = _inner(value)
    # Written with t²/n_e = t² variance/(p(1 − p)), so that a standard error of 0 needs no infinity.
    share = t_quantile(degrees_of_freedom, level) ** 2 * (
        np.asarray(standard_error) ** 2 / (p * (1 - p))
    )
    centre = p + share / 2
    half = np.sqrt(share * (p * (1 - p) + share / 4))
    return np.asarray((centre - half) / (1 + share)), np.asarray((centre + half) / (1 + share))


def asin(
    value: ArrayLike,
    standard_error: ArrayLike,
    degrees_of_freedom: ArrayLike,
    level: float = 0.95,
) -> Limits:
    """Compute the interval on the arcsine of the root and transform it back.

    Args:
        value: Shares.
        standard_error: Their standard errors.
        degrees_of_freedom: Of the domain.
        level: Coverage.

    Returns:
        Limits inside [0, 1]; NaN at exactly 0 or 1. Near an edge the transformed limit can pass
        the end of the scale and fold back; that is left as in R.

    Source:
        R survey 4.5 `svyciprop(method = "asin")`.
    """
    p = _inner(value)
    spread = np.asarray(standard_error) / (2 * np.sqrt(p * (1 - p)))
    lower, upper = wald(np.arcsin(np.sqrt(p)), spread, degrees_of_freedom, level)
    return np.asarray(np.sin(lower) ** 2), np.asarray(np.sin(upper) ** 2)


def beta(
    value: ArrayLike,
    standard_error: ArrayLike,
    degrees_of_freedom: ArrayLike,
    level: float = 0.95,
    *,
    rows: ArrayLike,
    base: ArrayLike | None = None,
) -> Limits:
    """Compute exact binomial limits with the effective base (Korn and Graubard).

    Args:
        value: Shares.
        standard_error: Their standard errors.
        degrees_of_freedom: Of the domain.
        level: Coverage.
        rows: Rows of the domain whether answered or not, weight 0 included, as R counts them (for
            a calibrated design: rows of the whole file). It only adjusts for degrees of freedom.
        base: Respondents. Given, cells at exactly 0 or 1 get exact limits with the base as the
            effective base, adjusted for degrees of freedom like every other: their variance is 0
            and no effective base can be computed. Not given, they are NaN, as in R.

    Returns:
        Limits inside [0, 1]; the lower at a share of 0 is 0 and the upper at a share of 1 is 1.

    Source:
        Korn and Graubard (1998), Survey Methodology 24; R survey 4.5 `svyciprop(method = "beta")`.
    """
    p = np.asarray(value, dtype=np.float64)
    count = np.asarray(rows, dtype=np.float64)
    inner, variance = _inner(p), np.asarray(standard_error, dtype=np.float64) ** 2
    known = variance > 0
    effective = np.where(known, inner * (1 - inner) / np.where(known, variance, 1.0), np.inf)
    effective = np.where(np.isnan(inner) | np.isnan(variance), np.nan, effective)
    if base is not None:
        effective = np.where(is_edge(p), np.asarray(base, dtype=np.float64), effective)
    ratio = t_quantile(count - 1, level) / t_quantile(degrees_of_freedom, level)
    return _clopper_pearson(np.where(is_edge(p), np.round(p), p), effective * ratio**2, level)


def _clopper_pearson(p: Floats, n: Floats, level: float) -> Limits:
    """Give exact binomial limits for n trials, which need not be whole; n infinite gives p."""
    tail = (1 - level) / 2
    finite = np.isfinite(n) & (n > 0)
    trials = np.where(finite, n, 1.0)
    # A beta distribution has no parameter 0: the limit at that end is the end of the scale.
    lower = special.betaincinv(np.maximum(trials * p, 1e-300), trials * (1 - p) + 1, tail)
    upper = special.betaincinv(trials * p + 1, np.maximum(trials * (1 - p), 1e-300), 1 - tail)
    lower, upper = np.where(p == 0, 0.0, lower), np.where(p == 1, 1.0, upper)
    otherwise = np.where(np.isposinf(n), p, np.nan)
    return np.where(finite, lower, otherwise), np.where(finite, upper, otherwise)


def likelihood(
    value: ArrayLike,
    standard_error: ArrayLike,
    degrees_of_freedom: ArrayLike,
    level: float = 0.95,
    *,
    working: WorkingModel | None = None,
    link_standard_error: ArrayLike | None = None,
) -> Limits:
    """Compute the interval from the ratio of working likelihoods (Rao–Scott).

    Args:
        value: Shares, shape (c,).
        standard_error: Their standard errors.
        degrees_of_freedom: Of the domain.
        level: Coverage.
        working: What R's fit leaves in its limits, from `profile.working_model`; with it the
            limits are R's. Without it the equation is solved exactly, without the fit.
        link_standard_error: As for `logit`; used only with `working`.

    Returns:
        Limits inside (0, 1); NaN at exactly 0 or 1, with a standard error of 0, and where R fails.

    Source:
        Rao and Scott (1984); R survey 4.5 `svyciprop(method = "likelihood")`, whose limits are read
        from a spline through a profile of at most 19 points and so carry its small error.
    """
    p = _inner(np.atleast_1d(np.asarray(value, dtype=np.float64)))
    error = np.broadcast_to(np.asarray(standard_error, dtype=np.float64), p.shape)
    link = error / (p * (1 - p)) if link_standard_error is None else link_standard_error
    critical = np.broadcast_to(t_quantile(degrees_of_freedom, level), p.shape)
    return likelihood_ratio_limits(p, error, np.broadcast_to(link, p.shape), critical, working)


def is_edge(p: Floats) -> Bools:
    """Tell which shares are 0 or 1 up to rounding, where the estimated variance says nothing.

    Args:
        p: Shares, any shape.
    """
    return np.asarray((np.abs(p) <= _EDGE) | (np.abs(p - 1) <= _EDGE))


def _inner(value: ArrayLike) -> Floats:
    """Replace shares without a variance of their own, 0 and 1, by NaN."""
    p = np.asarray(value, dtype=np.float64)
    return np.where(is_edge(p), np.nan, p)

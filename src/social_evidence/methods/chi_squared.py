"""Tests of association in a weighted two-way table.

Pearson's X² assumes independent people. Rao and Scott compare the real variance of the table with
the one X² assumes; the test then refers X² to the distribution it really has.

Letters: r rows, k columns, p estimated cell shares with covariance V, n unweighted rows of the
table, Δ the matrix of design effects under independence, δ its eigenvalues, ν degrees of freedom
of the design.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import integrate, optimize

from social_evidence.errors import DataError, DefinitionError
from social_evidence.methods import distributions
from social_evidence.methods.arrays import Floats

F: Final = "F"
CHISQ: Final = "Chisq"
WALD: Final = "Wald"
ADJUSTED_WALD: Final = "adjWald"
LINCOM: Final = "lincom"
SADDLEPOINT: Final = "saddlepoint"
STATISTICS: Final = (F, CHISQ, WALD, ADJUSTED_WALD, LINCOM, SADDLEPOINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChiSquared:
    """One test of association.

    Attributes:
        statistic: Its name, from `STATISTICS`.
        value: X² for `Chisq`, `lincom` and `saddlepoint`, otherwise an F ratio.
        numerator_df: NaN for `lincom` and `saddlepoint`.
        denominator_df: NaN where the reference is not an F distribution.
        p_value: NaN where the design leaves no degrees of freedom.
    """

    statistic: str
    value: float
    numerator_df: float
    denominator_df: float
    p_value: float


def rao_scott(
    shares: Floats,
    covariance: Floats,
    n_rows: int,
    degrees_of_freedom: float,
    statistic: str = F,
    *,
    f_reference: bool = True,
    exact: bool = False,
) -> ChiSquared:
    """Test independence with Pearson's X² and the design's variance.

    Args:
        shares: Estimated shares of cells, shape (r, k), adding up to 1.
        covariance: Of the shares ravelled row by row, shape (r·k, r·k).
        n_rows: Unweighted rows of the design, unanswered ones included, as R counts them. It
            cancels in `F`; X² itself grows with it.
        degrees_of_freedom: ν, primary units less strata of the whole design, or rank less 1.
        statistic: `F` (second order, the default), `Chisq` (first order, without ν), `lincom` and
            `saddlepoint` (the whole distribution of X²).
        f_reference: Whether `lincom` and `saddlepoint` allow for ν as R does for strata and units;
            R does not for replicate weights.
        exact: False follows R without its optional package: `lincom` is Kuonen's approximation
            too, and the degrees of freedom of the denominator lose their fraction. True keeps the
            fraction, and `lincom` is exact.

    Returns:
        The test; NaN where the table has no variance or too many empty cells.

    Raises:
        DefinitionError: The statistic is not one of the four.
        DataError: The table is smaller than 2 × 2 or has an empty row or column.

    Source:
        Rao and Scott (1984), Annals of Statistics 12; Thomas and Rao (1987); Kuonen (1999),
        Biometrika 86; R survey 4.5 `svychisq`.
    """
    _check_table(shares)
    pearson = _pearson(shares, n_rows)
    effects = _design_effects(shares, covariance, n_rows)
    trace = float(np.sum(effects))
    if not trace > 0:
        return _result(statistic, pearson, np.nan, np.nan, np.nan)
    satterthwaite = trace**2 / float(np.sum(effects**2))
    denominator = satterthwaite * degrees_of_freedom
    if statistic == F:
        return _f_test(F, pearson / trace, satterthwaite, denominator)
    if statistic == CHISQ:
        p = float(distributions.chi_squared_tail(pearson / effects.mean(), effects.size))
        return _result(CHISQ, pearson, float(effects.size), np.nan, p)
    if statistic not in {LINCOM, SADDLEPOINT}:
        msg = f"statistic {statistic!r} is not one of F, Chisq, lincom and saddlepoint"
        raise DefinitionError(msg)
    survival = weighted_chi_squared_sf if exact and statistic == LINCOM else saddlepoint_sf
    p = _tail(pearson, effects, denominator if f_reference else np.inf, survival, exact=exact)
    return _result(statistic, pearson, np.nan, np.nan, p)


def _tail(
    pearson: float,
    effects: Floats,
    denominator: float,
    survival: Callable[[float, Floats, Floats], float],
    *,
    exact: bool,
) -> float:
    """Give the chance of a larger X² when it is divided by an independent χ² over its degrees."""
    ones = np.ones(effects.size)
    if np.isinf(denominator):
        return survival(pearson, effects, ones)
    degrees = denominator if exact else np.floor(denominator)
    if not degrees > 0:
        return np.nan
    # Σ δ χ² / (χ²/d) exceeds x where Σ δ χ² − (x/d) χ² is above 0.
    weights = np.append(effects, -pearson / denominator)
    return survival(0.0, weights, np.append(ones, degrees))


def wald(
    totals: Floats,
    covariance: Floats,
    degrees_of_freedom: float,
    *,
    adjusted: bool = False,
) -> ChiSquared:
    """Test independence by the distance of cell totals from their expectation.

    Simple, but with few primary units it rejects too often; `adjusted` helps, `rao_scott` more.

    Args:
        totals: Estimated totals of cells, shape (r, k).
        covariance: Of the totals ravelled row by row, shape (r·k, r·k).
        degrees_of_freedom: ν of the whole design.
        adjusted: Whether ν is reduced by the number of contrasts (`adjWald`).

    Returns:
        The test, NaN where ν leaves no denominator or the contrasts have no inverse.

    Raises:
        DataError: The table is smaller than 2 × 2 or has an empty row or column.

    Source:
        Koch, Freeman and Freeman (1975); Thomas and Rao (1987); R survey 4.5 `svychisq`.
    """
    _check_table(totals)
    r, k = totals.shape
    rows, columns, total = totals.sum(axis=1), totals.sum(axis=0), float(totals.sum())
    excess = totals - np.outer(rows, columns) / total
    gradient = _excess_gradient(rows, columns, total)
    used = np.arange(r * k).reshape(r, k)[1:, 1:].ravel()
    variance = (gradient @ covariance @ gradient.T)[np.ix_(used, used)]
    distance = excess.ravel()[used]
    contrasts = float(used.size)
    denominator = degrees_of_freedom - contrasts + 1 if adjusted else degrees_of_freedom
    name = ADJUSTED_WALD if adjusted else WALD
    if np.linalg.matrix_rank(variance, hermitian=True) < used.size:
        return _result(name, np.nan, contrasts, denominator, np.nan)
    value = float(distance @ np.linalg.solve(variance, distance)) / contrasts
    if adjusted:
        value *= denominator / degrees_of_freedom if degrees_of_freedom > 0 else np.nan
    return _f_test(name, value, contrasts, denominator)


def weighted_chi_squared_sf(x: float, weights: Floats, sizes: Floats | None = None) -> float:
    """Give the chance that a weighted sum of χ² variables exceeds x.

    Args:
        x: Where.
        weights: One a term, shape (m,), of either sign.
        sizes: Degrees of freedom of the terms, not necessarily whole; 1 by default.

    Returns:
        Probability, absolute error below 1e-9.

    Source:
        Inversion of the characteristic function as in Imhof (1961), Biometrika 48, taken along a
        parabola through the saddlepoint, where the integrand neither oscillates nor lingers.
    """
    degrees = np.ones(weights.size) if sizes is None else sizes
    if x < 0:
        return 1 - weighted_chi_squared_sf(-x, -weights, degrees)
    largest = float(np.max(weights))
    if largest <= 0:
        return 0.0
    a, at = weights / largest, x / largest
    if at == 0 and np.all(a >= 0):
        return 1.0
    # The path crosses the real axis between the pole at 0 and the branch point at 1/2.
    crossing = min(max(_saddlepoint(at, a, degrees), 0.1), 0.45)
    bend = 1.0 if at > 0 else 0.0

    def integrand(u: float) -> float:
        place = complex(crossing + bend * u * u, u)
        cumulant = -0.5 * np.sum(degrees * np.log(1 - 2 * place * a))
        value = np.exp(cumulant - place * at) / place * complex(2 * bend * u, 1)
        return float(value.imag) / np.pi

    near, _ = integrate.quad(integrand, 0, 1, limit=200, epsabs=1e-13, epsrel=1e-10)
    far, _ = integrate.quad(integrand, 1, np.inf, limit=200, epsabs=1e-13, epsrel=1e-10)
    return float(np.clip(near + far, 0.0, 1.0))


def _saddlepoint(at: float, a: Floats, degrees: Floats) -> float:
    """Find where the cumulant function has slope `at`; weights scaled to a maximum of 1."""

    def slope(zeta: float) -> float:
        return float(np.sum(degrees * a / (1 - 2 * zeta * a))) - at

    # The function lives between the poles of the largest positive and negative weight.
    high = 0.5 * (1 - 1e-12)
    negative = a[a < 0]
    if negative.size:
        low = float(0.5 / negative.min()) * (1 - 1e-12)
    else:
        low = -0.5 * float(np.sum(degrees)) / at
    return float(optimize.brentq(slope, low, high, xtol=1e-15, rtol=1e-14))


def saddlepoint_sf(x: float, weights: Floats, sizes: Floats | None = None) -> float:
    """Approximate the chance that a weighted sum of χ² variables exceeds x.

    Args:
        x: Where; above 0 unless some weights are negative.
        weights: One a term, shape (m,), some positive.
        sizes: Degrees of freedom of the terms; 1 by default.

    Returns:
        Probability; where the saddlepoint lies within 1e-4 of 0 the formula breaks down and the
        exact probability is given.

    Source:
        Kuonen (1999), Biometrika 86, equation 3 (Lugannani–Rice in the form of Barndorff-Nielsen).
    """
    degrees = np.ones(weights.size) if sizes is None else sizes
    largest = float(np.max(weights))
    a, at = weights / largest, x / largest
    zeta = _saddlepoint(at, a, degrees)
    if abs(zeta) < 1e-4:
        return weighted_chi_squared_sf(x, weights, degrees)
    cumulant = -0.5 * float(np.sum(degrees * np.log1p(-2 * zeta * a)))
    curvature = 2 * float(np.sum(degrees * a**2 / (1 - 2 * zeta * a) ** 2))
    w = np.sign(zeta) * np.sqrt(2 * (zeta * at - cumulant))
    return float(distributions.normal_tail(w + np.log(zeta * np.sqrt(curvature) / w) / w))


def _pearson(shares: Floats, n_rows: int) -> float:
    """Give Pearson's X² of the shares as if they came from n_rows independent people."""
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0)) / shares.sum()
    return float(n_rows * np.sum((shares - expected) ** 2 / expected))


def _design_effects(shares: Floats, covariance: Floats, n_rows: int) -> Floats:
    """Find the eigenvalues of Δ: design variance of the interactions over the assumed one."""
    r, k = shares.shape
    contrasts = _interactions(r, k)
    p = shares.ravel()
    inverse = np.divide(1.0, p, out=np.zeros(p.size), where=p > 0)
    assumed = contrasts.T @ (inverse[:, None] * contrasts) / n_rows
    weighted = inverse[:, None] * contrasts
    real = weighted.T @ covariance @ weighted
    # Empty cells can leave fewer interactions than contrasts; then no test is made.
    if np.linalg.matrix_rank(assumed, hermitian=True) < len(assumed):
        return np.full(len(assumed), np.nan)
    effects = np.real(np.linalg.eigvals(np.linalg.solve(assumed, real)))
    return np.asarray(np.maximum(effects, 0.0))


def _interactions(r: int, k: int) -> Floats:
    """Span the space of tables orthogonal to row and column effects, shape (r·k, (r−1)(k−1))."""

    def centred(n: int) -> Floats:
        return np.asarray(np.eye(n)[:, 1:] - 1 / n)

    return np.asarray(np.kron(centred(r), centred(k)))


def _excess_gradient(rows: Floats, columns: Floats, total: float) -> Floats:
    """Differentiate cell − row × column / total by every cell, shape (r·k, r·k)."""
    r, k = rows.size, columns.size
    by_row = np.kron(np.eye(r), np.ones((k, k))) * np.tile(columns, r)[:, None]
    by_column = np.kron(np.ones((r, r)), np.eye(k)) * np.repeat(rows, k)[:, None]
    by_total = np.outer(np.outer(rows, columns).ravel(), np.ones(r * k))
    return np.asarray(np.eye(r * k) - (by_row + by_column) / total + by_total / total**2)


def _f_test(name: str, value: float, numerator: float, denominator: float) -> ChiSquared:
    """Refer a ratio to F; no denominator gives no p value."""
    p = float(distributions.f_tail(value, numerator, denominator)) if denominator > 0 else np.nan
    return _result(name, value, numerator, denominator, p)


def _result(
    name: str, value: float, numerator: float, denominator: float, p_value: float
) -> ChiSquared:
    """Put a test together."""
    return ChiSquared(
        statistic=name,
        value=value,
        numerator_df=numerator,
        denominator_df=denominator,
        p_value=p_value,
    )


def _check_table(table: Floats) -> None:
    """Refuse tables without a question of association in them."""
    if table.ndim != 2 or min(table.shape) < 2:
        msg = (
            f"a table of shape {' × '.join(map(str, table.shape))} has no association to test; "
            "both variables need at least 2 answers"
        )
        raise DataError(msg)
    if np.any(table.sum(axis=0) <= 0) or np.any(table.sum(axis=1) <= 0):
        msg = "the table has a row or column without weight; leave that answer out of the test"
        raise DataError(msg)

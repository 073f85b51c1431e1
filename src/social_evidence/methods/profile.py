"""The profile of the working likelihood behind the `likelihood` interval.

Letters: p a share, S the sum of scaled weights, D the deviance of a logistic model with an
intercept alone, β its log-odds, z the signed root of what D rises by, λ the ratio of the design
variance of β to the variance its model claims, t a quantile of Student's t.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy import optimize, special

from social_evidence.methods import distributions
from social_evidence.methods.arrays import Bools, Floats, Ints

# Constants of R's `glm` and `profile`: convergence, iterations, steps a side.
_CONVERGED: Final = 1e-8
_ITERATIONS: Final = 25
_STEPS: Final = 9
_FAR: Final = 30.0

DesignKind = Literal["linear", "calibrated", "replicate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingModel:
    """What R's fitted model brings into its profile, one number a domain, shape (c,).

    Attributes:
        rows: Rows in the fit, weight 0 included.
        size: S, the sum of weights scaled to mean 1 over all rows of the domain.
        dispersion: Variance of Pearson residuals.
        spread: p(1 − p) at the iteration before the last, from which R takes its weights.
    """

    rows: Floats
    size: Floats
    dispersion: Floats
    spread: Floats


def working_model(
    y: Floats,
    weight: Floats,
    domain: Ints | None = None,
    *,
    n_domains: int = 1,
    kind: DesignKind = "linear",
) -> WorkingModel:
    """Follow R's fit of an intercept to 0/1 answers, to where it stops.

    Two traces of the fit reach R's limits: the weights of unanswered rows in the dispersion, and
    the weights of the last iteration but one. Both vanish in large samples; agreeing with R to six
    decimals needs them.

    Args:
        y: 0, 1 or NaN (not answered), shape (n,).
        weight: Full-sample weights, calibrated where the design is, shape (n,).
        domain: Code of each row's domain, −1 outside; None is one domain of all rows.
        n_domains: Number of domains.
        kind: How the variance is estimated; the dispersion differs.

    Returns:
        One record of arrays over domains; NaN where nobody answered.

    Source:
        R 4.2 `glm.fit` for the binomial family; R survey 4.5 `svyglm` and its residuals.
    """
    codes = np.zeros(y.size, dtype=np.int64) if domain is None else domain
    fits = [_fit(y, weight, codes == code, kind) for code in range(n_domains)]
    rows, size, dispersion, spread = np.array(fits, dtype=np.float64).reshape(n_domains, 4).T
    return WorkingModel(rows=rows, size=size, dispersion=dispersion, spread=spread)


def _fit(
    y: Floats, weight: Floats, inside: Bools, kind: DesignKind
) -> tuple[float, float, float, float]:
    """Fit one domain: rows, size, dispersion and spread."""
    # A subpopulation of a calibrated design keeps every row in R, with weight 0 outside.
    kept = np.ones_like(inside) if kind == "calibrated" else inside
    w = np.where(inside, weight, 0.0)[kept]
    values = y[kept]
    answered = ~np.isnan(values)
    if not np.any(w[answered] > 0):
        return np.nan, np.nan, np.nan, np.nan
    scaled = w / w.mean()
    used = answered & (w > 0)
    ratio = w[answered].sum() / w.sum() if kind == "calibrated" else w[answered].mean() / w.mean()
    base = float(used.sum())
    correction = 1.0 if kind == "replicate" else np.divide(base, base - 1) if base > 1 else np.nan
    return (
        float(answered.sum()),
        float(scaled[answered].sum()),
        float(ratio * correction),
        _spread_before_last(values[used], scaled[used]),
    )


def _spread_before_last(y: Floats, w: Floats) -> float:
    """Iterate as `glm.fit` does and give p(1 − p) of the last weights it used."""
    start = (w * y + 0.5) / (w + 1)
    deviance = float(-2 * np.sum(w * np.log(np.where(y == 1, start, 1 - start))))
    slope = start * (1 - start)
    target = special.logit(start) + (y - start) / slope
    beta = float(np.sum(w * slope * target) / np.sum(w * slope))
    share, size = float(np.sum(w * y) / np.sum(w)), float(np.sum(w))
    spread = np.nan
    for _ in range(_ITERATIONS):
        previous, deviance = deviance, _deviance(share, size, beta)
        if abs(deviance - previous) / (abs(deviance) + 0.1) < _CONVERGED:
            break
        fitted = special.expit(beta)
        spread = fitted * (1 - fitted)
        if spread == 0:
            break
        beta = beta + (share - fitted) / spread
    return float(spread)


def _deviance(share: float, size: float, beta: float) -> float:
    """Give the deviance of the log-odds for a share of 0/1 answers."""
    lost = share * np.logaddexp(0, -beta) + (1 - share) * np.logaddexp(0, beta)
    return float(2 * size * lost)


def likelihood_ratio_limits(
    p: Floats,
    standard_error: Floats,
    link_standard_error: Floats,
    critical: Floats,
    working: WorkingModel | None,
) -> tuple[Floats, Floats]:
    """Find where the deviance has risen by t² design variances.

    Args:
        p: Shares, shape (c,); NaN at 0 and 1.
        standard_error: Shape (c,).
        link_standard_error: Of the log-odds, shape (c,).
        critical: t, shape (c,).
        working: R's working model for R's limits, or None for the exact solution.

    Returns:
        Lower and upper limits, shape (c,); NaN where an input is NaN or a standard error is 0.

    Source:
        Rao and Scott (1984), Annals of Statistics 12: a likelihood ratio divided by its design
        effect is referred to F.
    """
    lower, upper = np.full(p.shape, np.nan), np.full(p.shape, np.nan)
    usable = np.isfinite(p * standard_error * link_standard_error * critical) & (standard_error > 0)
    for i in map(int, np.flatnonzero(usable)):
        if working is None:
            rise = critical[i] ** 2 * standard_error[i] ** 2 / (p[i] * (1 - p[i]))
            lower[i], upper[i] = _solved(float(p[i]), float(rise))
        else:
            lower[i], upper[i] = _profiled(
                float(p[i]), float(link_standard_error[i]), float(critical[i]), working, i
            )
    return lower, upper


def _solved(p: float, rise: float) -> tuple[float, float]:
    """Solve 2 KL(p, q) = rise on either side of p."""

    def excess(log_odds: float) -> float:
        return _deviance(p, 1.0, log_odds) - least - rise

    centre = float(special.logit(p))
    least = _deviance(p, 1.0, centre)
    low, high = centre - 1, centre + 1
    while excess(low) < 0:
        low -= 2 * (centre - low)
    while excess(high) < 0:
        high += 2 * (high - centre)
    return (
        float(special.expit(optimize.brentq(excess, low, centre, xtol=1e-13))),
        float(special.expit(optimize.brentq(excess, centre, high, xtol=1e-13))),
    )


def _profiled(
    p: float, link_error: float, critical: float, working: WorkingModel, i: int
) -> tuple[float, float]:
    """Read limits from a spline through a coarse profile, as R does."""
    size, dispersion = float(working.size[i]), float(working.dispersion[i])
    cut = critical * link_error * np.sqrt(size * float(working.spread[i]))
    # 1 − α is rounded before it is inverted, which matters where α is tiny.
    level = 1 - float(distributions.normal_tail(cut)) / 2
    farthest = float(np.sqrt(distributions.f_quantile(level, 1, float(working.rows[i]) - 1)))
    if not np.isfinite(farthest) or not np.isfinite(dispersion):
        return np.nan, np.nan
    centre = float(special.logit(p))
    least = _deviance(p, size, centre)
    points = [(centre, 0.0)]
    for side in (-1, 1):
        for step in range(1, _STEPS + 1):
            beta = centre + side * step * farthest / 5 * link_error
            rise = max(_deviance(p, size, _within_reach(beta)) - least, 0.0) / dispersion
            points.append((beta, side * float(np.sqrt(rise))))
            if np.sqrt(rise) >= farthest:
                break
    odds, z = _spline(np.array(sorted(points)))
    order = np.argsort(z, kind="stable")
    limits = np.interp([-cut, cut], z[order], odds[order], left=np.nan, right=np.nan)
    return float(special.expit(limits[0])), float(special.expit(limits[1]))


def _within_reach(beta: float) -> float:
    """Hold log-odds where R's inverse link does: beyond ±30 at those of the machine precision."""
    return beta if abs(beta) <= _FAR else float(np.copysign(-np.log(np.finfo(float).eps), beta))


def _spline(points: Floats) -> tuple[Floats, Floats]:
    """Evaluate the cubic spline through the points at three times as many places.

    The end conditions give the outer pieces the third derivative of the cubic through the four
    outermost points (Forsythe, Malcolm and Moler 1977).
    """
    x, y = points.T
    n, h = x.size, np.diff(x)
    slope = np.diff(y) / h
    system, right = np.zeros((n, n)), np.zeros(n)
    for j in range(1, n - 1):
        system[j, j - 1 : j + 2] = h[j - 1], 2 * (h[j - 1] + h[j]), h[j]
    right[1:-1] = np.diff(slope)
    system[0, :2], system[-1, -2:] = (-1, 1), (-1, 1)
    if n > 3:
        second = np.diff(slope) / (x[2:] - x[:-2])
        third = np.diff(second) / (x[3:] - x[:-3])
        right[0], right[-1] = h[0] * third[0], h[-1] * third[-1]
    bend = np.linalg.solve(system, right)
    places = np.linspace(x[0], x[-1], 3 * n)
    k = np.clip(np.searchsorted(x, places, side="right") - 1, 0, n - 2)
    d = places - x[k]
    first = slope[k] - h[k] * (bend[k + 1] + 2 * bend[k])
    return places, y[k] + d * (first + d * (3 * bend[k] + d * (bend[k + 1] - bend[k]) / h[k]))

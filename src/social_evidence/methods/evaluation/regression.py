"""Straight-line and logistic regression, with variances that allow for unequal spread and clusters.

Notation: n rows, k columns x, weights w, bread B = (X'WX)^-1, scores s_i = w_i x_i e_i.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from social_evidence.errors import DataError, DesignError
from social_evidence.methods.arrays import Floats, Ints

_STEPS = 100
_CLOSE = 1e-13
_FAR = 30.0  # a fitted log odds beyond it is a column that tells two groups apart


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A fitted linear model.

    Attributes:
        coefficients: (k,) one a column.
        residuals: (n,) what is left over.
        bread: (k, k) inverse of the weighted cross-products.
        scores: (n, k) each row's part in the equations that were solved.
    """

    coefficients: Floats
    residuals: Floats
    bread: Floats
    scores: Floats

    def robust(self, *, small_sample: bool = False) -> Floats:
        """Give (k, k) the covariance that allows for unequal spread (HC0, or HC1 corrected).

        Source:
            White (1980), Econometrica 48, 817-838.
        """
        n, k = self.scores.shape
        factor = n / (n - k) if small_sample else 1.0
        return factor * _sandwich(self.bread, self.scores)

    def clustered(self, cluster: ArrayLike, *, parameters: int | None = None) -> Floats:
        """Give (k, k) the covariance that allows for clusters (CR1).

        Args:
            cluster: (n,) codes of clusters.
            parameters: How many the small-sample factor counts; all columns by default. Effects
                that are nested in the clusters may be left out of it.

        Raises:
            DesignError: There is one cluster only, or no row is left over.

        Source:
            Cameron and Miller (2015), Journal of Human Resources 50, 317-372, section II.B:
            G / (G - 1) times (N - 1) / (N - K).
        """
        _, code = np.unique(np.asarray(cluster), return_inverse=True)
        groups = int(code.max()) + 1
        n, k = self.scores.shape
        counted = k if parameters is None else parameters
        if groups < 2 or n <= counted:
            raise DesignError(
                f"{groups} clusters and {n} rows for {counted} parameters: a variance between "
                "clusters needs two clusters or more, and more rows than parameters."
            )
        summed = np.zeros((groups, k))
        np.add.at(summed, code, self.scores)
        factor = groups / (groups - 1) * (n - 1) / (n - counted)
        joint: Floats = factor * _sandwich(self.bread, summed)
        return joint


def least_squares(y: ArrayLike, columns: ArrayLike, weight: ArrayLike | None = None) -> Line:
    """Fit a linear model by (weighted) least squares.

    Args:
        y: (n,) values.
        columns: (n, k) the model's columns, the constant included.
        weight: (n,) weights; alike by default.

    Raises:
        DataError: A value is missing, or one column follows from others.
    """
    x, values = np.asarray(columns, dtype=np.float64), np.asarray(y, dtype=np.float64)
    own = np.ones(len(values)) if weight is None else np.asarray(weight, dtype=np.float64)
    _check(x, values, own)
    cross = x.T @ (own[:, None] * x)
    if np.linalg.matrix_rank(x * np.sqrt(own)[:, None]) < x.shape[1]:
        raise DataError(
            "One column of the model follows from the others, so their effects cannot be told "
            "apart. Leave one out."
        )
    bread: Floats = np.asarray(np.linalg.inv(cross), dtype=np.float64)
    coefficients = bread @ (x.T @ (own * values))
    residuals = values - x @ coefficients
    return Line(coefficients, residuals, bread, x * (own * residuals)[:, None])


def cluster_jackknife(y: ArrayLike, columns: ArrayLike, cluster: ArrayLike) -> Floats:
    """Give (k, k) the covariance from leaving out each cluster in turn (CV3).

    With several columns and few clusters it keeps its promise better than CR1, which is too small.

    Args:
        y: (n,) values.
        columns: (n, k) the model's columns, the constant included.
        cluster: (n,) codes of clusters.

    Raises:
        DesignError: There is one cluster only.

    Source:
        MacKinnon, Nielsen and Webb (2023), Journal of Econometrics 232, 272-299, equation 15.
    """
    x, values = np.asarray(columns, dtype=np.float64), np.asarray(y, dtype=np.float64)
    code = groups_of(cluster)
    groups = int(code.max()) + 1
    if groups < 2:
        raise DesignError("A variance between clusters needs two clusters or more.")
    cross, with_y = x.T @ x, x.T @ values
    whole = np.linalg.pinv(cross) @ with_y
    away = np.empty((groups, x.shape[1]))
    for group in range(groups):
        own = code == group
        rest = np.linalg.pinv(cross - x[own].T @ x[own])
        away[group] = rest @ (with_y - x[own].T @ values[own]) - whole
    joint: Floats = (groups - 1) / groups * (away.T @ away)
    return joint


def logistic(
    y: ArrayLike, covariates: ArrayLike, weight: ArrayLike | None = None
) -> tuple[Floats, Floats]:
    """Fit a logistic model with a constant by maximum (weighted) likelihood.

    Args:
        y: (n,) 1 or 0.
        covariates: (n, k) without the constant.
        weight: (n,) weights; alike by default.

    Returns:
        (k + 1,) coefficients, the constant first, and (n,) fitted probabilities.

    Raises:
        DataError: A value is missing, the covariates tell the two groups apart entirely, or the
            search does not settle.

    Source:
        McCullagh and Nelder (1989), Generalized Linear Models, section 4.4.
    """
    values = np.asarray(y, dtype=np.float64)
    x = np.column_stack([np.ones(len(values)), np.asarray(covariates, dtype=np.float64)])
    own = np.ones(len(values)) if weight is None else np.asarray(weight, dtype=np.float64)
    _check(x, values, own)
    # Columns of one size make the search steady; their coefficients are turned back at the end.
    size = np.abs(x).max(axis=0)
    scaled = x / np.where(size > 0, size, 1.0)
    found = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        fitted = special.expit(scaled @ found)
        curve = (scaled * (own * fitted * (1 - fitted))[:, None]).T @ scaled
        try:
            step = np.linalg.solve(curve, scaled.T @ (own * (values - fitted)))
        except np.linalg.LinAlgError:
            break
        found = found + step
        if not np.abs(scaled @ found).max() < _FAR:
            break
        if np.abs(step).max() < _CLOSE * max(1.0, np.abs(found).max()):
            return found / np.where(size > 0, size, 1.0), special.expit(scaled @ found)
    raise DataError(
        "The logistic model does not settle: a column, or several together, tell the two groups "
        "apart entirely, or one follows from the others. Leave it out or widen its groups."
    )


def dummies(codes: ArrayLike) -> Floats:
    """Give (n, levels - 1) a column of 0 and 1 for every level but the first, in rising order."""
    levels, code = np.unique(np.asarray(codes), return_inverse=True)
    columns: Floats = (code[:, None] == np.arange(1, levels.size)[None, :]).astype(np.float64)
    return columns


def groups_of(codes: ArrayLike) -> Ints:
    """Number codes from 0 in rising order."""
    return np.asarray(np.unique(np.asarray(codes), return_inverse=True)[1], dtype=np.int64)


def _sandwich(bread: Floats, scores: Floats) -> Floats:
    joint: Floats = bread @ (scores.T @ scores) @ bread
    return joint


def _check(x: Floats, y: Floats, weight: Floats) -> None:
    if x.ndim != 2 or x.shape[0] != y.size or weight.size != y.size:
        raise DataError(f"Columns of shape {x.shape} do not fit {y.size} values: one row a value.")
    if not (np.isfinite(x).all() and np.isfinite(y).all() and np.isfinite(weight).all()):
        missing = int((~np.isfinite(x).all(axis=1) | ~np.isfinite(y) | ~np.isfinite(weight)).sum())
        raise DataError(
            f"{missing} of {y.size} rows lack a value that the model needs. Leave those rows out "
            "and say how many, or fill the column in."
        )

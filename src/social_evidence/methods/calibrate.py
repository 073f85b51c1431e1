"""Weights that meet known population totals, and what that does to the variance.

Calibration takes out of every estimate the part that the known totals explain, so the variance is
that of the residual. The weights alone are not enough: each function returns the design with the
residual recorded in it.

Notation: n rows, d weights before, w weights after, k influence columns, q calibration columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from social_evidence.errors import DesignError
from social_evidence.methods.arrays import Floats, Ints, sum_by_code
from social_evidence.methods.design import SampleDesign

_SWEEPS = 10
"""Sweeps over the margins when the variance is raked, the number R survey uses."""

_REDUNDANT = 1e-11
"""Size, relative to the largest, under which a combination of columns adds nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostStratification:
    """Residual from post-stratum means.

    Attributes:
        cell: (n,) post-stratum of each row.
        before: (n,) weights before.
        after: (n,) weights after.
    """

    cell: Ints
    before: Floats
    after: Floats

    def residual(self, weighted: Floats) -> Floats:
        """Take the post-stratum mean, weighted as before, out of each column (n, k)."""
        n_cells = int(self.cell.max()) + 1
        influence = _over(weighted, self.after)
        size = sum_by_code(self.cell, self.before, n_cells)
        return weighted - self.after[:, None] * _cell_means(
            influence * self.before[:, None], size, self.cell
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Raking:
    """Residual from margin means, swept repeatedly as the weights were.

    Attributes:
        margins: per margin, the category of each row (n,).
        after: per margin, the weights (n,) when that margin had last been met.
    """

    margins: tuple[Ints, ...]
    after: tuple[Floats, ...]

    def residual(self, weighted: Floats) -> Floats:
        """Take unweighted margin means out of each column (n, k), ten sweeps of all margins."""
        for _ in range(_SWEEPS):
            for cell, after in zip(self.margins, self.after, strict=True):
                size = sum_by_code(cell, (after != 0).astype(np.float64), int(cell.max()) + 1)
                influence = _over(weighted, after)
                weighted = weighted - after[:, None] * _cell_means(influence, size, cell)
        return weighted


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """Residual from the weighted regression on the calibration columns.

    Attributes:
        basis: (n, q) orthonormal columns that span √d × the calibration columns.
        scale: (n,) √d × w / d.
    """

    basis: Floats
    scale: Floats

    def residual(self, weighted: Floats) -> Floats:
        """Take the regression on the calibration columns out of each column (n, k)."""
        left = _over(weighted, self.scale)
        return (left - self.basis @ (self.basis.T @ left)) * self.scale[:, None]


def poststratify(design: SampleDesign, cell: Ints, totals: Floats) -> SampleDesign:
    """Scale the weights so that each post-stratum has its known population total.

    Args:
        design: The design.
        cell: (n,) post-stratum of each row, 0 … p-1.
        totals: (p,) population totals, not negative.

    Returns:
        The design with new weights and the post-stratum residual in its variance.

    Raises:
        DesignError: A row is in no post-stratum, or a post-stratum with people in the population
            has no weight in the sample.

    Source:
        Holt and Smith (1979), Post stratification, JRSS A 142; R package survey 4.5,
        `postStratify`.
    """
    after = design.weight * _factors(design.weight, cell, totals, "post-strata")
    step = PostStratification(cell=cell, before=design.weight, after=after)
    return replace(design, weight=after, adjustments=(*design.adjustments, step))


def rake(
    design: SampleDesign,
    margins: Sequence[Ints],
    totals: Sequence[Floats],
    *,
    epsilon: float = 1.0,
    max_iterations: int = 10,
) -> SampleDesign:
    """Scale the weights to one set of known totals after the other until all are met.

    Args:
        design: The design.
        margins: Per margin, the category of each row (n,), 0 … p-1.
        totals: Per margin, the population totals (p,); all margins must add up to the same.
        epsilon: Largest change of a cell of the joint table at which to stop; under 1, a share of
            the sum of weights, as in R.
        max_iterations: Rounds over all margins before giving up.

    Returns:
        The design with new weights and the raked residual in its variance.

    Raises:
        DesignError: As in `poststratify`; or the margins add up to different populations or are
            not met after `max_iterations`.

    Source:
        Deming and Stephan (1940), Annals of Mathematical Statistics 11; Lumley (2010), Complex
        Surveys, 7.3; R package survey 4.5, `rake`. Rows with weight zero do not enter the margin
        means; in R they make the variance NaN.
    """
    populations = np.array([known.sum() for known in totals])
    if populations.max() - populations.min() > 1e-6 * populations.max():
        raise DesignError(
            f"The {len(totals)} margins add up to different populations (the largest is "
            f"{populations.max() / populations.min() - 1:.2%} above the smallest), so no weights "
            "meet them all; correct the totals."
        )
    joint = np.unique(np.stack(list(margins), axis=1), axis=0, return_inverse=True)[1].reshape(-1)
    n_joint = int(joint.max()) + 1
    limit = epsilon * design.weight.sum() if epsilon < 1 else epsilon
    weight, table = design.weight, sum_by_code(joint, design.weight, n_joint)
    for _ in range(max_iterations):
        after = []
        for number, (cell, known) in enumerate(zip(margins, totals, strict=True), start=1):
            weight = weight * _factors(weight, cell, known, f"margin {number}")
            after.append(weight)
        previous, table = table, sum_by_code(joint, weight, n_joint)
        if np.abs(table - previous).max() < limit:
            step = Raking(margins=tuple(margins), after=tuple(after))
            return replace(design, weight=weight, adjustments=(*design.adjustments, step))
    raise DesignError(
        f"Raking did not settle in {max_iterations} rounds over {len(margins)} margins; check that "
        "the margins add up to the same population, or allow more rounds or a larger epsilon."
    )


def calibrate(
    design: SampleDesign,
    x: Floats,
    totals: Floats,
    *,
    function: Literal["linear", "raking"] = "linear",
    epsilon: float = 1e-7,
    max_iterations: int = 50,
) -> SampleDesign:
    """Change the weights as little as possible so that columns have their known totals.

    Args:
        design: The design.
        x: (n, q) calibration columns, a constant one included where the population is known.
        totals: (q,) their population totals.
        function: `linear` (generalised regression, GREG; weights may become negative) or
            `raking` (exponential; weights stay positive).
        epsilon: Largest miss, relative to 1 + |total|, for `raking`.
        max_iterations: Newton steps for `raking` before giving up.

    Returns:
        The design with new weights and the regression residual in its variance.

    Raises:
        DesignError: A value of a calibration column is missing, a weight is negative, the columns
            cannot meet the totals, or `raking` does not settle.

    Source:
        Deville and Särndal (1992), Calibration estimators in survey sampling, JASA 87; R package
        survey 4.5, `calibrate`.
    """
    missing = int(np.isnan(x).any(axis=1).sum())
    if missing:
        raise DesignError(
            f"{missing} rows have no value in a calibration column; calibration needs every row."
        )
    negative = int((design.weight < 0).sum())
    if negative:
        raise DesignError(
            f"{negative} weights are negative after an earlier calibration, so they cannot be "
            "calibrated again; use the raking function in the first step."
        )
    if function == "linear":
        ratio = 1 + x @ _step(x, design.weight, totals - design.weight @ x)
    else:
        ratio = _exponential(design.weight, x, totals, epsilon, max_iterations)
    _check_met(design.weight * ratio, x, totals, max(epsilon, 1e-7))
    half = np.sqrt(design.weight)
    step = Regression(basis=_basis(half[:, None] * x), scale=half * ratio)
    return replace(design, weight=design.weight * ratio, adjustments=(*design.adjustments, step))


def _over(weighted: Floats, weight: Floats) -> Floats:
    """Return weighted / weight, 0 where the weight is 0: such a row holds nothing."""
    safe = np.where(weight == 0, 1.0, weight)
    return np.asarray(np.where((weight == 0)[:, None], 0.0, weighted / safe[:, None]))


def _cell_means(values: Floats, size: Floats, cell: Ints) -> Floats:
    """(n, k) sums of values over the row's cell, divided by the cell's size."""
    safe = np.where(size == 0, 1.0, size)
    columns = [(sum_by_code(cell, column, size.size) / safe)[cell] for column in values.T]
    return np.stack(columns, axis=1)


def _factors(weight: Floats, cell: Ints, totals: Floats, what: str) -> Floats:
    """(n,) what to multiply each weight by."""
    outside = int(((cell < 0) | (cell >= totals.size)).sum())
    if outside:
        raise DesignError(
            f"{outside} rows are in none of the {totals.size} categories of the {what}; every row "
            "needs a category with a known population total."
        )
    sampled = sum_by_code(cell, weight, totals.size)
    empty = int(((sampled == 0) & (totals > 0)).sum())
    if empty or (totals < 0).any() or np.isnan(totals).any():
        raise DesignError(
            f"Of the {totals.size} categories of the {what}, {empty} have people in the population "
            f"but no weight in the sample and {int((~(totals >= 0)).sum())} have a missing or "
            "negative total; join categories or correct the totals."
        )
    return np.asarray((totals / np.where(sampled == 0, 1.0, sampled))[cell])


def _step(x: Floats, weight: Floats, miss: Floats) -> Floats:
    """(q,) the Newton step; redundant columns are allowed where the totals agree."""
    # The singular values of √w·x, not those of x'wx, keep half of the digits from being lost.
    _, size, right = np.linalg.svd(np.sqrt(weight)[:, None] * x, full_matrices=False)
    kept = size > size.max(initial=0.0) * _REDUNDANT
    turned = (right[kept] @ miss) / size[kept] ** 2
    return np.asarray(right[kept].T @ turned)


def _exponential(
    weight: Floats, x: Floats, totals: Floats, epsilon: float, max_iterations: int
) -> Floats:
    """(n,) exp(x'λ) that meets the totals."""
    ratio = np.ones(weight.size)
    eta = np.zeros(weight.size)
    for _ in range(max_iterations):
        miss = totals - (weight * ratio) @ x
        if (np.abs(miss) / (1 + np.abs(totals))).max() < epsilon:
            return ratio
        move = x @ _step(x, weight * ratio, miss)
        # A long step overshoots an exponential, so no row moves by more than a factor of e².
        eta = eta + move * min(1.0, 2.0 / max(float(np.abs(move).max()), 1e-300))
        ratio = np.exp(eta)
    raise DesignError(
        f"Calibration by raking did not meet its {totals.size} totals in {max_iterations} steps; "
        "check the totals, or allow more steps or a larger epsilon."
    )


def _check_met(weight: Floats, x: Floats, totals: Floats, epsilon: float) -> None:
    missed = int((~(np.abs(weight @ x - totals) <= epsilon * (1 + np.abs(totals)))).sum())
    if missed:
        raise DesignError(
            f"{missed} of {totals.size} calibration totals cannot be met by this sample; columns "
            "that are sums of each other need totals that add up the same way."
        )


def _basis(columns: Floats) -> Floats:
    """(n, r) orthonormal basis; redundant columns fall away."""
    left, size, _ = np.linalg.svd(columns, full_matrices=False)
    return np.asarray(left[:, size > size.max(initial=0.0) * _REDUNDANT])

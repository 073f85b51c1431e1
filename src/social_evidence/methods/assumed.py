"""Variances where a file says nothing of its design: a stated design effect times a simple sample.

Notation: c cells, m measures; R the ratio, X its sum of weight × denominator, n the base, N the
base's sum of weights.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from social_evidence.methods.arrays import Floats, Ints

_ROUNDING = 1e-13
"""A spread below this share of the sums it is made of is rounding, and no spread."""


def overlap_inflation(places: Sequence[int], overlap: float, correlation: float) -> float:
    """Say how much people who return widen the variance of an average over waves.

    The average of k waves with equal variances V has the variance
    (1 / k²) Σₛ Σₜ cov(s, t), which is V / k for waves without people in common. Where a share
    of the people stays from one wave to the next, `overlap` to the power of the distance is still
    there some waves later, and only they bring the two waves' estimates together, with the
    correlation of two answers of one person: cov(s, t) = V × correlation × overlap^|s − t|. So
    the variance grows by 1 + (2 / k) × correlation × Σ over pairs of overlap^distance.
    The correlation is not let fall with distance, which errs on the side of wider intervals.

    Args:
        places: Of the waves in their run; two with one left out between them are two apart.
        overlap: Share of a wave's people who are in the next one too.
        correlation: Between two answers of one person.

    Returns:
        The factor; 1 where nobody returns.

    Source:
        Kish (1965), Survey Sampling, 12.4, for the covariance of overlapping samples; summed over
        pairs of waves here.
    """
    pairs = itertools.combinations(places, 2)
    shared = sum(overlap ** abs(later - earlier) for earlier, later in pairs)
    return 1 + 2 * correlation * shared / len(places)


def overlap_correlation(
    first: Sequence[int], second: Sequence[int], overlap: float, correlation: float
) -> float:
    """Say how two averages over waves are correlated, where people return whom no id links.

    With equal variances V of the waves, two averages over k and l waves have the covariance
    V × correlation × Σₛ Σₜ overlap^|s − t| / (k l), and each the variance that
    `overlap_inflation` gives. A single wave is an average over one.

    Args:
        first: Places of the waves of one average in their run.
        second: Places of those of the other; none is in both.
        overlap: Share of a wave's people who are in the next one too.
        correlation: Between two answers of one person.

    Returns:
        The correlation of the two averages.

    Source:
        As `overlap_inflation`; Kish (1965), 12.4, for the change between overlapping samples.
    """
    shared = sum(overlap ** abs(s - t) for s, t in itertools.product(first, second))
    widths = overlap_inflation(first, overlap, correlation) * overlap_inflation(
        second, overlap, correlation
    )
    return correlation * shared / float(np.sqrt(len(first) * len(second) * widths))


def variances(
    value: Floats,
    below: Floats,
    base: Ints,
    population: Floats,
    squares: tuple[Floats, Floats, Floats],
    design_effect: float,
) -> Floats:
    """Multiply the variance of a simple random sample of the same base by a design effect.

    The result is approximate, and rows that rest on it say so: it is as good as the origin of the
    design effect, which differs between questions and groups.

    Args:
        value: (c, m) ratios; NaN where there are none.
        below: (c, m) sums of weight × denominator.
        base: (c, m) unweighted respondents with a valid answer.
        population: (c, m) their sum of weights.
        squares: (c, m) each: sums of w·y², w·y·x and w·x²; for a mean x is 1.
        design_effect: Variance of the design over that of a simple random sample.

    Returns:
        (c, m) variances; NaN where the base is under two.

    Source:
        Kish (1965), Survey Sampling, 8.2; the simple variance with replacement as R package
        survey 4.5 has it for `deff = "replace"`.
    """
    yy, yx, xx = squares
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = yy - 2 * value * yx + value**2 * xx
        spread = np.where(spread <= _ROUNDING * (yy + value**2 * xx), 0.0, spread)
        simple = spread / below**2 * population / np.where(base > 1, base - 1, np.nan)
    return np.asarray(design_effect * simple, dtype=np.float64)

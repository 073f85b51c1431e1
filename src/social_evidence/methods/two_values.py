"""Variances of the difference of two values of which little more is known than their own variances.

A stated design effect, counts, and samples with people in common each say a little of how two
values vary together; what they do not say is taken on the side of wider limits.
"""

from __future__ import annotations

import numpy as np

from social_evidence.methods.arrays import Bools, Floats


def part_of_whole(part: Floats, whole: Floats, share: Floats) -> Floats:
    """Return the variance of a part's value less its whole's, from their variances alone.

    The whole is its part and the rest, y = s·y_part + (1 - s)·y_rest, and where part and rest are
    taken as independent the covariance of part and whole is s times the part's variance. The
    difference is (1 - s)(y_part - y_rest), so its variance is at least (1 - s)² times the part's,
    whatever the stated variance of the whole would leave.

    Args:
        part: Variances of the parts.
        whole: Variances of the wholes.
        share: The part's share of the denominator, in [0, 1].

    Returns:
        Variances of part minus whole.

    Source:
        The algebra of a weighted mean; as in Särndal, Swensson and Wretman (1992), 5.5, with the
        covariance of disjoint domains left out.
    """
    least = (1.0 - share) ** 2 * part
    return np.asarray(np.maximum(whole + (1.0 - 2.0 * share) * part, least))


def correlated(first: Floats, second: Floats, correlation: Floats | float) -> Floats:
    """Return the variance of a difference of two values with a known correlation.

    Args:
        first: Variances of one.
        second: Variances of the other.
        correlation: Of the two values; 0 for independent ones.

    Returns:
        Variances of the difference.

    Source:
        Kish (1965), Survey Sampling, 12.4: comparisons of overlapping samples.
    """
    return np.asarray(first + second - 2.0 * correlation * np.sqrt(first * second))


def null_variances(
    values: tuple[Floats, Floats],
    variances: tuple[Floats, Floats],
    difference: Floats,
    is_part: Bools,
) -> Floats:
    """Return the variances that differences of shares would have if there were none.

    A share near 0 or 1 has a small standard error because of where it lies: a place in which few
    happened to say yes looks surer than one in which many did, so that a test by its own error
    claims too often that it is lower. Without a difference both sides have one share R, and the
    variance of each is what it is times R(1 - R) / (r(1 - r)).

    Args:
        values: Shares of one side and of the other, which is the whole where one is its part.
        variances: Their variances.
        difference: Variances of the differences.
        is_part: Whether the first is a part of the second.

    Returns:
        The larger of this variance and that of the difference, by pair. R is the whole's share,
        else both together by their effective size.

    Source:
        Score tests compare with the variance under no difference: Agresti (2013), Categorical
        Data Analysis, 1.3 and 3.2; carried over to designs by keeping each side's design effect.
    """
    (first, second), (v, w) = values, variances
    with np.errstate(divide="ignore", invalid="ignore"):
        sizes = first * (1 - first) / v, second * (1 - second) / w
        together = (sizes[0] * first + sizes[1] * second) / (sizes[0] + sizes[1])
        share = np.where(is_part, second, together)
        wide = share * (1 - share)
        r, q = wide / (first * (1 - first)), wide / (second * (1 - second))
        shared = v + w - difference
        apart = r * v + q * w - np.sqrt(r * q) * shared
        # What a part shares with its whole is its own, and widens with it.
        nested = w + r * (difference - w)
        found = np.where(is_part, nested, apart)
    return np.where(found > difference, found, difference)


def effective_degrees_of_freedom(
    variances: tuple[Floats, Floats], degrees_of_freedom: tuple[Floats, Floats]
) -> Floats:
    """Return the degrees of freedom of a sum of two variances that are known unequally well.

    A handful of people set against a whole city bring nearly all of the variance of the
    difference, and it is no better known than theirs is, however many live in the city.

    Args:
        variances: Of one value and of the other.
        degrees_of_freedom: Of one variance and of the other; infinite: it is known.

    Returns:
        Effective degrees of freedom, at most those of both together.

    Source:
        Satterthwaite (1946), Biometrics Bulletin 2, 110-114.
    """
    (v, w), (first, second) = variances, degrees_of_freedom
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((v + w) ** 2 / (v**2 / first + w**2 / second))

"""How many people are needed, and how small a change so many could show."""

from __future__ import annotations

import math
from collections.abc import Callable

from scipy import optimize, special

from social_evidence.errors import DataError
from social_evidence.methods.distributions import normal_quantile, normal_tail, t_quantile
from social_evidence.methods.evaluation.paired import cohen_h

SIGNIFICANCE = 0.05
POWER = 0.8


def two_shares_power(
    first: float, second: float, n_first: float, n_second: float, significance: float = SIGNIFICANCE
) -> float:
    """Give the chance of seeing a difference of two shares, on the arcsine scale.

    Source:
        Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, section 6.3.
    """
    _check_shares(first, second)
    away = abs(cohen_h(first, second)) * math.sqrt(n_first * n_second / (n_first + n_second))
    return _two_sided(away, significance)


def two_shares_people(
    first: float, second: float, power: float = POWER, significance: float = SIGNIFICANCE
) -> float:
    """Give the people needed in each of two groups to see a difference of shares, unrounded.

    Source:
        Cohen (1988), section 6.4, solved with both tails.
    """
    _check_shares(first, second)
    return _solved(lambda n: two_shares_power(first, second, n, n, significance), power)


def two_shares_people_normal(
    first: float, second: float, power: float = POWER, significance: float = SIGNIFICANCE
) -> float:
    """Give the people needed in each of two groups by the normal approximation, unrounded.

    Source:
        Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, equation 4.14.
    """
    _check_shares(first, second)
    z, reach = _quantiles(power, significance)
    mean = (first + second) / 2
    root = z * math.sqrt(2 * mean * (1 - mean))
    root += reach * math.sqrt(first * (1 - first) + second * (1 - second))
    return root**2 / (first - second) ** 2


def detectable_share(
    share: float, n: float, power: float = POWER, significance: float = SIGNIFICANCE
) -> float:
    """Give the smallest difference of shares that two groups of n each could show.

    Args:
        share: Expected in both.
        n: People in each group.
        power: Chance to see it.
        significance: Two-sided.

    Source:
        Normal approximation with one variance: (z + z_power) times the root of 2 p (1 - p) / n.
    """
    z, reach = _quantiles(power, significance)
    return (z + reach) * math.sqrt(2 * share * (1 - share) / n)


def paired_t_power(n: float, size: float, significance: float = SIGNIFICANCE) -> float:
    """Give the chance that n people asked twice show a mean change of `size` spreads.

    Source:
        Cohen (1988), section 2.3; the noncentral t with n - 1, both tails.
    """
    return _t_power(n - 1, abs(size) * math.sqrt(n), significance)


def paired_t_people(size: float, power: float = POWER, significance: float = SIGNIFICANCE) -> float:
    """Give the people needed, asked twice, to see a mean change of `size` spreads, unrounded."""
    return _solved(lambda n: paired_t_power(n, size, significance), power)


def paired_t_size(n: float, power: float = POWER, significance: float = SIGNIFICANCE) -> float:
    """Give the smallest mean change, in its own spreads, that n people asked twice could show."""

    def miss(size: float) -> float:
        return paired_t_power(n, size, significance) - power

    return float(optimize.brentq(miss, 1e-9, 20.0 / math.sqrt(n), xtol=1e-14))


def two_groups_t_people(
    size: float, power: float = POWER, significance: float = SIGNIFICANCE
) -> float:
    """Give the people needed in each of two groups to see means `size` spreads apart, unrounded."""
    return _solved(lambda n: _t_power(2 * n - 2, abs(size) * math.sqrt(n / 2), significance), power)


def changed_people(
    moved: float, change: float, power: float = POWER, significance: float = SIGNIFICANCE
) -> float:
    """Give the people needed, asked yes or no twice, to see a change of share, unrounded.

    Args:
        moved: Share of people expected to change their answer either way.
        change: Net change of the share of yes.
        power: Chance to see it.
        significance: Two-sided.

    Raises:
        DataError: The net change is nothing, or more than can change.

    Source:
        Connor (1987), Biometrics 43, 207-211, equation 3.
    """
    if not 0 < abs(change) <= moved <= 1:
        raise DataError(
            f"A net change of {change:g} cannot come of {moved:g} who change their answer: it lies "
            "above 0 and is at most that share."
        )
    z, reach = _quantiles(power, significance)
    root = z * math.sqrt(moved) + reach * math.sqrt(moved - change**2)
    return root**2 / change**2


def cluster_effect(people: float, correlation: float) -> float:
    """Give by how much clusters of so many alike people multiply the people needed.

    Source:
        Kish (1965), Survey Sampling, section 5.4: 1 + (m - 1) rho.
    """
    return 1 + (people - 1) * correlation


def before_dropout(people: float, lost: float) -> float:
    """Give the people to begin with so that so many are left after a share is lost.

    Raises:
        DataError: The share lost is not in [0, 1).
    """
    if not 0 <= lost < 1:
        raise DataError(f"A share of {lost:g} lost: it lies from 0 to below 1.")
    return people / (1 - lost)


def of_few(people: float, population: float) -> float:
    """Give the people needed where there are only so many, from the number for very many.

    Source:
        Cochran (1977), Sampling Techniques, equation 4.2.
    """
    return people / (1 + (people - 1) / population)


def margin_people(share: float, margin: float, level: float = 0.95) -> float:
    """Give the people needed for a range of so much either side of a share, unrounded.

    Source:
        Cochran (1977), equation 4.1.
    """
    z = float(normal_quantile((1 + level) / 2))
    return z**2 * share * (1 - share) / margin**2


def _quantiles(power: float, significance: float) -> tuple[float, float]:
    return float(normal_quantile(1 - significance / 2)), float(normal_quantile(power))


def _two_sided(away: float, significance: float) -> float:
    z = float(normal_quantile(1 - significance / 2))
    return float(normal_tail(z - away) + normal_tail(z + away))


def _t_power(df: float, away: float, significance: float) -> float:
    limit = float(t_quantile(1 - significance / 2, df))
    above = 1 - float(special.nctdtr(df, away, limit))
    below = float(special.nctdtr(df, away, -limit))
    # Far out the tail below is nothing, and the series for it fails.
    return above + (below if math.isfinite(below) else 0.0)


def _solved(power_of: Callable[[float], float], power: float) -> float:
    low, high = 3.0, 10.0
    if power_of(low) >= power:
        return low
    while power_of(high) < power:
        low, high = high, 2 * high
        if high > 1e12:
            raise DataError("No number of people would do: the difference asked about is nothing.")
    return float(optimize.brentq(lambda n: power_of(n) - power, low, high, xtol=1e-10, rtol=1e-14))


def _check_shares(first: float, second: float) -> None:
    if not (0 <= first <= 1 and 0 <= second <= 1) or first == second:
        raise DataError(f"Shares of {first:g} and {second:g}: give two different ones from 0 to 1.")

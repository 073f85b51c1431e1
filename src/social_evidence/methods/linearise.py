"""What each respondent moves: values of means, ratios and totals with their influence.

The influence of a respondent on a statistic is all that its variance needs: `taylor` adds its
squares up over the design, and any contrast of statistics is a sum of influences.

Notation: n rows, c domains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from social_evidence.methods.arrays import Bools, Floats, Ints, sum_by_code
from social_evidence.methods.design import SampleDesign, degrees_of_freedom


@dataclass(frozen=True, slots=True, kw_only=True)
class Linearised:
    """One statistic in c domains, and what each respondent moves in the row's own domain.

    Attributes:
        value: (c,) estimates; NaN where nobody answered.
        influence: (n,) influence value in the row's domain, not weighted; 0 where the row does
            not count.
        present: (n,) domain of each answered row, -1 elsewhere.
        simple_variance: (c,) variance of a simple random sample of the base with replacement.
        base: (c,) unweighted rows with a weight other than zero and a valid answer.
        population: (c,) their sum of weights.
        degrees_of_freedom: (c,) primary units minus strata in the domain.
    """

    value: Floats
    influence: Floats
    present: Ints
    simple_variance: Floats
    base: Ints
    population: Floats
    degrees_of_freedom: Ints


def linearise_ratios(
    numerator: Floats,
    denominator: Floats,
    design: SampleDesign,
    domain: Ints | None = None,
    *,
    n_domains: int | None = None,
    universe: Bools | None = None,
) -> Linearised:
    """Linearise the ratio of two weighted totals in each domain.

    Args:
        numerator: (n,) values; a row counts only where both values are known (not NaN).
        denominator: (n,) values; ones make the ratio a mean.
        design: The design.
        domain: (n,) domain of each row, 0 … c-1; negative: in none. None: one domain of all rows.
        n_domains: c; None: the highest code plus one.
        universe: (n,) the subpopulation asked for (`where`); rows outside are in no domain.

    Returns:
        Values and influence; NaN values where the denominator adds up to zero.

    Source:
        Särndal, Swensson and Wretman (1992), 5.6.
    """
    codes, c = _domains(design, domain, n_domains, universe)
    known = (codes >= 0) & ~np.isnan(numerator) & ~np.isnan(denominator)
    own, weight = codes[known], design.weight[known]
    above = sum_by_code(own, weight * numerator[known], c)
    below = sum_by_code(own, weight * denominator[known], c)
    influence = np.zeros(design.n_rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = above / below
        value = np.where(np.isfinite(value), value, np.nan)
        moved = (numerator[known] - value[own] * denominator[known]) / below[own]
    influence[known] = np.where(np.isnan(value[own]), 0.0, moved)
    present = np.where(known, codes, -1)
    base, population = _base(design, present, c)
    squares = sum_by_code(own, weight * influence[known] ** 2, c)
    return Linearised(
        value=value,
        influence=influence,
        present=present,
        simple_variance=_simple_variance(squares * population, base),
        base=base,
        population=population,
        degrees_of_freedom=degrees_of_freedom(design, codes, c),
    )


def linearise_totals(
    y: Floats,
    design: SampleDesign,
    domain: Ints | None = None,
    *,
    n_domains: int | None = None,
    universe: Bools | None = None,
) -> Linearised:
    """Linearise the weighted total of an item in each domain.

    Args:
        y: (n,) values; NaN: not answered, adds nothing.
        design: The design.
        domain: As in `linearise_ratios`.
        n_domains: As in `linearise_ratios`.
        universe: As in `linearise_ratios`.

    Returns:
        Values and influence (the item itself); NaN values where nobody answered, and 0 where
        those who did all have weight 0.

    Source:
        Särndal, Swensson and Wretman (1992), 3.3.
    """
    codes, c = _domains(design, domain, n_domains, universe)
    known = (codes >= 0) & ~np.isnan(y)
    own, weight = codes[known], design.weight[known]
    present = np.where(known, codes, -1)
    base, population = _base(design, present, c)
    answered = np.bincount(own, minlength=c) > 0
    value = np.where(answered, sum_by_code(own, weight * y[known], c), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = sum_by_code(own, weight * (y[known] - (value / population)[own]) ** 2, c)
        simple = _simple_variance(squares * population, base)
    return Linearised(
        value=value,
        influence=np.where(known, np.nan_to_num(y), 0.0),
        present=present,
        simple_variance=simple,
        base=base,
        population=population,
        degrees_of_freedom=degrees_of_freedom(design, codes, c),
    )


def _domains(
    design: SampleDesign, domain: Ints | None, n_domains: int | None, universe: Bools | None
) -> tuple[Ints, int]:
    codes = np.zeros(design.n_rows, dtype=np.int64) if domain is None else domain
    highest = int(codes.max(initial=-1)) + 1
    if universe is not None:
        codes = np.where(universe, codes, -1)
    return codes, highest if n_domains is None else n_domains


def _base(design: SampleDesign, present: Ints, c: int) -> tuple[Ints, Floats]:
    inside = (present >= 0) & (design.weight != 0)
    base = np.bincount(present[inside], minlength=c).astype(np.int64)
    return base, sum_by_code(present[inside], design.weight[inside], c)


def _simple_variance(scaled: Floats, base: Ints) -> Floats:
    """Return the with-replacement variance of a simple random sample of the base.

    `scaled` is sum of weights × sum of w·u²: R's n/(n-1) × mean square × (sum of weights)² / n.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(base > 1, scaled / (base - 1), np.nan))

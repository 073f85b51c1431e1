"""Change in a yes or no that the same people gave before and after.

Notation: of n people, b said yes only before, c only after; change = (c - b) / n, after minus
before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, stats

from social_evidence.errors import DataError
from social_evidence.methods.distributions import beta_quantile, chi_squared_tail, normal_quantile

Limits: TypeAlias = tuple[float, float]
_EDGE = 1e-12  # how close to the ends of (-1, 1) the score statistic is evaluated


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedTable:
    """People by their answers before and after.

    Attributes:
        both: Yes before and after.
        before_only: Yes before, no after.
        after_only: No before, yes after.
        neither: No before and after.
    """

    both: int
    before_only: int
    after_only: int
    neither: int

    def __post_init__(self) -> None:
        """Refuse a table that cannot be one of people.

        Raises:
            DataError: A count is negative, or there is nobody.
        """
        counts = (self.both, self.before_only, self.after_only, self.neither)
        if min(counts) < 0 or sum(counts) == 0:
            raise DataError(
                "A table of answers before and after needs counts of people of 0 or more, and "
                "somebody in it. Check how answers were matched."
            )

    @classmethod
    def of(cls, before: ArrayLike, after: ArrayLike) -> PairedTable:
        """Count people with both answers.

        Args:
            before: (n,) 1 for yes, 0 for no, NaN for no answer.
            after: (n,) of the same people, in the same order.

        Raises:
            DataError: Answers are neither 0 nor 1, or the two are of different lengths.
        """
        first, second = matched(before, after)
        if not np.isin(np.concatenate([first, second]), (0.0, 1.0)).all():
            raise DataError(
                "Answers must be 1 (yes) or 0 (no); other codes were found. Recode them."
            )
        table = np.bincount((2 * first + second).astype(np.int64), minlength=4)
        return cls(
            both=int(table[3]),
            before_only=int(table[2]),
            after_only=int(table[1]),
            neither=int(table[0]),
        )

    @property
    def people(self) -> int:
        """How many people answered both times."""
        return self.both + self.before_only + self.after_only + self.neither

    @property
    def before(self) -> float:
        """Share of yes before."""
        return (self.both + self.before_only) / self.people

    @property
    def after(self) -> float:
        """Share of yes after."""
        return (self.both + self.after_only) / self.people

    @property
    def change(self) -> float:
        """Share after minus share before."""
        return (self.after_only - self.before_only) / self.people


def matched(before: ArrayLike, after: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Keep the people with both answers.

    Args:
        before: (n,) answers; NaN is none.
        after: (n,) of the same people.

    Raises:
        DataError: The lengths differ, or nobody answered twice.
    """
    first, second = (np.asarray(values, dtype=np.float64) for values in (before, after))
    if first.shape != second.shape or first.ndim != 1:
        raise DataError(
            f"Answers before have shape {first.shape}, after {second.shape}: give one number a "
            "person in both, in the same order, NaN where there is no answer."
        )
    known = np.isfinite(first) & np.isfinite(second)
    if not known.any():
        raise DataError("Nobody has an answer both before and after, so there is no change to see.")
    return first[known], second[known]


@dataclass(frozen=True, slots=True, kw_only=True)
class McNemar:
    """Tests that as many changed from yes to no as from no to yes.

    Attributes:
        chi_squared, p_value: Without correction; the statistic is None where nobody changed.
        corrected, corrected_p: With the continuity correction.
        exact_p: Binomial, two-sided.
        mid_p: The exact one less half the probability of what was seen: the default.
    """

    chi_squared: float | None
    p_value: float
    corrected: float | None
    corrected_p: float
    exact_p: float
    mid_p: float


def mcnemar(table: PairedTable) -> McNemar:
    """Test whether the share of yes changed.

    Args:
        table: Answers before and after.

    Returns:
        All versions of the test; where nobody changed every probability is 1.

    Source:
        McNemar (1947), Psychometrika 12, 153-157; mid-p as in Fagerland, Lydersen and Laake (2013),
        BMC Medical Research Methodology 13:91.
    """
    b, c = table.before_only, table.after_only
    if b + c == 0:
        return McNemar(
            chi_squared=None, p_value=1.0, corrected=None, corrected_p=1.0, exact_p=1.0, mid_p=1.0
        )
    plain = (b - c) ** 2 / (b + c)
    corrected = max(abs(b - c) - 1, 0) ** 2 / (b + c)
    tail = float(stats.binom.cdf(min(b, c), b + c, 0.5))
    exact = min(1.0, 2 * tail)
    point = float(stats.binom.pmf(min(b, c), b + c, 0.5))
    return McNemar(
        chi_squared=plain,
        p_value=float(chi_squared_tail(plain, 1)),
        corrected=corrected,
        corrected_p=float(chi_squared_tail(corrected, 1)),
        exact_p=exact,
        # Twice the tail passes 1 where as many changed either way: the mid-p is then 1 less half.
        mid_p=min(1.0, 2 * tail - point),
    )


def wald(table: PairedTable, level: float = 0.95) -> Limits:
    """Give the plain normal limits of the change; poor in small samples.

    Source:
        Fagerland, Lydersen and Laake (2014), Statistics in Medicine 33, 2850-2875, section 4.
    """
    n, b, c = table.people, table.before_only, table.after_only
    half = float(normal_quantile(_upper(level))) * math.sqrt(b + c - (c - b) ** 2 / n) / n
    return table.change - half, table.change + half


def bonett_price(table: PairedTable, level: float = 0.95) -> Limits:
    """Give limits of the change after adding one to each kind of change.

    Source:
        Bonett and Price (2012), Journal of Educational and Behavioral Statistics 37, 479-488.
    """
    n = table.people + 2
    down, up = (table.before_only + 1) / n, (table.after_only + 1) / n
    half = float(normal_quantile(_upper(level))) * math.sqrt((up + down - (up - down) ** 2) / n)
    return max(-1.0, up - down - half), min(1.0, up - down + half)


def newcombe(table: PairedTable, level: float = 0.95, *, corrected: bool = False) -> Limits:
    """Give limits of the change that square and add those of the two shares.

    Args:
        table: Answers before and after.
        level: In (0, 1).
        corrected: Lower the numerator of the correlation by n / 2 where it is positive (method
            10); plain otherwise (method 8).

    Source:
        Newcombe (1998), Statistics in Medicine 17, 2635-2650, methods 8 and 10.
    """
    n = table.people
    (low_after, high_after), (low_before, high_before) = (
        _wilson(share * n, n, level) for share in (table.after, table.before)
    )
    phi = _phi(table, corrected=corrected)

    def root(first: float, second: float) -> float:
        return math.sqrt(max(0.0, first**2 - 2 * phi * first * second + second**2))

    down = root(table.after - low_after, high_before - table.before)
    up = root(high_after - table.after, table.before - low_before)
    return table.change - down, table.change + up


def tango(table: PairedTable, level: float = 0.95) -> Limits:
    """Give the score limits of the change: the default, good in small samples too.

    Args:
        table: Answers before and after.
        level: In (0, 1).

    Returns:
        Limits in [-1, 1].

    Source:
        Tango (1998), Statistics in Medicine 17, 891-908, equations 3 and 4.
    """
    z = float(normal_quantile(_upper(level)))

    def crossing(side: float, low: float, high: float) -> float:
        def miss(change: float) -> float:
            return _score(table, change) - side * z

        # The score falls with the change it is asked about; at the ends it may not reach.
        if miss(low) * miss(high) > 0:
            return low if side > 0 else high
        return float(optimize.brentq(miss, low, high, xtol=1e-14, rtol=1e-14, maxiter=500))

    lowest, highest = -1 + _EDGE, 1 - _EDGE
    return crossing(1.0, lowest, table.change), crossing(-1.0, table.change, highest)


def _score(table: PairedTable, change: float) -> float:
    """Tango's statistic of a supposed change: positive where the data show more."""
    n, up, down = table.people, table.after_only, table.before_only
    a = 2 * n
    b = -up - down + (2 * n - up + down) * change
    c = -down * change * (1 - change)
    share = (math.sqrt(max(b * b - 4 * a * c, 0.0)) - b) / (2 * a)
    variance = n * (2 * share + change * (1 - change))
    miss = up - down - n * change
    if variance <= 0:
        return 0.0 if miss == 0 else math.copysign(math.inf, miss)
    return miss / math.sqrt(variance)


def conditional_odds(table: PairedTable, level: float = 0.95) -> tuple[float, Limits]:
    """Give the odds of changing to yes rather than to no, with exact limits.

    Returns:
        The odds and their limits: infinite where nobody changed to no, NaN where nobody changed.

    Source:
        Breslow and Day (1980), Statistical Methods in Cancer Research I, section 5.2, with the
        limits of Clopper and Pearson (1934).
    """
    up, down = table.after_only, table.before_only
    if up + down == 0:
        return math.nan, (math.nan, math.nan)
    tail = (1 - level) / 2
    low = 0.0 if up == 0 else float(beta_quantile(tail, up, down + 1))
    high = 1.0 if down == 0 else float(beta_quantile(1 - tail, up + 1, down))
    return _odds(up, down), (_odds(low, 1 - low), _odds(high, 1 - high))


def cohen_h(before: float, after: float) -> float:
    """Give the difference of two shares on the arcsine scale, after minus before.

    Source:
        Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, equation 6.2.1.
    """
    return 2 * math.asin(math.sqrt(after)) - 2 * math.asin(math.sqrt(before))


def _odds(part: float, rest: float) -> float:
    return part / rest if rest else math.inf


def _upper(level: float) -> float:
    if not 0 < level < 1:
        raise DataError(f"level is {level!r}; it lies between 0 and 1, for example 0.95.")
    return (1 + level) / 2


def _wilson(yes: float, n: int, level: float) -> Limits:
    z = float(normal_quantile(_upper(level)))
    share = yes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return centre - half, centre + half


def _phi(table: PairedTable, *, corrected: bool) -> float:
    yes_before = table.both + table.before_only
    yes_after = table.both + table.after_only
    n = table.people
    margins = yes_before * (n - yes_before) * yes_after * (n - yes_after)
    if margins == 0:
        return 0.0
    above = float(table.both * table.neither - table.before_only * table.after_only)
    if corrected and above > 0:
        above = max(above - n / 2, 0.0)
    return above / math.sqrt(margins)

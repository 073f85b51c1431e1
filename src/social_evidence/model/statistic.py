"""What may be asked of a survey file: a proportion, a mean, a total, a ratio or a quantile.

A `variable` is the exact name of a column or, where no column has that name, one SQL scalar such
as `api00 > 650` or `"api.stu" / 2`; the allow-list for derived variables decides what it may hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from social_evidence.errors import DefinitionError

Value: TypeAlias = str | int | float | bool

PROPORTION_INTERVALS: Final = ("logit", "xlogit", "beta", "wilson", "asin", "likelihood", "mean")
QUANTILE_INTERVALS: Final = ("mean", "beta", "xlogit", "score")
QUANTILE_RULES: Final = ("math", "school", "shahvaish", "hf7")


@dataclass(frozen=True, slots=True)
class Proportion:
    """The share of valid answers that equal a value, or one of several.

    Attributes:
        variable: Column or SQL scalar.
        value: The answer that counts (a tuple: any of them); true counts as 1.
        interval: One of `PROPORTION_INTERVALS`.
        exact_at_edges: Whether a share of exactly 0 or 1 takes the exact (`beta`) limits. R's
            default interval there has no width, as if a small sample could be certain.
    """

    variable: str
    value: Value | tuple[Value, ...] = 1
    interval: str = "logit"
    exact_at_edges: bool = True

    statistic: Literal["proportion"] = "proportion"

    def __post_init__(self) -> None:
        _check_choice("interval", self.interval, PROPORTION_INTERVALS, self.statistic)
        if not self.values:
            raise DefinitionError(
                f"proportion: no value of {self.variable!r} is named, so nothing would count."
            )

    @property
    def values(self) -> tuple[Value, ...]:
        """The answers that count, always as a tuple."""
        return self.value if isinstance(self.value, tuple) else (self.value,)


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of a number over its valid answers."""

    variable: str
    statistic: Literal["mean"] = "mean"


@dataclass(frozen=True, slots=True)
class Total:
    """The weighted total of a number over its valid answers."""

    variable: str
    statistic: Literal["total"] = "total"


@dataclass(frozen=True, slots=True)
class Ratio:
    """The ratio of two weighted totals, over rows where both are answered."""

    numerator: str
    denominator: str
    statistic: Literal["ratio"] = "ratio"


@dataclass(frozen=True, slots=True)
class Quantile:
    """A weighted quantile of a number with Woodruff limits.

    Attributes:
        variable: Column or SQL scalar.
        q: Probability between 0 and 1; 0.5 is the median.
        interval: How the proportion below is bounded: one of `QUANTILE_INTERVALS`.
        rule: How the weighted distribution is inverted: one of `QUANTILE_RULES`.
    """

    variable: str
    q: float = 0.5
    interval: str = "mean"
    rule: str = "math"
    statistic: Literal["quantile"] = "quantile"

    def __post_init__(self) -> None:
        if not 0 < self.q < 1:
            raise DefinitionError(
                f"quantile: q is {self.q!r}; it must lie between 0 and 1 (0.5 is the median)."
            )
        _check_choice("interval", self.interval, QUANTILE_INTERVALS, self.statistic)
        _check_choice("rule", self.rule, QUANTILE_RULES, self.statistic)


Statistic: TypeAlias = Proportion | Mean | Total | Ratio | Quantile


def variables_of(statistic: Statistic) -> tuple[str, ...]:
    """List the columns or SQL scalars that a statistic reads."""
    if isinstance(statistic, Ratio):
        return (statistic.numerator, statistic.denominator)
    return (statistic.variable,)


def short_label(statistic: Statistic) -> str:
    """Name what a statistic is about: its variable, `numerator/denominator` for a ratio."""
    return "/".join(variables_of(statistic))


def full_label(statistic: Statistic) -> str:
    """Name it so that two statistics of one variable can be told apart: `race=2`, `api00@0.25`."""
    if isinstance(statistic, Proportion):
        return f"{statistic.variable}={','.join(str(value) for value in statistic.values)}"
    if isinstance(statistic, Quantile):
        return f"{statistic.variable}@{statistic.q:g}"
    return short_label(statistic)


def proportion(
    variable: str,
    value: Value | Sequence[Value] = 1,
    interval: str = "logit",
    *,
    exact_at_edges: bool = True,
) -> Proportion:
    """Ask for the share of valid answers that equal `value`, or one of several values.

    Args:
        variable: Column or SQL scalar; a condition such as `age >= 65` is true (1) or false (0).
        value: Code of the answer, or its label where the file has labels.
        interval: `logit`, `xlogit`, `beta` (Korn and Graubard), `wilson`, `asin`, `likelihood`
            or `mean`.
        exact_at_edges: False gives at exactly 0 and 1 what R's `svyciprop` gives.
    """
    several = tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
    return Proportion(variable, several, interval, exact_at_edges)


def mean(variable: str) -> Mean:
    """Ask for the mean of a number; of a condition, its share with a symmetrical interval."""
    return Mean(variable)


def total(variable: str) -> Total:
    """Ask for the weighted total of a number; of a condition, how many people meet it."""
    return Total(variable)


def ratio(numerator: str, denominator: str) -> Ratio:
    """Ask for the ratio of two weighted totals."""
    return Ratio(numerator, denominator)


def quantile(
    variable: str, q: float = 0.5, *, interval: str = "mean", rule: str = "math"
) -> Quantile:
    """Ask for a weighted quantile with Woodruff limits; `q` 0.5 is the median.

    `interval` and `rule` are R's `interval.type` and `qrule`.
    """
    return Quantile(variable, q, interval, rule)


def _check_choice(field: str, given: str, known: Sequence[str], statistic: str) -> None:
    if given not in known:
        raise DefinitionError(f"{statistic}: {field} is {given!r}; say one of {', '.join(known)}.")

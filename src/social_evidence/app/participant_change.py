"""Change in what participants say, before and after: the one place its number and range come from.

The rows of a release and the report of an evaluation both ask here, so that they cannot differ.
People of one project share its leader, its rooms and each other: where they come from two projects
or more the range is between projects (CR1, t with one less than the projects), and the range that
takes people one by one stands beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from social_evidence.errors import DataError
from social_evidence.methods.arrays import Codes, Floats
from social_evidence.methods.distributions import normal_quantile, t_quantile, t_tail
from social_evidence.methods.evaluation.ordinal import signed_ranks
from social_evidence.methods.evaluation.paired import (
    Limits,
    PairedTable,
    matched,
    mcnemar,
    tango,
)
from social_evidence.methods.evaluation.regression import least_squares
from social_evidence.methods.evaluation.scores import clustered_change
from social_evidence.methods.evaluation.scores import score_change as one_by_one

FEWEST_PROJECTS: Final = 10
"""Projects under which a range between projects is called rough."""

Method: TypeAlias = Literal["cr1", "tango", "t", "newcombe"]
_NOTHING: Final = 1e-12  # a standard error below it is rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedChange:
    """A change, after less before, with its range.

    Attributes:
        before, after: Shares in [0, 1], or mean scores. For an ordered scale the shares of people
            whose answer fell and rose.
        change: `after` less `before`.
        standard_error: None where the method gives none.
        lower, upper: 95% limits; None where there is nothing to work them out from.
        p_value: That there is no change: t between projects, mid-p McNemar one by one; None
            likewise.
        people: With both answers; in a design without pairs all who answered.
        projects: From which they come.
        degrees_of_freedom: Of t; None where the limits are no t.
        method: `cr1` between projects; one by one `tango` (shares), `t` (scores) and `newcombe`
            (shares of different people).
        is_rough: Between fewer than ten projects.
        one_by_one: The limits that take people one by one: the twin of those between projects.
        one_by_one_p: Its p value.
    """

    before: float
    after: float
    change: float
    standard_error: float | None
    lower: float | None
    upper: float | None
    p_value: float | None
    people: int
    projects: int
    degrees_of_freedom: int | None
    method: Method
    is_rough: bool
    one_by_one: Limits | None
    one_by_one_p: float | None


def share_change(
    before: ArrayLike, after: ArrayLike, project: ArrayLike, *, level: float = 0.95
) -> PairedChange:
    """Measure the change of a yes or no in the same people.

    Args:
        before: (n,) 1 for yes, 0 for no, NaN for no valid answer.
        after: (n,) of the same people in the same order, at whichever later wave.
        project: (n,) codes of projects, never missing.
        level: Of the limits, in (0, 1).

    Raises:
        DataError: Nobody has both answers, or an answer is neither 0 nor 1.

    Source:
        Between projects Cameron and Miller (2015), Journal of Human Resources 50, 317-372, II.B;
        one by one Tango (1998), Statistics in Medicine 17, 891-908, and mid-p McNemar.
    """
    first, second, code = _paired(before, after, project)
    table = PairedTable.of(first, second)
    plain = _Plain(
        before=table.before,
        after=table.after,
        people=table.people,
        limits=tango(table, level),
        p_value=mcnemar(table).mid_p,
        method="tango",
    )
    return _between(first, second, code, plain, level)


def score_change(
    before: ArrayLike, after: ArrayLike, project: ArrayLike, *, level: float = 0.95
) -> PairedChange:
    """Measure the change of a mean score in the same people.

    Args:
        before: (n,) scores, NaN for none.
        after: (n,) of the same people.
        project: (n,) codes of projects.
        level: Of the limits.

    Raises:
        DataError: Nobody has both scores.
    """
    first, second, code = _paired(before, after, project)
    limits: Limits | None = None
    p_value: float | None = None
    # Two people, or people who all moved alike, leave no spread to work a range out from.
    if first.size > 2 and np.ptp(second - first) > 0:
        single = one_by_one(first, second, level)
        limits, p_value = single.limits, single.p_value
    plain = _Plain(
        before=float(first.mean()),
        after=float(second.mean()),
        people=first.size,
        limits=limits,
        p_value=p_value,
        method="t",
    )
    return _between(first, second, code, plain, level)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedChange:
    """Moves on an ordered scale.

    Attributes:
        rose, stayed, fell: People by which way their answer moved.
        net: Share who rose less share who fell, with its range; its `before` is the share who
            fell, its `after` the share who rose.
        rank_biserial: From -1 (all who moved fell) to 1; None where nobody moved.
        signed_rank_p: Wilcoxon's, people taken one by one.
    """

    rose: int
    stayed: int
    fell: int
    net: PairedChange
    rank_biserial: float | None
    signed_rank_p: float


def ordered_change(
    before: ArrayLike, after: ArrayLike, project: ArrayLike, *, level: float = 0.95
) -> OrderedChange:
    """Measure moves on an ordered scale by the same people.

    Args:
        before: (n,) codes in rising order, NaN for no valid answer.
        after: (n,) of the same people.
        project: (n,) codes of projects.
        level: Of the limits.

    Raises:
        DataError: Nobody has both answers.
    """
    first, second, code = _paired(before, after, project)
    way = np.sign(second - first)
    rose, fell = (way > 0).astype(np.float64), (way < 0).astype(np.float64)
    net = share_change(fell, rose, code, level=level)
    ranks = signed_ranks(first, second)
    return OrderedChange(
        rose=int(rose.sum()),
        stayed=int((way == 0).sum()),
        fell=int(fell.sum()),
        net=net,
        rank_biserial=ranks.rank_biserial if math.isfinite(ranks.rank_biserial) else None,
        signed_rank_p=ranks.p_value,
    )


def unpaired_change(
    before: ArrayLike,
    after: ArrayLike,
    project_before: ArrayLike,
    project_after: ArrayLike,
    *,
    level: float = 0.95,
) -> PairedChange:
    """Measure the change of a yes or no between two sets of people who cannot be matched.

    Args:
        before: (n,) 1, 0 or NaN, of those asked before.
        after: (m,) of those asked after.
        project_before: (n,) codes of their projects.
        project_after: (m,) likewise.
        level: Of the limits.

    Raises:
        DataError: Nobody answered at one of the two times, or an answer is neither 0 nor 1.

    Source:
        One by one Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    first, code_first = _known(before, project_before)
    second, code_second = _known(after, project_after)
    joined, code = np.concatenate([first, second]), np.concatenate([code_first, code_second])
    plain = _Plain(
        before=float(first.mean()),
        after=float(second.mean()),
        people=joined.size,
        limits=_newcombe(first, second, level),
        p_value=None,
        method="newcombe",
    )
    projects = np.unique(code).size
    if projects < 2:
        return _change(plain, projects, None, level)
    later = np.repeat([0.0, 1.0], [first.size, second.size])
    fitted = least_squares(joined, np.column_stack([np.ones(joined.size), later]))
    error = math.sqrt(float(fitted.clustered(code)[1, 1]))
    return _change(plain, projects, error, level)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plain:
    """What people taken one by one say."""

    before: float
    after: float
    people: int
    limits: Limits | None
    p_value: float | None
    method: Method


def _between(
    before: Floats, after: Floats, code: Codes, plain: _Plain, level: float
) -> PairedChange:
    projects = np.unique(code).size
    if projects < 2:
        return _change(plain, projects, None, level)
    error = clustered_change(before, after, code, level).standard_error
    return _change(plain, projects, error, level)


def _change(plain: _Plain, projects: int, error: float | None, level: float) -> PairedChange:
    """Take the range between projects where there is one, and otherwise that of single people.

    Projects that all changed alike, to the last digit, as where nobody changed, show no spread:
    that is no proof that there is none, so people are taken one by one there.
    """
    change = plain.after - plain.before
    limits, p_value, df, method = plain.limits, plain.p_value, None, plain.method
    if error is not None and error > _NOTHING:
        df, method = projects - 1, "cr1"
        half = float(t_quantile((1 + level) / 2, df)) * error
        limits = change - half, change + half
        p_value = float(2 * t_tail(abs(change) / error, df))
        if plain.method != "t":
            limits = max(-1.0, limits[0]), min(1.0, limits[1])
    return PairedChange(
        before=plain.before,
        after=plain.after,
        change=change,
        standard_error=error if method == "cr1" else None,
        lower=limits[0] if limits else None,
        upper=limits[1] if limits else None,
        p_value=p_value,
        people=plain.people,
        projects=projects,
        degrees_of_freedom=df,
        method=method,
        is_rough=1 < projects < FEWEST_PROJECTS,
        one_by_one=plain.limits,
        one_by_one_p=plain.p_value,
    )


def _paired(
    before: ArrayLike, after: ArrayLike, project: ArrayLike
) -> tuple[Floats, Floats, Codes]:
    first, second = (np.asarray(values, dtype=np.float64) for values in (before, after))
    code = np.asarray(project)
    if code.shape != first.shape:
        raise DataError(
            f"{first.size} answers and {code.size} projects: each person needs a project. Where an "
            "initiative has one only, its own id stands for it."
        )
    kept = matched(first, second)
    return *kept, code[np.isfinite(first) & np.isfinite(second)]


def _known(values: ArrayLike, project: ArrayLike) -> tuple[Floats, Codes]:
    own, code = np.asarray(values, dtype=np.float64), np.asarray(project)
    if own.ndim != 1 or own.shape != code.shape:
        raise DataError(f"{own.size} answers and {code.size} projects: each person needs both.")
    known = np.isfinite(own)
    if not known.any():
        raise DataError("Nobody answered at one of the two times, so there is no change to see.")
    if not np.isin(own[known], (0.0, 1.0)).all():
        raise DataError("Answers must be 1 (yes) or 0 (no); other codes were found. Recode them.")
    return own[known], code[known]


def _newcombe(before: Floats, after: Floats, level: float) -> Limits:
    """Square and add Wilson's limits of two shares of different people."""
    z = float(normal_quantile((1 + level) / 2))
    (low, high), (low_after, high_after) = (_wilson(values, z) for values in (before, after))
    first, second = float(before.mean()), float(after.mean())
    down = math.hypot(second - low_after, high - first)
    up = math.hypot(high_after - second, first - low)
    return second - first - down, second - first + up


def _wilson(values: Floats, z: float) -> Limits:
    n, share = values.size, float(values.mean())
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return centre - half, centre + half

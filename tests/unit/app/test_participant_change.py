"""One number of a paired change, against slow twins."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from social_evidence.app.participant_change import (
    ordered_change,
    score_change,
    share_change,
    unpaired_change,
)
from social_evidence.errors import DataError
from social_evidence.methods.evaluation.paired import PairedTable, mcnemar, tango

YES_NO_NONE = st.sampled_from([0.0, 1.0, math.nan])
PEOPLE = st.lists(st.tuples(YES_NO_NONE, YES_NO_NONE, st.integers(0, 3)), min_size=1, max_size=60)


def slow_between(people: list[tuple[float, float, int]]) -> tuple[float, float, int]:
    """Change, its error from totals of projects, and the projects; written out one by one."""
    known = [(b, a, g) for b, a, g in people if not (math.isnan(b) or math.isnan(a))]
    change = sum(a - b for b, a, _ in known) / len(known)
    totals: dict[int, float] = {}
    for b, a, g in known:
        totals[g] = totals.get(g, 0.0) + (a - b) - change
    count, n = len(totals), len(known)
    if count < 2:
        return change, 0.0, count
    squares = sum(total**2 for total in totals.values())
    factor = count / (count - 1)  # (n - 1) / (n - k) is 1: a mean has one parameter
    return change, math.sqrt(factor * squares) / n, count


@given(PEOPLE)
@settings(max_examples=60, deadline=None)
def test_a_share_between_projects_is_that_of_project_totals(
    people: list[tuple[float, float, int]],
) -> None:
    before, after, project = (list(column) for column in zip(*people, strict=True))
    if not any(math.isfinite(b) and math.isfinite(a) for b, a, _ in people):
        with pytest.raises(DataError, match="both before and after"):
            share_change(before, after, project)
        return
    got = share_change(before, after, project)
    change, error, projects = slow_between(people)
    assert got.change == pytest.approx(change, abs=1e-12)
    assert got.projects == projects
    if error > 1e-9:
        half = float(stats.t.ppf(0.975, projects - 1)) * error
        assert got.method == "cr1"
        assert got.standard_error == pytest.approx(error, rel=1e-9)
        assert got.lower == pytest.approx(max(-1.0, change - half), abs=1e-9)
        assert got.upper == pytest.approx(min(1.0, change + half), abs=1e-9)
        assert got.degrees_of_freedom == projects - 1
    else:
        table = PairedTable.of(before, after)
        assert got.method == "tango"
        assert (got.lower, got.upper) == tango(table)
        assert got.p_value == mcnemar(table).mid_p


@given(PEOPLE)
@settings(max_examples=40, deadline=None)
def test_a_moves_of_an_ordered_scale_are_a_change_of_two_shares(
    people: list[tuple[float, float, int]],
) -> None:
    before, after, project = (list(column) for column in zip(*people, strict=True))
    if not any(math.isfinite(b) and math.isfinite(a) for b, a, _ in people):
        return
    moves, share = ordered_change(before, after, project), share_change(before, after, project)
    assert moves.rose + moves.stayed + moves.fell == share.people
    assert moves.net.change == pytest.approx(share.change, abs=1e-12)
    assert (moves.net.lower, moves.net.upper) == pytest.approx((share.lower, share.upper))


def test_one_project_gives_the_range_of_single_people() -> None:
    before, after = [0, 0, 0, 1, 1, 0, 1, 0], [1, 1, 0, 1, 0, 0, 1, 1]
    got = share_change(before, after, ["only"] * 8)
    assert got.method == "tango"
    assert not got.is_rough
    assert (got.lower, got.upper) == tango(PairedTable.of(before, after)) == got.one_by_one


def test_fewer_than_ten_projects_are_rough_and_ten_are_not() -> None:
    rng = np.random.default_rng(7)
    before, after = rng.integers(0, 2, (2, 200))
    assert share_change(before, after, np.arange(200) % 9).is_rough
    assert not share_change(before, after, np.arange(200) % 10).is_rough


def test_where_nobody_changed_the_range_is_not_empty() -> None:
    same = [1, 0, 1, 0, 1, 1, 0, 0]
    got = share_change(same, same, [0, 0, 1, 1, 2, 2, 3, 3])
    assert got.method == "tango"
    assert got.change == 0
    assert got.lower is not None
    assert got.lower < 0 < got.upper


def test_a_score_of_people_who_all_moved_alike_has_no_range() -> None:
    got = score_change([1, 2, 3, 4], [2, 3, 4, 5], ["a", "a", "b", "b"])
    assert got.change == 1
    assert (got.lower, got.upper, got.p_value) == (None, None, None)


def test_scores_of_one_project_are_a_paired_t() -> None:
    rng = np.random.default_rng(3)
    before = rng.normal(size=30)
    after = before + rng.normal(0.3, 1, 30)
    got = score_change(before, after, ["p"] * 30)
    told = stats.ttest_rel(after, before)
    assert got.method == "t"
    assert got.p_value == pytest.approx(float(told.pvalue), rel=1e-9)
    limits = told.confidence_interval(0.95)
    assert (got.lower, got.upper) == pytest.approx((limits.low, limits.high), rel=1e-9)


def test_different_people_of_several_projects_are_a_regression_with_clusters() -> None:
    rng = np.random.default_rng(11)
    before, after = rng.integers(0, 2, 80), rng.integers(0, 2, 90)
    first, second = np.arange(80) % 6, np.arange(90) % 6
    got = unpaired_change(before, after, first, second)
    # Each person's part in the difference: (y - mean) / n of their time, with its sign.
    parts = np.concatenate([-(before - before.mean()) / 80, (after - after.mean()) / 90])
    totals = np.bincount(np.concatenate([first, second]), weights=parts)
    error = math.sqrt(6 / 5 * 169 / 168 * float((totals**2).sum()))
    assert got.standard_error == pytest.approx(error, rel=1e-9)
    assert got.people == 170


def test_different_people_of_one_project_have_newcombes_limits() -> None:
    # Newcombe (1998), method 10, 56 of 70 against 48 of 80: 0.0524 to 0.3339.
    got = unpaired_change([1] * 48 + [0] * 32, [1] * 56 + [0] * 14, ["p"] * 80, ["p"] * 70)
    assert (got.lower, got.upper) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_codes_other_than_yes_and_no_are_refused() -> None:
    with pytest.raises(DataError, match="Recode"):
        share_change([2, 0], [1, 1], ["a", "a"])
    with pytest.raises(DataError, match="Recode"):
        unpaired_change([2, 0], [1, 1], ["a", "a"], ["a", "a"])


def test_a_person_without_a_project_is_refused() -> None:
    with pytest.raises(DataError, match="each person needs a project"):
        share_change([1, 0], [1, 1], ["a"])

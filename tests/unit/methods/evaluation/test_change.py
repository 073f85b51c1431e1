"""Change in the same people: limits that behave, edges that are said, slow twins."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from social_evidence.errors import DataError, DesignError
from social_evidence.methods.evaluation import dropout, ordinal, paired, scores
from social_evidence.methods.evaluation.paired import PairedTable

counts = st.integers(min_value=0, max_value=40)
tables = (
    st.tuples(counts, counts, counts, counts)
    .filter(lambda t: sum(t) > 0)
    .map(
        lambda t: PairedTable(both=t[0], before_only=t[1], after_only=t[2], neither=t[3]),
    )
)
LIMITS = (
    paired.tango,
    paired.bonett_price,
    paired.newcombe,
    lambda table: paired.newcombe(table, corrected=True),
)


@pytest.mark.parametrize("limits", LIMITS)
@given(table=tables)
def test_limits_hold_the_change_and_stay_possible(limits, table):
    lower, upper = limits(table)
    if limits is not paired.bonett_price:  # it is centred on a shrunken change
        assert lower <= table.change + 1e-9
        assert upper >= table.change - 1e-9
    assert -1 - 1e-9 <= lower <= upper <= 1 + 1e-9


@given(table=tables)
def test_turning_time_round_turns_the_limits_round(table):
    turned = PairedTable(
        both=table.both,
        before_only=table.after_only,
        after_only=table.before_only,
        neither=table.neither,
    )
    for limits in LIMITS:
        lower, upper = limits(table)
        low, high = limits(turned)
        assert math.isclose(lower, -high, abs_tol=1e-7)
        assert math.isclose(upper, -low, abs_tol=1e-7)


@given(table=tables)
def test_exact_probabilities_equal_all_ways_of_changing(table):
    """Twin: add the probabilities of every split of those who changed, coin by coin."""
    test = paired.mcnemar(table)
    moved = table.before_only + table.after_only
    smaller = min(table.before_only, table.after_only)
    tail = sum(math.comb(moved, k) for k in range(smaller + 1)) / 2**moved
    assert math.isclose(test.exact_p, min(1.0, 2 * tail), rel_tol=1e-9)
    point = math.comb(moved, smaller) / 2**moved
    assert math.isclose(test.mid_p, 1.0 if not moved else min(1.0, 2 * tail - point), rel_tol=1e-9)


def test_nobody_changed_is_no_evidence_of_change():
    table = PairedTable(both=3, before_only=0, after_only=0, neither=9)
    test = paired.mcnemar(table)
    assert test.chi_squared is None
    assert test.mid_p == test.exact_p == 1.0
    z2 = 1.959963984540054**2
    assert paired.tango(table)[1] == pytest.approx(z2 / (12 + z2))
    assert math.isnan(paired.conditional_odds(table)[0])


def test_only_people_with_both_answers_count():
    table = PairedTable.of([1, 0, np.nan, 1], [1, 1, 1, np.nan])
    assert (table.both, table.after_only, table.people) == (1, 1, 2)
    with pytest.raises(DataError, match="Nobody has an answer"):
        PairedTable.of([1, np.nan], [np.nan, 0])
    with pytest.raises(DataError, match=r"1 \(yes\) or 0"):
        PairedTable.of([1, 2], [1, 0])
    with pytest.raises(DataError, match="somebody in it"):
        PairedTable(both=0, before_only=0, after_only=0, neither=0)


def test_signed_ranks_equal_ranks_by_hand():
    before, after = [1, 2, 3, 4, 5], [2, 2, 5, 1, 9]
    own = ordinal.signed_ranks(before, after)
    # changes 1, 0, 2, -3, 4: ranks 1, 2, 3, 4 of those who changed
    assert (own.changed, own.up, own.down) == (4, 7.0, 3.0)
    assert own.rank_biserial == pytest.approx(0.4)
    assert own.pratt_z == pytest.approx(((2 + 3 + 5) - 4) / 2 / math.sqrt(54 / 4))
    still = ordinal.signed_ranks([1, 2], [1, 2])
    assert still.p_value == 1.0
    assert math.isnan(still.rank_biserial)


def test_a_spread_that_stayed_is_told_from_one_that_moved():
    same = ordinal.stuart_maxwell([[5, 2, 0], [2, 5, 1], [0, 1, 5]])
    assert same.chi_squared == pytest.approx(0)
    assert ordinal.bowker([[5, 9], [1, 5]]).chi_squared == pytest.approx(64 / 10)
    with pytest.raises(DataError, match="one answer both times"):
        ordinal.stuart_maxwell([[4]])


def test_limits_of_d_leave_equal_tails():
    draw = np.random.default_rng(5)
    before = draw.normal(size=25)
    own = scores.score_change(before, before + draw.normal(0.4, 1, size=25))
    low, high = (limit * 5 for limit in own.d_z_limits)
    assert stats.nct.sf(own.t, 24, low) == pytest.approx(0.025, abs=1e-9)
    assert stats.nct.cdf(own.t, 24, high) == pytest.approx(0.025, abs=1e-9)


def test_everybody_changing_alike_has_no_size_to_speak_of():
    own = scores.score_change([1, 2, 3], [2, 3, 4])
    assert own.change == 1
    assert math.isnan(own.d_z)
    assert math.isnan(own.p_value)


def test_clustered_change_equals_the_sandwich_by_hand():
    before = np.zeros(6)
    after = np.array([1.0, 2.0, 3.0, 0.0, 1.0, 5.0])
    project = ["a", "a", "b", "b", "c", "c"]
    own = scores.clustered_change(before, after, project)
    sums = [np.sum(after[[i, j]] - 2.0) for i, j in ((0, 1), (2, 3), (4, 5))]
    variance = sum(s**2 for s in sums) / 36 * (3 / 2) * (5 / 5)
    assert own.standard_error == pytest.approx(math.sqrt(variance))
    with pytest.raises(DesignError, match="1 clusters"):
        scores.clustered_change(before, after, ["a"] * 6)


@settings(max_examples=30)
@given(
    st.lists(st.sampled_from([0.0, 1.0]), min_size=2, max_size=7),
    st.data(),
)
def test_bounds_are_what_the_best_and_worst_answers_would_give(before, data):
    """Twin: fill in every missing answer in every way."""
    after = [data.draw(st.sampled_from([0.0, 1.0, np.nan])) for _ in before]
    left = [at for at, answer in enumerate(after) if np.isnan(answer)]
    found = dropout.bounds(before, after)
    tried = []
    for guess in itertools.product((0.0, 1.0), repeat=len(left)):
        whole = list(after)
        for at, answer in zip(left, guess, strict=True):
            whole[at] = answer
        tried.append(np.mean(whole))
    assert found.after == pytest.approx((min(tried), max(tried)))
    assert found.change[0] == pytest.approx(min(tried) - np.mean(before))


def test_weights_mend_a_loss_that_follows_what_is_known():
    draw = np.random.default_rng(11)
    n = 20_000
    old = draw.integers(0, 2, n)
    before = draw.random(n) < 0.3
    after = draw.random(n) < np.where(old == 1, 0.6, 0.3)
    left = draw.random(n) < np.where(old == 1, 0.2, 0.7)
    seen = np.where(left, np.nan, after.astype(float))
    own = dropout.weighted_change(before.astype(float), seen, old[:, None].astype(float))
    truth = after.mean() - before.mean()
    assert abs(own.change - truth) < 3 * own.standard_error
    assert abs(own.unweighted - truth) > 5 * own.unweighted_error
    assert np.abs(own.balance).max() < 0.01 < np.abs(own.imbalance).max()


def test_drop_out_that_tells_two_groups_apart_is_refused():
    with pytest.raises(DataError, match="does not settle"):
        dropout.weighted_change([0, 1, 0, 1], [1, 1, np.nan, np.nan], [[1], [1], [0], [0]])
    with pytest.raises(DataError, match="answered again"):
        dropout.weighted_change([0, 1], [1, 1], [[1], [0]])

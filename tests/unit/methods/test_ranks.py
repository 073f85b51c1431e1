"""Ranks and how sure they are."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from social_evidence.errors import DataError
from social_evidence.methods.ranks import ranks


def test_values_without_error_have_their_own_rank_and_no_other():
    found = ranks(np.array([0.2, 0.9, 0.5]), np.zeros(3), seed=1)
    assert found.rank.tolist() == found.lower.tolist() == found.upper.tolist() == [3, 1, 2]


def test_values_that_are_all_error_may_stand_anywhere():
    found = ranks(np.full(10, 0.5), np.full(10, 0.01), seed=1)
    assert set(found.lower.tolist()) == {1}
    assert set(found.upper.tolist()) == {10}
    assert set(found.rank.tolist()) == {1}


def test_the_same_seed_gives_the_same_ranks_and_another_nearly():
    value, variance = np.linspace(0, 1, 12), np.full(12, 0.02)
    one, again, other = (ranks(value, variance, seed=seed) for seed in (5, 5, 6))
    assert one.lower.tolist() == again.lower.tolist()
    assert one.upper.tolist() == again.upper.tolist()
    assert np.abs(one.upper - other.upper).max() <= 1


def test_two_values_swap_as_often_as_the_normal_distribution_says():
    gap = 1.0
    variance = (gap / stats.norm.ppf(0.96)) ** 2 / 2
    for share, expected in ((0.95, [2, 2]), (0.90, [1, 2])):
        # They swap in 4 of 100 draws: within 95 % each may have either rank, within 90 % not.
        found = ranks(np.array([gap, 0.0]), np.full(2, variance), seed=2, level=share)
        assert found.upper.tolist() == expected


def test_values_that_move_together_keep_their_order():
    value = np.array([0.3, 0.2, 0.1])
    together = np.full((3, 3), 0.04)
    found = ranks(value, together, seed=3)
    assert found.lower.tolist() == found.upper.tolist() == [1, 2, 3]
    assert ranks(value, np.full(3, 0.04), seed=3).upper.tolist() == [3, 3, 3]


def test_a_missing_value_has_no_rank_and_takes_nobodys():
    found = ranks(np.array([0.1, np.nan, 0.2]), np.array([0.0, np.nan, 0.0]), seed=1)
    assert found.rank.tolist() == [2, 0, 1]
    assert found.lower.tolist() == [2, 0, 1]


def test_a_value_without_a_variance_is_refused():
    with pytest.raises(DataError, match="variance"):
        ranks(np.array([0.1, 0.2]), np.array([0.1, np.nan]), seed=1)

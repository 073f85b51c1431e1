"""Differences of two values of which little is known."""

from __future__ import annotations

import numpy as np
import pytest

from social_evidence.methods import two_values


def test_a_part_less_its_whole_follows_from_part_and_rest():
    part, rest, share = 0.04, 0.01, 0.3
    whole = share**2 * part + (1 - share) ** 2 * rest
    found = two_values.part_of_whole(np.array([part]), np.array([whole]), np.array([share]))
    assert found[0] == pytest.approx((1 - share) ** 2 * (part + rest))


def test_a_part_less_its_whole_is_never_surer_than_the_part_alone_allows():
    found = two_values.part_of_whole(np.array([0.04]), np.array([0.0]), np.array([0.9]))
    assert found[0] == pytest.approx(0.01 * 0.04)


def test_a_known_correlation_takes_its_share_off_a_change():
    found = two_values.correlated(np.array([4.0]), np.array([9.0]), 0.5)
    assert found.tolist() == [4 + 9 - 2 * 0.5 * 6]


def of_shares(shares, sizes, *, shared=0.0, is_part=False):
    """Give the error without a difference of two shares of simple random samples."""
    variances = [p * (1 - p) / n for p, n in zip(shares, sizes, strict=True)]
    found = two_values.null_variances(
        tuple(np.array([p]) for p in shares),
        tuple(np.array([v]) for v in variances),
        np.array([sum(variances) - 2 * shared]),
        np.array([is_part]),
    )
    return found[0], sum(variances) - 2 * shared


def test_two_independent_shares_have_the_pooled_variance_where_it_is_the_larger():
    found, own = of_shares((0.02, 0.10), (100, 100))
    pooled = 0.06 * 0.94
    # The effective size of a simple random sample is its size.
    assert found == pytest.approx(pooled * 2 / 100)
    assert found > own


def test_the_variance_without_a_difference_is_never_the_smaller_one():
    found, own = of_shares((0.5, 0.02), (50, 5000))
    assert found == own


def test_a_small_part_has_the_variance_its_whole_would_give_it():
    n, m, p, whole = 100, 10_000, 0.01, 0.05
    shared = n / m * p * (1 - p) / n
    found, _ = of_shares((p, whole), (n, m), shared=shared, is_part=True)
    wide = whole * (1 - whole)
    assert found == pytest.approx(wide / m + wide / n - 2 * n / m * wide / n)


def test_an_impossible_share_leaves_the_variance_as_it_is():
    found, own = of_shares((0.0, 0.05), (100, 100))
    assert found == own


def test_a_handful_against_a_city_is_known_as_well_as_the_handful():
    found = two_values.effective_degrees_of_freedom(
        (np.array([0.02]), np.array([0.0001])), (np.array([9.0]), np.array([4000.0]))
    )
    assert 9.0 < found[0] < 9.2


def test_two_alike_are_known_as_well_as_both_together():
    found = two_values.effective_degrees_of_freedom(
        (np.array([0.02]), np.array([0.02])), (np.array([30.0]), np.array([30.0]))
    )
    assert found[0] == pytest.approx(60.0)

"""Noise, rounding and dominance: what they promise for any count."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.disclosure.base_rounding import round_to_base, share_of_rounded
from social_evidence.disclosure.cell_key import cell_keys, noise_table, perturbed
from social_evidence.disclosure.magnitude import DominanceRule, dominance_faults
from social_evidence.errors import DefinitionError

TABLE = noise_table()


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_noise_never_makes_a_count_negative_nor_touches_zero(count, key):
    found = int(perturbed(np.array([count]), np.array([key]), TABLE)[0])
    assert found >= 0
    assert abs(found - count) <= (TABLE.most if count else 0)


@pytest.mark.parametrize(("most", "variance"), [(3, 1.0), (5, 2.0), (2, 0.5)])
def test_noise_has_the_mean_and_variance_asked_for(most, variance):
    table = noise_table(most, variance)
    values = np.arange(-most, most + 1)
    for share in table.probability[1:]:
        assert share.sum() == pytest.approx(1)
        assert share @ values == pytest.approx(0, abs=1e-9)
        assert share @ values**2 == pytest.approx(variance, abs=1e-9)


@pytest.mark.parametrize(("most", "variance"), [(0, 1.0), (3, 0.0), (1, 2.0), (3, 5.0)])
def test_noise_that_cannot_be_is_refused(most, variance):
    with pytest.raises(DefinitionError, match="variance"):
        noise_table(most, variance)


def test_a_record_key_out_of_range_is_refused():
    with pytest.raises(DefinitionError, match="0 to 255"):
        cell_keys(np.array([256]), np.array([0]), 1)


@given(st.integers(0, 10_000), st.sampled_from([1, 3, 5, 10]))
def test_a_rounded_count_is_a_near_multiple(count, base):
    found = round_to_base(count, base)
    assert found % base == 0
    assert abs(found - count) * 2 <= base


def test_a_share_comes_of_the_rounded_counts():
    assert share_of_rounded(7, 12, 5) == 5 / 10
    assert share_of_rounded(1, 2, 5) is None
    with pytest.raises(DefinitionError, match="multiples of 0"):
        round_to_base(3, 0)


def test_losses_are_not_judged_by_shares():
    with pytest.raises(DefinitionError, match="negative"):
        dominance_faults([5.0, -1.0], DominanceRule())


def test_an_even_sum_breaks_no_rule():
    assert dominance_faults([1.0, 1.0, 1.0, 1.0], DominanceRule()) == ()

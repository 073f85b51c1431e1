"""Adjusted p values, against a plain loop."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.methods.multiplicity import benjamini_hochberg


def plain(values):
    """Adjust one family: for each test the smallest of p × m / rank from its own rank on."""
    known = sorted(p for p in values if not math.isnan(p))
    return [
        min(1.0, *(p * len(known) / (rank + 1) for rank, p in enumerate(known) if p >= own))
        if not math.isnan(own)
        else math.nan
        for own in values
    ]


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.one_of(st.floats(0, 1), st.just(math.nan))), max_size=40
    )
)
def test_every_family_is_adjusted_as_by_a_plain_loop(tests):
    family = np.array([one for one, _ in tests], dtype=np.int64)
    p = np.array([one for _, one in tests], dtype=np.float64)
    found = benjamini_hochberg(p, family)
    for name in set(family.tolist()):
        own = family == name
        assert found[own] == pytest.approx(plain(p[own].tolist()), nan_ok=True, rel=1e-12)


def test_a_textbook_family_gives_its_known_answer():
    p = np.array([0.01, 0.02, 0.03, 0.04, 0.05])
    assert benjamini_hochberg(p, np.zeros(5, dtype=np.int64)) == pytest.approx([0.05] * 5)


def test_one_test_by_itself_is_not_adjusted():
    assert benjamini_hochberg(np.array([0.03]), np.array([7])).tolist() == [0.03]

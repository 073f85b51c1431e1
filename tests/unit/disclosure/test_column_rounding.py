"""Columns are rounded to the very doubles that single figures are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from social_evidence.disclosure.column_rounding import round_column
from social_evidence.disclosure.rounding import Rounding, round_value

WAYS = [
    Rounding(step="0.001", lowest=-1.0, highest=1.0),
    Rounding(step="0.001", direction="down", lowest=-1.0, highest=1.0),
    Rounding(step="0.001", direction="up"),
    Rounding(step="1000"),
    Rounding(step="10", direction="up"),
    Rounding(digits=2),
    Rounding(digits=3, lowest=0.0, highest=1.0),
    Rounding(digits=3, direction="down"),
    Rounding(digits=12),
]


@pytest.mark.parametrize("way", WAYS, ids=str)
@given(values=st.lists(st.floats(-1e300, 1e300) | st.just(math.nan), max_size=30))
@example(values=[0.0005, 0.0015, 0.5, -0.0005, 0.1234999999999, 0.001, 0.003, -0.0, 999.5, 0.0995])
@example(values=[1.0, 10.0, 0.1, 0.01, 9.995, 99.95, 0.09949999999999999, 1e22, 1e-22, 123456.5])
@example(values=[math.nan, math.inf, -math.inf])
def test_a_column_is_rounded_as_its_figures_one_by_one(way, values):
    found = round_column(np.array(values, dtype=np.float64), way)
    for value, rounded in zip(values, found, strict=True):
        one = round_value(value, way)
        assert (math.isnan(rounded) and one is None) or rounded == one
        assert math.copysign(1, rounded) == 1 or rounded != 0


@pytest.mark.parametrize("way", WAYS[:3], ids=str)
def test_every_share_of_a_fine_grid_is_rounded_exactly(way):
    values = np.arange(-20_500, 20_501) / 20_000
    one_by_one = [round_value(value, way) for value in values.tolist()]
    assert round_column(values, way).tolist() == one_by_one

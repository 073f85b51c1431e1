"""Squares and products per stratum hold the same variance as one row per unit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.methods import totals, unclustered
from social_evidence.methods.strata import make_strata

RULES = ["remove", "certainty", "adjust", "average"]


def survey(seed, rule="remove", in_domain=False, scale=1.0, offset=0.0):
    """Return the same respondents as one row a unit and as squares per stratum."""
    rng = np.random.default_rng(seed)
    n, n_cells = int(rng.integers(4, 60)), 4
    stratum = rng.integers(0, 4, n)
    stratum = np.unique(stratum, return_inverse=True)[1]
    cell = rng.integers(-1, n_cells - 1, n)
    weight = rng.integers(1, 9, n) / 4
    y = offset + scale * rng.integers(0, 2, (n, 2))
    answered = rng.random((n, 2)) > 0.2
    wy, wx = weight[:, None] * y * answered, weight[:, None] * answered
    inside = cell >= 0
    rows = totals.UnitSums(
        cell=cell[inside],
        stratum=stratum[inside],
        unit=np.flatnonzero(inside),
        wy=wy[inside],
        wx=wx[inside],
        n_cells=n_cells,
        present=answered[inside],
    )
    strata = make_strata(
        np.bincount(stratum),
        np.bincount(stratum) + 7.0 if seed % 2 else None,
        lonely_psu=rule,
        adjust_domain_lonely=in_domain,
    )
    return rows, as_squares(rows), strata


def as_squares(rows):
    keys = sorted(set(zip(rows.cell.tolist(), rows.stratum.tolist(), strict=True)), reverse=True)
    part = {k: (rows.cell == k[0]) & (rows.stratum == k[1]) for k in keys}
    shape = (-1, rows.wy.shape[1])
    add = lambda v: np.array([v[part[k]].sum(axis=0) for k in keys]).reshape(shape)  # noqa: E731
    return unclustered.SquareSums(
        cell=np.array([k[0] for k in keys], dtype=np.int64),
        stratum=np.array([k[1] for k in keys], dtype=np.int64),
        wy=add(rows.wy),
        wx=add(rows.wx),
        wyy=add(rows.wy**2),
        wyx=add(rows.wy * rows.wx),
        wxx=add(rows.wx**2),
        n_cells=rows.n_cells,
        found=add(rows.present * 1).astype(np.int64),
    )


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(RULES), st.booleans())
def test_both_forms_of_the_waist_agree_under_every_rule(seed, rule, in_domain):
    rows, squares, strata = survey(seed, rule, in_domain)
    for method in ("ratios", "totals"):
        one = getattr(totals, method)(rows, strata)
        other = getattr(unclustered, method)(squares, strata)
        assert other.value == pytest.approx(one.value, rel=1e-13, nan_ok=True)
        assert other.below == pytest.approx(one.below)
        assert np.sqrt(other.variance) == pytest.approx(
            np.sqrt(one.variance), rel=1e-10, abs=1e-10, nan_ok=True
        )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(RULES))
def test_covariance_of_cells_that_share_units_agrees(seed, rule):
    rows, _, strata = survey(seed, rule)
    city = totals.UnitSums(
        cell=np.concatenate([rows.cell, np.full(rows.cell.size, 3)]),
        stratum=np.tile(rows.stratum, 2),
        unit=np.tile(rows.unit, 2),
        wy=np.tile(rows.wy, (2, 1)),
        wx=np.tile(rows.wx, (2, 1)),
        n_cells=4,
        present=np.tile(rows.present, (2, 1)),
    )
    squares, cells = as_squares(city), np.array([0, 1, 3])
    measure = np.zeros(3, dtype=np.int64)
    value, joint = totals.covariance(city, strata, totals.ratios(city, strata), cells, measure)
    overlap = np.array([[0, -1, 0], [-1, 1, 1], [0, 1, 3]])
    ours = unclustered.covariance(
        squares, strata, unclustered.ratios(squares, strata), cells, 0, overlap
    )
    assert ours[0] == pytest.approx(value, nan_ok=True)
    assert ours[1] == pytest.approx(joint, rel=1e-10, abs=1e-11, nan_ok=True)


@pytest.mark.parametrize("constant", [0.0, 1.0, 0.1, 30_000.7])
def test_cell_in_which_all_agree_has_no_variance(constant):
    _, squares, strata = survey(12, scale=0.0, offset=constant)
    result = unclustered.ratios(squares, strata)
    known = ~np.isnan(result.value)
    assert result.value[known] == pytest.approx(constant)
    assert (result.variance[known] == 0).all()


def test_values_far_from_zero_keep_at_least_eight_digits():
    rows, squares, strata = survey(13, offset=1000.0)
    one, other = totals.ratios(rows, strata), unclustered.ratios(squares, strata)
    assert other.variance == pytest.approx(one.variance, rel=1e-8, nan_ok=True)


def test_taking_a_constant_off_before_the_scan_leaves_the_variance_of_a_ratio():
    far, near = survey(13, offset=1000.0)[1:], survey(13)[1:]
    one, other = unclustered.ratios(*far), unclustered.ratios(*near)
    assert one.value == pytest.approx(other.value + 1000, nan_ok=True)
    assert one.variance == pytest.approx(other.variance, rel=1e-8, nan_ok=True)


def test_no_rows_at_all_give_only_impossible_cells():
    none, nothing = np.zeros(0, dtype=np.int64), np.zeros((0, 2))
    squares = unclustered.SquareSums(
        cell=none, stratum=none, wy=nothing, wx=nothing, wyy=nothing, wyx=nothing, wxx=nothing,
        n_cells=3,
    )  # fmt: skip
    assert np.isnan(unclustered.ratios(squares, make_strata(np.array([2]))).value).all()


def test_a_stratum_with_two_rows_in_one_cell_is_refused():
    twice, one = np.zeros(2, dtype=np.int64), np.ones((2, 1))
    squares = unclustered.SquareSums(
        cell=twice, stratum=twice, wy=one, wx=one, wyy=one, wyx=one, wxx=one, n_cells=1
    )
    with pytest.raises(ValueError, match="two rows in one cell"):
        unclustered.ratios(squares, make_strata(np.array([3])))

"""All cells at once from sums per unit: against the row-level functions and a plain-Python twin."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.errors import DesignError
from social_evidence.methods import taylor, totals
from social_evidence.methods.design import degrees_of_freedom, make_design
from social_evidence.methods.linearise import linearise_ratios
from social_evidence.methods.strata import make_strata

RULES = ["remove", "certainty", "adjust", "average"]


@st.composite
def surveys(draw):
    """Rows of a clustered survey with two items, and the same survey as sums."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    n, n_strata, n_cells = int(rng.integers(1, 60)), 4, 5
    psu_stratum = np.sort(rng.integers(0, n_strata, 9))
    psu_stratum = np.unique(psu_stratum, return_inverse=True)[1]
    unit = np.append(np.arange(9), rng.integers(0, 9, n))
    cell = np.append(np.full(9, -1), rng.integers(-1, n_cells - 1, n))
    weight = np.append(np.ones(9), rng.integers(0, 9, n) / 4)
    y = np.append(np.zeros((9, 2)), rng.integers(0, 2, (n, 2)) * 1.0, axis=0)
    y[rng.random(y.shape) < draw(st.sampled_from([0.0, 0.3]))] = np.nan
    population = np.bincount(psu_stratum) + float(rng.integers(0, 4))
    return {
        "psu_stratum": psu_stratum,
        "unit": unit,
        "cell": cell,
        "weight": weight,
        "y": y,
        "n_cells": n_cells,
        "population": population if draw(st.booleans()) else None,
        "lonely_psu": draw(st.sampled_from(RULES)),
        "adjust_domain_lonely": draw(st.booleans()),
    }


def as_sums(survey):
    """Add rows up per unit and cell with plain dictionaries, as an engine would."""
    rows: dict[tuple[int, int], dict[str, np.ndarray]] = {}
    for cell, unit, w, y in zip(
        survey["cell"], survey["unit"], survey["weight"], survey["y"], strict=True
    ):
        if cell < 0:
            continue
        row = rows.setdefault(
            (cell, unit), {"wy": np.zeros(2), "wx": np.zeros(2), "n": np.zeros(2), "w": np.zeros(2)}
        )
        answered = ~np.isnan(y)
        row["wy"] += np.where(answered, w * np.nan_to_num(y), 0)
        row["wx"] += np.where(answered, w, 0)
        row["n"] += answered
        row["w"] += w > 0
    keys = np.array(list(rows), dtype=np.int64).reshape(-1, 2)
    column = lambda k: np.array([row[k] for row in rows.values()]).reshape(-1, 2)  # noqa: E731
    sums = totals.UnitSums(
        cell=keys[:, 0],
        stratum=survey["psu_stratum"][keys[:, 1]],
        unit=keys[:, 1],
        wy=column("wy"),
        wx=column("wx"),
        n_cells=survey["n_cells"],
        present=column("n") > 0,
    )
    return sums, column("w")[:, 0] > 0


def rules_of(survey):
    return {k: survey[k] for k in ("lonely_psu", "adjust_domain_lonely")}


def strata_of(survey):
    return make_strata(np.bincount(survey["psu_stratum"]), survey["population"], **rules_of(survey))


def design_of(survey):
    stratum = survey["psu_stratum"][survey["unit"]]
    size = survey["population"]
    return make_design(
        survey["weight"],
        strata=[stratum],
        units=[survey["unit"]],
        fpc=[] if size is None else [size[stratum]],
        **rules_of(survey),
    )


@settings(max_examples=80, deadline=None)
@given(surveys())
def test_ratios_and_totals_of_all_cells_equal_the_row_level_functions(survey):
    design, strata, (sums, weighted) = design_of(survey), strata_of(survey), as_sums(survey)
    ratios, sizes = totals.ratios(sums, strata), totals.totals(sums, strata)
    units = weighted.astype(np.int64)
    free = totals.degrees_of_freedom(sums.cell, sums.stratum, units, survey["n_cells"])
    for j in range(2):
        args = survey["y"][:, j], design, survey["cell"]
        for ours, theirs in (
            (ratios, taylor.means(*args, n_domains=survey["n_cells"])),
            (sizes, taylor.totals(*args, n_domains=survey["n_cells"])),
        ):
            # Sums cannot tell nobody from people of weight 0, whose total the rows know to be 0.
            row_value = np.where(theirs.base > 0, theirs.value, np.nan)
            row_error = np.where(theirs.base > 0, theirs.standard_error, np.nan)
            assert ours.value[:, j] == pytest.approx(row_value, rel=1e-12, nan_ok=True)
            assert np.sqrt(ours.variance[:, j]) == pytest.approx(
                row_error, rel=1e-10, abs=1e-10, nan_ok=True
            )
            assert (free == theirs.degrees_of_freedom).all()


@settings(max_examples=60, deadline=None)
@given(surveys())
def test_covariance_of_chosen_cells_equals_the_row_level_covariance(survey):
    design, strata, (sums, _) = design_of(survey), strata_of(survey), as_sums(survey)
    cells, measures = np.array([0, 1, 2, 0]), np.array([0, 0, 0, 1])
    estimates = totals.ratios(sums, strata)
    value, joint = totals.covariance(sums, strata, estimates, cells, measures)
    parts = [
        linearise_ratios(
            survey["y"][:, j], np.ones(design.n_rows), design, survey["cell"], n_domains=5
        )
        for j in (0, 1)
    ]
    all_values, all_joint = taylor.joint_covariance(parts, design)
    chosen = np.array([0, 1, 2, 5])
    assert value == pytest.approx(all_values[chosen], nan_ok=True)
    expected = all_joint[np.ix_(chosen, chosen)]
    assert joint == pytest.approx(expected, rel=1e-10, abs=1e-10, nan_ok=True)


def twin(sums, strata):
    """Return ratio and variance of measure 0 in each cell, every unit written out."""
    result = []
    for cell in range(sums.n_cells):
        rows = [i for i in range(len(sums.cell)) if sums.cell[i] == cell]
        above = sum(sums.wy[i, 0] for i in rows)
        below = sum(sums.wx[i, 0] for i in rows)
        if below == 0:
            result.append((float("nan"), float("nan")))
            continue
        variance = 0.0
        for h, n in enumerate(strata.sampled):
            z = [
                (sums.wy[i, 0] - above / below * sums.wx[i, 0]) / below
                for i in rows
                if sums.stratum[i] == h
            ]
            z += [0.0] * (n - len(z))
            mean = sum(z) / n
            fraction = 1 - n / strata.population[h]
            variance += fraction * n / max(n - 1, 1) * sum((v - mean) ** 2 for v in z)
        result.append((above / below, variance))
    return np.array(result)


@settings(max_examples=60, deadline=None)
@given(surveys())
def test_units_with_nobody_in_the_cell_are_written_out_by_the_slow_twin(survey):
    survey["lonely_psu"] = "remove"
    strata, (sums, _) = strata_of(survey), as_sums(survey)
    ours, theirs = totals.ratios(sums, strata), twin(sums, strata)
    assert ours.value[:, 0] == pytest.approx(theirs[:, 0], nan_ok=True)
    assert ours.variance[:, 0] == pytest.approx(theirs[:, 1], rel=1e-10, abs=1e-13, nan_ok=True)


def large(rng, rows=4000, cells=60, units=400, measures=3):
    pairs = np.unique(rng.integers(0, cells, rows) * units + rng.integers(0, units, rows))
    shape = (pairs.size, measures)
    wx = rng.gamma(2, 1, shape)
    return totals.UnitSums(
        cell=pairs // units,
        stratum=pairs % units // 10,
        unit=pairs % units,
        wy=wx * rng.random(shape),
        wx=wx,
        n_cells=cells,
    ), make_strata(np.full(units // 10, 10))


def test_absent_units_change_the_variance():
    sums, strata = large(np.random.default_rng(1))
    fewer = make_strata(np.full(40, 9))
    with_all, without = totals.ratios(sums, strata), totals.ratios(sums, fewer)
    assert (with_all.value == without.value).all()
    assert not np.allclose(with_all.variance, without.variance, rtol=1e-3)


def test_order_of_rows_does_not_change_a_single_bit():
    rng = np.random.default_rng(2)
    sums, strata = large(rng)
    order = rng.permutation(sums.cell.size)
    shuffled = totals.UnitSums(
        cell=sums.cell[order],
        stratum=sums.stratum[order],
        unit=sums.unit[order],
        wy=sums.wy[order],
        wx=sums.wx[order],
        n_cells=sums.n_cells,
    )
    one, other = totals.ratios(sums, strata), totals.ratios(shuffled, strata)
    assert one.value.tobytes() == other.value.tobytes()
    assert one.variance.tobytes() == other.variance.tobytes()


def test_cells_worked_off_in_blocks_give_the_same_bits(monkeypatch):
    sums, strata = large(np.random.default_rng(3))
    whole = totals.ratios(sums, strata)
    monkeypatch.setattr(totals, "_BLOCK", 500)
    assert totals.ratios(sums, strata).variance.tobytes() == whole.variance.tobytes()


def test_cell_without_rows_is_impossible():
    sums, strata = large(np.random.default_rng(4))
    wider = totals.UnitSums(
        cell=sums.cell, stratum=sums.stratum, unit=sums.unit, wy=sums.wy, wx=sums.wx, n_cells=61
    )
    result = totals.ratios(wider, strata)
    assert np.isnan(result.value[60]).all()
    assert np.isnan(result.variance[60]).all()
    assert not np.isnan(result.value[:60]).any()


def test_no_rows_at_all_give_only_impossible_cells():
    none, nothing = np.zeros(0, dtype=np.int64), np.zeros((0, 2))
    sums = totals.UnitSums(cell=none, stratum=none, unit=none, wy=nothing, wx=nothing, n_cells=3)
    assert np.isnan(totals.ratios(sums, make_strata(np.array([2]))).value).all()


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_cell_in_which_all_agree_has_no_variance(share):
    sums, strata = large(np.random.default_rng(5))
    agreed = totals.UnitSums(
        cell=sums.cell,
        stratum=sums.stratum,
        unit=sums.unit,
        wy=sums.wx * share,
        wx=sums.wx,
        n_cells=sums.n_cells,
    )
    result = totals.ratios(agreed, strata)
    assert (result.value == share).all()
    assert (result.variance == 0).all()


def test_nearly_equal_values_keep_their_digits():
    units = np.arange(10)
    y = 1e6 + np.arange(10) / 1000
    sums = totals.UnitSums(
        cell=np.zeros(10, dtype=np.int64),
        stratum=np.zeros(10, dtype=np.int64),
        unit=units,
        wy=y[:, None],
        wx=np.ones((10, 1)),
        n_cells=1,
    )
    result = totals.ratios(sums, make_strata(np.array([10])))
    expected = np.var(np.arange(10) / 1000, ddof=1) / 10
    assert result.variance[0, 0] == pytest.approx(expected, rel=1e-6)


@settings(max_examples=40, deadline=None)
@given(surveys())
def test_design_effects_equal_the_row_level_ones(survey):
    survey["weight"] = np.where(survey["weight"] > 0, survey["weight"] + 3, 0)
    design, strata, (sums, _) = design_of(survey), strata_of(survey), as_sums(survey)
    expected = taylor.means(survey["y"][:, 0], design, survey["cell"], n_domains=5)
    inside = (survey["cell"] >= 0) & ~np.isnan(survey["y"][:, 0])
    cell, w, y = (survey[k][inside] for k in ("cell", "weight", "y"))
    add = lambda v: np.bincount(cell, v, minlength=5)[:, None]  # noqa: E731
    estimates = totals.ratios(sums, strata)
    first = totals.CellEstimates(
        value=estimates.value[:, :1], variance=estimates.variance[:, :1],
        below=estimates.below[:, :1],
    )  # fmt: skip
    y = y[:, 0]
    effect, replace = totals.design_effects(
        first, add((w > 0) * 1.0).astype(int), add(w), (add(w * y * y), add(w * y), add(w))
    )
    compare = expected.design_effect_replace
    assert replace[:, 0] == pytest.approx(compare, rel=1e-9, abs=1e-12, nan_ok=True)
    assert effect[:, 0] == pytest.approx(expected.design_effect, rel=1e-9, abs=1e-12, nan_ok=True)


def test_degrees_of_freedom_equal_the_row_level_ones():
    rng = np.random.default_rng(6)
    unit, cell = rng.integers(0, 30, 200), rng.integers(-1, 4, 200)
    weight = rng.integers(0, 2, 200) * 1.0
    design = make_design(weight, strata=[unit // 5], units=[unit])
    pairs = np.unique(cell[cell >= 0] * 30 + unit[cell >= 0])
    has_weight = [(weight[(cell == p // 30) & (unit == p % 30)] > 0).any() for p in pairs]
    ours = totals.degrees_of_freedom(
        pairs // 30, pairs % 30 // 5, np.array(has_weight, dtype=np.int64), 4
    )
    assert list(ours) == list(degrees_of_freedom(design, cell, 4))


def test_a_stratum_with_one_unit_is_refused_under_fail():
    with pytest.raises(DesignError, match="1 of 3 strata have a single sampled unit"):
        make_strata(np.array([2, 1, 3]))


def test_a_population_smaller_than_its_sample_is_refused():
    with pytest.raises(DesignError, match="In 2 of 2 strata the population is missing or smaller"):
        make_strata(np.array([2, 3]), np.array([1.0, np.nan]))


def test_a_unit_with_two_rows_in_one_cell_is_refused():
    twice = np.zeros(2, dtype=np.int64)
    sums = totals.UnitSums(
        cell=twice, stratum=twice, unit=twice, wy=np.ones((2, 1)), wx=np.ones((2, 1)), n_cells=1
    )
    with pytest.raises(ValueError, match="two rows in one cell"):
        totals.ratios(sums, make_strata(np.array([3])))

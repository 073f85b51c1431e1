"""Tests of association: reference rows of `svychisq`, distributions by simulation and by hand."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from social_evidence.errors import DataError, DefinitionError
from social_evidence.methods import chi_squared

ROOT = Path(
    os.environ.get("REFERENCE_ROOT", Path(__file__).parents[4] / "shared" / "reference")
).resolve()
TABLES = {
    "nh": ("nhanes", "HI_CHOL", "race", "WTMEC2YR", "SDMVSTRA", "SDMVPSU", None),
    "clus1": ("apiclus1", "sch.wide", "stype", "pw", None, "dnum", "fpc"),
}


def rows_of(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        absent = pytest.fail if os.environ.get("REQUIRE_DATA") == "1" else pytest.skip
        absent(f"no reference values: {path.name}")
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def slow_covariance(z, strata, unit, population):
    """Covariance of totals of z, a stratum and unit at a time."""
    result = np.zeros((z.shape[1], z.shape[1]))
    for stratum in np.unique(strata):
        here = strata == stratum
        sums = np.array([z[here & (unit == u)].sum(axis=0) for u in np.unique(unit[here])])
        n = len(sums)
        fraction = 0 if population is None else n / population[here][0]
        deviation = sums - sums.mean(axis=0)
        result += (1 - fraction) * n / (n - 1) * deviation.T @ deviation
    return result


@pytest.fixture(scope="module", params=sorted(TABLES))
def table(request):
    name, first, second, weight, stratum, psu, fpc = TABLES[request.param]
    rows = rows_of(ROOT / "r-survey" / "data" / f"{name}.csv")
    pairs = [(row[first], row[second]) for row in rows]
    answered = np.array(["" not in pair for pair in pairs])
    firsts = sorted({a for (a, _), ok in zip(pairs, answered, strict=True) if ok})
    seconds = sorted({b for (_, b), ok in zip(pairs, answered, strict=True) if ok})
    x = np.array([[float(pair == (a, b)) for a in firsts for b in seconds] for pair in pairs])
    w = np.array([float(row[weight]) for row in rows])
    strata = np.array([row[stratum] if stratum else "" for row in rows])
    unit = np.array([row[psu] for row in rows])
    population = np.array([float(row[fpc]) for row in rows]) if fpc else None
    total = np.sum(w * answered)
    shares = w @ x / total
    influence = (w * answered)[:, None] * (x - shares) / total
    shape = (len(firsts), len(seconds))
    return {
        "design": request.param,
        "shares": shares.reshape(shape),
        "share_covariance": slow_covariance(influence, strata, unit, population),
        "totals": (w @ x).reshape(shape),
        "total_covariance": slow_covariance(w[:, None] * x, strata, unit, population),
        "rows": len(rows),
        "df": len(set(zip(strata, unit, strict=True))) - len(set(strata)),
    }


def run(table, statistic, **options):
    if statistic in {"Wald", "adjWald"}:
        return chi_squared.wald(
            table["totals"],
            table["total_covariance"],
            table["df"],
            adjusted=statistic == "adjWald",
        )
    return chi_squared.rao_scott(
        table["shares"],
        table["share_covariance"],
        table["rows"],
        table["df"],
        statistic,
        **options,
    )


@pytest.mark.parametrize("statistic", chi_squared.STATISTICS)
def test_every_statistic_equals_r(table, statistic):
    wanted = [
        row
        for row in rows_of(ROOT / "r-survey" / "reference.csv")
        if row["design"] == table["design"]
        and row["r_call"].startswith("svychisq")
        and f"statistic='{statistic}'" in row["r_call"]
    ]
    got = run(table, statistic)
    assert got.value == pytest.approx(float(wanted[0]["estimate"]), rel=1e-9)
    assert got.p_value == pytest.approx(float(wanted[0]["p_value"]), rel=1e-9)
    if wanted[0]["df"]:
        assert got.numerator_df == pytest.approx(float(wanted[0]["df"]), rel=1e-9)
    for row in wanted[1:]:
        assert got.denominator_df == pytest.approx(float(row["estimate"]), rel=1e-9)


def test_the_exact_tail_is_what_simulation_finds(table):
    got = run(table, "lincom", exact=True)
    approximate = run(table, "saddlepoint", exact=True)
    generator = np.random.default_rng(20)
    effects = chi_squared._design_effects(table["shares"], table["share_covariance"], table["rows"])
    d = table["df"] * effects.sum() ** 2 / np.sum(effects**2)
    draws = 400_000
    top = sum(e * generator.chisquare(1, draws) for e in effects)
    share = np.mean(top / (generator.chisquare(d, draws) / d) > got.value)
    assert got.p_value == pytest.approx(share, abs=0.0015)
    assert approximate.p_value == pytest.approx(got.p_value, rel=0.05)


@settings(deadline=None)
@given(
    st.lists(st.floats(0.01, 5), min_size=1, max_size=6),
    st.floats(0.01, 40),
)
def test_two_weights_of_each_kind_have_a_closed_form(weights, x):
    """Pairs of equal weights make exponentials; equal ones alone make a gamma."""
    size = len(weights)
    equal = np.full(2 * size, weights[0])
    expected = stats.chi2.sf(x / weights[0], 2 * size)
    assert chi_squared.weighted_chi_squared_sf(x, equal) == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(st.floats(0.1, 1.0), st.floats(1.5, 4.0), st.floats(0.05, 30))
def test_two_different_pairs_make_a_hypoexponential(small, factor, x):
    large = small * factor
    expected = (large * np.exp(-x / (2 * large)) - small * np.exp(-x / (2 * small))) / (
        large - small
    )
    weights = np.array([small, small, large, large])
    assert chi_squared.weighted_chi_squared_sf(x, weights) == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(st.floats(0.05, 12), st.integers(1, 8), st.floats(0.7, 60))
def test_a_negative_term_makes_the_f_distribution(value, numerator, denominator):
    weights = np.append(np.full(numerator, 1 / numerator), -value / denominator)
    sizes = np.append(np.ones(numerator), denominator)
    got = chi_squared.weighted_chi_squared_sf(0.0, weights, sizes)
    assert got == pytest.approx(stats.f.sf(value, numerator, denominator), abs=1e-8)


@settings(deadline=None)
@given(st.floats(1.0, 12), st.integers(2, 8))
def test_the_saddlepoint_is_close_for_equal_weights(value, size):
    got = chi_squared.saddlepoint_sf(value * size, np.ones(size))
    assert got == pytest.approx(stats.chi2.sf(value * size, size), rel=0.05)


def test_simple_random_sampling_gives_pearsons_chi_squared():
    counts = np.array([[30.0, 10.0, 20.0], [10.0, 25.0, 25.0]])
    n = counts.sum()
    p = counts / n
    covariance = (np.diag(p.ravel()) - np.outer(p, p)) / n
    got = chi_squared.rao_scott(p, covariance, int(n), n - 1, "Chisq")
    pearson = stats.chi2_contingency(counts, correction=False)
    assert got.value == pytest.approx(pearson.statistic, rel=1e-12)
    assert got.p_value == pytest.approx(pearson.pvalue, rel=1e-9)
    assert got.numerator_df == 2


def test_turning_the_table_changes_nothing(table):
    r, k = table["shares"].shape
    order = np.arange(r * k).reshape(r, k).T.ravel()
    turned = table | {
        name: table[name].T if table[name].shape == (r, k) else table[name][np.ix_(order, order)]
        for name in ("shares", "share_covariance", "totals", "total_covariance")
    }
    for statistic in chi_squared.STATISTICS:
        assert run(turned, statistic).p_value == pytest.approx(
            run(table, statistic).p_value, rel=1e-7
        )


def test_replicate_designs_are_referred_to_a_weighted_chi_squared(table):
    got = run(table, "lincom", f_reference=False, exact=True)
    assert got.p_value < run(table, "lincom", exact=True).p_value


def test_no_degrees_of_freedom_give_no_p_value(table):
    for statistic in ("F", "lincom", "saddlepoint"):
        got = chi_squared.rao_scott(
            table["shares"], table["share_covariance"], table["rows"], 0, statistic
        )
        assert np.isnan(got.p_value)
    wald = chi_squared.wald(table["totals"], table["total_covariance"], 0, adjusted=True)
    assert np.isnan(wald.p_value)


def test_a_table_without_variance_gives_no_wald_test():
    got = chi_squared.wald(np.ones((2, 2)), np.zeros((4, 4)), 10)
    assert np.isnan(got.value)
    assert np.isnan(got.p_value)


def test_tables_without_a_question_are_refused():
    with pytest.raises(DataError, match="at least 2 answers"):
        chi_squared.rao_scott(np.ones((1, 3)) / 3, np.eye(3), 10, 5)
    with pytest.raises(DataError, match="without weight"):
        chi_squared.wald(np.array([[1.0, 0.0], [2.0, 0.0]]), np.eye(4), 5)


def test_an_unknown_statistic_is_refused():
    with pytest.raises(DefinitionError, match="lincom"):
        chi_squared.rao_scott(np.full((2, 2), 0.25), np.eye(4), 10, 5, "G2")


@pytest.mark.parametrize("statistic", ["F", "Chisq", "lincom", "saddlepoint"])
def test_no_variance_or_too_many_empty_cells_give_no_test(statistic):
    without = chi_squared.rao_scott(np.full((2, 2), 0.25), np.zeros((4, 4)), 10, 5, statistic)
    emptied = chi_squared.rao_scott(np.eye(3) / 3, np.eye(9), 10, 5, statistic)
    assert np.isnan(without.p_value)
    assert np.isnan(emptied.p_value)

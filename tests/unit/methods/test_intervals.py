"""Intervals: closed forms, their edges, and every `svyciprop` row of the reference."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from social_evidence.errors import DefinitionError
from social_evidence.methods import intervals, profile

ROOT = Path(
    os.environ.get("REFERENCE_ROOT", Path(__file__).parents[4] / "shared" / "reference")
).resolve()
CLOSED = {
    "xlogit": intervals.xlogit,
    "wilson": intervals.wilson,
    "asin": intervals.asin,
    "mean": intervals.wald,
}


def rows_of(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        absent = pytest.fail if os.environ.get("REQUIRE_DATA") == "1" else pytest.skip
        absent(f"no reference values: {path.name}")
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def number(text: str) -> float:
    return float(text) if text else float("nan")


def is_calculated(row: dict[str, str]) -> bool:
    """A row of R with a share inside (0, 1) and limits."""
    share = number(row["estimate"])
    limits = number(row["ci_low"]) + number(row["ci_high"])
    return 1e-9 < share < 1 - 1e-9 and bool(np.isfinite(limits)) and number(row["df"]) > 0


@pytest.fixture(scope="module")
def nasty() -> dict[str, dict]:
    """Designs of the random set with the columns that intervals need."""
    folder = ROOT / "r-survey" / "random"
    designs = {row["design_id"]: row for row in rows_of(folder / "designs.csv")}
    cells: dict[str, list] = defaultdict(list)
    for row in rows_of(folder / "microdata.csv"):
        cells[row["design_id"]].append((row["grp"], number(row["y"]), number(row["w"]), row["a"]))
    return {
        key: {
            "kind": row["kind"],
            "caution": row["caution"],
            "group": np.array([c[0] for c in cells[key]]),
            "y": np.array([c[1] for c in cells[key]]),
            "w": np.array([c[2] for c in cells[key]]),
            "a": np.array([c[3] for c in cells[key]]),
        }
        for key, row in designs.items()
        if cells[key]
    }


@pytest.fixture(scope="module")
def expected() -> dict[str, list[dict[str, str]]]:
    by_statistic: dict[str, list] = defaultdict(list)
    for row in rows_of(ROOT / "r-survey" / "random" / "expected.csv"):
        if row["stat"].startswith("ciprop_") and is_calculated(row):
            by_statistic[row["stat"].removeprefix("ciprop_")].append(row)
    return by_statistic


def as_arrays(rows: list[dict[str, str]]) -> tuple[np.ndarray, ...]:
    names = ("estimate", "se", "df", "ci_low", "ci_high")
    return tuple(np.array([number(row[name]) for row in rows]) for name in names)


def own_degrees_of_freedom(row: dict[str, str]) -> float:
    """Degrees of freedom that R used: the column gives those of the whole design."""
    files = {"strat": ("apistrat", "stype", ""), "clus": ("apiclus1", "", "dnum")}
    files |= {"nh": ("nhanes", "SDMVSTRA", "SDMVPSU"), "clus2": ("apiclus2", "", "dnum")}
    if "subset(" not in row["r_call"]:
        return number(row["df"])
    design = row["design"].removesuffix("_wr")
    name, strata, unit = files.get(design, files[design.rstrip("1")])
    people = rows_of(ROOT / "r-survey" / "data" / f"{name}.csv")
    kept = [
        (i, person)
        for i, person in enumerate(people)
        if (person.get("stype") == "M" and "stype=='M'" in row["r_call"])
        or (person.get("agecat") == "(19,39]" and person.get("race") == "4")
    ]
    units = {(p.get(strata), p[unit] if unit else i) for i, p in kept}
    return len(units) - len({p.get(strata) for _, p in kept})


@pytest.mark.parametrize("method", sorted(CLOSED))
def test_closed_forms_equal_r_on_random_designs(method, expected):
    share, error, df, low, high = as_arrays(expected[method])
    lower, upper = CLOSED[method](share, error, df)
    assert share.size > 0
    np.testing.assert_allclose(lower, low, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(upper, high, rtol=1e-9, atol=1e-12)


def test_logit_equals_r_on_linearised_random_designs(nasty, expected):
    rows = [r for r in expected["logit"] if not nasty[r["design_id"]]["kind"].startswith("rep")]
    share, error, df, low, high = as_arrays(rows)
    lower, upper = intervals.logit(share, error, df)
    assert share.size > 0
    np.testing.assert_allclose(lower, low, atol=1e-6)
    np.testing.assert_allclose(upper, high, atol=1e-6)


def test_beta_equals_r_with_the_rows_of_the_domain(nasty, expected):
    compared = 0
    for row in expected["beta"]:
        design = nasty[row["design_id"]]
        inside = (row["domain"] == "all") | (design["group"] == row["domain"].removeprefix("grp="))
        calibrated = design["kind"] in {"post", "rake", "greg"}
        rows = design["y"].size if calibrated else int(np.sum(inside))
        if row["domain"] == "all":
            rows = design["y"].size
        share, error, df, low, high = (x[0] for x in as_arrays([row]))
        if error < 1e-12:
            continue
        lower, upper = intervals.beta(share, error, df, rows=rows)
        np.testing.assert_allclose([lower, upper], [low, high], rtol=1e-9, atol=1e-12)
        compared += 1
    assert compared > 0


def test_likelihood_equals_r_with_its_working_model(nasty, expected):
    compared = 0
    for row in expected["likelihood"]:
        design = nasty[row["design_id"]]
        if design["kind"] not in {"wr", "fpc", "twostage"} or design["caution"]:
            continue
        share, error, df, low, high = (x[0] for x in as_arrays([row]))
        working = profile.working_model(design["y"], design["w"])
        lower, upper = intervals.likelihood(share, error, df, working=working)
        np.testing.assert_allclose([lower[0], upper[0]], [low, high], atol=1e-7)
        compared += 1
    assert compared > 0


def test_likelihood_equals_r_on_post_stratified_designs(nasty, expected):
    margins = defaultdict(dict)
    for row in rows_of(ROOT / "r-survey" / "random" / "margins.csv"):
        margins[row["design_id"]][row["level"]] = float(row["total"])
    compared = 0
    for row in expected["likelihood"]:
        design = nasty[row["design_id"]]
        if design["kind"] != "post" or design["caution"]:
            continue
        weight = design["w"].copy()
        for level, total in margins[row["design_id"]].items():
            weight[design["a"] == level] *= total / weight[design["a"] == level].sum()
        share, error, df, low, high = (x[0] for x in as_arrays([row]))
        working = profile.working_model(design["y"], weight, kind="calibrated")
        lower, upper = intervals.likelihood(share, error, df, working=working)
        np.testing.assert_allclose([lower[0], upper[0]], [low, high], atol=1e-7)
        compared += 1
    assert compared > 0


@pytest.mark.parametrize("method", sorted([*CLOSED, "logit"]))
def test_closed_forms_equal_r_on_real_designs(method):
    rows = [
        row
        for row in rows_of(ROOT / "r-survey" / "reference.csv")
        if "svyciprop" in row["r_call"]
        and f"method='{method}'" in row["r_call"]
        and not (method == "logit" and ("jk" in row["design"] or "brr" in row["design"]))
    ]
    share, error, _, low, high = as_arrays(rows)
    df = np.array([own_degrees_of_freedom(row) for row in rows])
    lower, upper = (intervals.logit if method == "logit" else CLOSED[method])(share, error, df)
    tolerance = 1e-6 if method == "logit" else 1e-9
    np.testing.assert_allclose(lower, low, rtol=tolerance)
    np.testing.assert_allclose(upper, high, rtol=tolerance)


@pytest.mark.parametrize(("design", "rows"), [("strat", 200), ("clus1", 183), ("clus2", 126)])
def test_beta_equals_r_on_real_designs(design, rows):
    wanted = [
        row
        for row in rows_of(ROOT / "r-survey" / "reference.csv")
        if row["design"] == design and row["r_call"] == "svyciprop(~I(api00>650),d,method='beta')"
    ]
    share, error, df, low, high = as_arrays(wanted)
    lower, upper = intervals.beta(share, error, df, rows=np.full(share.shape, rows))
    np.testing.assert_allclose([lower, upper], [low, high], rtol=1e-9)


@pytest.mark.parametrize("subset", [False, True])
def test_likelihood_equals_r_on_nhanes_with_missing_answers(subset):
    folder = ROOT / "r-survey"
    call = "subset(d,agecat=='(19,39]'&race==4)" if subset else "d"
    text = f"svyciprop(~HI_CHOL,{call},method='likelihood',na.rm=TRUE)"
    wanted = [row for row in rows_of(folder / "reference.csv") if row["r_call"] == text]
    people = [
        row
        for row in rows_of(folder / "data" / "nhanes.csv")
        if not subset or (row["agecat"] == "(19,39]" and row["race"] == "4")
    ]
    y = np.array([number(row["HI_CHOL"]) for row in people])
    w = np.array([number(row["WTMEC2YR"]) for row in people])
    share, error, _, low, high = as_arrays(wanted)
    df = own_degrees_of_freedom(wanted[0])
    lower, upper = intervals.likelihood(share, error, df, working=profile.working_model(y, w))
    np.testing.assert_allclose([lower, upper], [low, high], atol=1e-7)


shares = st.floats(0.01, 0.99)
errors = st.floats(0.001, 0.2)
dfs = st.integers(1, 200)


@settings(deadline=None)
@given(share=shares, error=errors, df=dfs)
def test_every_method_mirrors_when_the_question_is_turned_round(share, error, df):
    for method in (intervals.logit, intervals.xlogit, intervals.wilson, intervals.wald):
        lower, upper = method(share, error, df)
        mirrored = method(1 - share, error, df)
        np.testing.assert_allclose([lower, upper], [1 - mirrored[1], 1 - mirrored[0]], atol=1e-9)


@settings(deadline=None)
@given(share=st.floats(0.05, 0.95), error=st.floats(0.001, 0.1), df=dfs)
def test_a_higher_level_gives_a_wider_interval_around_the_share(share, error, df):
    for method in (intervals.logit, intervals.wilson, intervals.wald):
        narrow, wide = method(share, error, df, 0.8), method(share, error, df, 0.95)
        assert wide[0] <= narrow[0] <= share <= narrow[1] <= wide[1]


@settings(deadline=None)
@given(hits=st.integers(1, 39))
def test_beta_is_clopper_pearson_for_a_simple_random_sample(hits):
    n, p = 40, hits / 40
    df = n - 1
    lower, upper = intervals.beta(p, np.sqrt(p * (1 - p) / n), df, rows=n)
    exact = stats.binomtest(hits, n).proportion_ci(method="exact")
    np.testing.assert_allclose([lower, upper], exact, atol=1e-12)


@pytest.mark.parametrize(("share", "ends"), [(0.0, (0, 0.025)), (1.0, (0.025, 1))])
def test_beta_with_a_base_has_exact_limits_at_the_edges(share, ends):
    lower, upper = intervals.beta(share, 0.0, 49, rows=50, base=50)
    one_sided = 1 - 0.025 ** (1 / 50)
    expected_limits = (0.0, one_sided) if share == 0 else (1 - one_sided, 1.0)
    np.testing.assert_allclose([lower, upper], expected_limits, atol=1e-12)


def test_beta_without_a_base_is_nan_at_the_edges_as_in_r():
    lower, upper = intervals.beta([0.0, 1.0], [0.0, 0.0], [5, 5], rows=[20, 20])
    assert np.isnan(lower).all()
    assert np.isnan(upper).all()


def test_fewer_degrees_of_freedom_widen_exact_limits_at_the_edge():
    wide = intervals.beta(0.0, 0.0, 3, rows=50, base=50)[1]
    assert wide > intervals.beta(0.0, 0.0, 49, rows=50, base=50)[1]


def test_logit_at_the_edges_has_no_width_as_in_r_and_xlogit_none():
    lower, upper = intervals.logit([0.0, 1.0], [0.0, 0.0], [4, 4])
    assert lower.tolist() == [0.0, 1.0]
    assert upper.tolist() == [0.0, 1.0]
    assert np.isnan(intervals.xlogit([0.0, 1.0], [0.0, 0.0], [4, 4])).all()


def test_a_level_outside_0_and_1_is_refused():
    with pytest.raises(DefinitionError, match="95"):
        intervals.wald(1.0, 0.1, 5, 95)


@settings(deadline=None)
@given(share=shares, error=st.floats(0.005, 0.1), df=st.integers(2, 100))
def test_exact_likelihood_limits_solve_the_equation(share, error, df):
    lower, upper = intervals.likelihood(share, error, df)
    rise = stats.t.isf(0.025, df) ** 2 * error**2 / (share * (1 - share))
    for limit in (lower[0], upper[0]):
        if 1e-9 < limit < 1 - 1e-9:  # nearer to 1, 1 - limit has too few digits to check by
            distance = share * np.log(share / limit)
            distance += (1 - share) * np.log((1 - share) / (1 - limit))
            assert 2 * distance == pytest.approx(rise, rel=1e-6)


def test_infinite_degrees_of_freedom_give_the_normal():
    lower, upper = intervals.wald(0.0, 1.0, np.inf)
    assert upper == pytest.approx(1.959963984540054)
    assert lower == -upper


def test_a_standard_error_of_0_gives_limits_at_the_share():
    for method in (intervals.logit, intervals.wilson):
        lower, upper = method(0.25, 0.0, 7)
        assert lower == pytest.approx(0.25)
        assert upper == pytest.approx(0.25)
    assert np.array(intervals.beta(0.25, 0.0, 7, rows=20)).tolist() == [0.25, 0.25]

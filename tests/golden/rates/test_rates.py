"""Every value of the `rates` reference set, and R's own where the two are comparable.

A row is (case, method, quantity, item, value). The tables below map case and method to a function
of the set's input files that returns all quantities by (quantity, item). A row nobody can work
out fails; a set may lack files, whose rows are then counted as skipped.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest

from social_evidence.methods import (
    count_shares,
    counts,
    funnel,
    inequality,
    rate_contrasts,
    rates,
    standardise,
    trend,
)

SET = "rates"
OWN_FILE = "expected.csv"
R_FILE = "anchor_R.csv"
TOLD = {OWN_FILE: "rates", R_FILE: "rates, R's own"}
RELATIVE = 1e-11
LEVELS = {"95": 0.95, "998": 0.998}
PER = 1e5
SIGNS = {
    funnel.HIGHER: 1.0,
    funnel.LOWER: -1.0,
    funnel.NO_CLEAR_DIFFERENCE: 0.0,
    trend.RISING: 1.0,
    trend.FALLING: -1.0,
    trend.NO_CLEAR_TREND: 0.0,
}

Row = dict[str, str]
Values = dict[tuple[str, str], float]


class MissingPartError(Exception):
    """A file of the set that these rows need is not in the folder."""


class RatesSet:
    """The files of one folder, read when asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rows(self, name: str) -> list[Row]:
        path = self.folder / name
        if not path.is_file():
            raise MissingPartError(name)
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def columns(self, name: str) -> dict[str, list[str]]:
        rows = self.rows(name)
        return {key: [row[key] for row in rows] for key in rows[0]}


def numbers(values: Iterable[str]) -> np.ndarray:
    return np.array([float(value) for value in values])


def by_item(quantity: str, items: Iterable[str], values: Iterable[float]) -> Values:
    return {(quantity, item): float(v) for item, v in zip(items, values, strict=True)}


def limits(items: list[str], method: Callable[[float], counts.Interval]) -> Values:
    """Work out both limits at both levels of a method given as a function of the level."""
    out: Values = {}
    for suffix, level in LEVELS.items():
        interval = method(level)
        out |= by_item(f"lower{suffix}", items, interval.lower)
        out |= by_item(f"upper{suffix}", items, interval.upper)
        out |= by_item("value", items, interval.estimate)
    return out


# ---------------------------------------------------------------- proportions and rates


def proportion(method: Callable[..., counts.Interval]) -> Callable[[RatesSet], Values]:
    def work_out(files: RatesSet) -> Values:
        t = files.columns("proportions.csv")
        x, n = numbers(t["x"]), numbers(t["n"])
        return limits(t["item"], lambda level: method(x, n, level))

    return work_out


def rate(method: Callable[..., counts.Interval]) -> Callable[[RatesSet], Values]:
    def work_out(files: RatesSet) -> Values:
        t = files.columns("counts.csv")
        x, n = numbers(t["x"]), numbers(t["n"])
        return limits(t["item"], lambda level: method(x, n, level, per=PER))

    return work_out


def contrast(
    method: Callable[..., counts.Interval], name: str
) -> Callable[[RatesSet, str, str], Values]:
    def work_out(files: RatesSet, first: str, reference: str) -> Values:
        counts = {r["item"]: (float(r["x"]), float(r["n"])) for r in files.rows("proportions.csv")}
        out: Values = {}
        for suffix, level in LEVELS.items():
            interval = method(*counts[first], *counts[reference], level)
            out |= by_item(f"lower{suffix}", ["ALL"], [interval.lower])
            out |= by_item(f"upper{suffix}", ["ALL"], [interval.upper])
            out |= by_item(name, ["ALL"], [interval.estimate])
        return out

    return work_out


def student(files: RatesSet) -> Values:
    x = numbers(files.columns("mean.csv")["x"])
    out = limits(["ALL"], lambda level: _one(rates.mean(x, level)))
    interval = rates.mean(x)
    return out | {("stdev", "ALL"): float(interval.standard_error) * math.sqrt(x.size)}


def _one(interval: counts.Interval) -> counts.Interval:
    return counts.Interval(
        estimate=np.atleast_1d(interval.estimate),
        standard_error=np.atleast_1d(interval.standard_error),
        lower=np.atleast_1d(interval.lower),
        upper=np.atleast_1d(interval.upper),
        level=interval.level,
        interval_method=interval.interval_method,
    )


# ---------------------------------------------------------------- standardisation


def by_age(files: RatesSet) -> tuple[list[str], dict[str, np.ndarray]]:
    rows = files.rows("age_events.csv")
    areas = sorted({row["area"] for row in rows})
    ages = sorted({row["age"] for row in rows})
    place = {(row["area"], row["age"]): row for row in rows}
    return areas, {
        name: np.array([[float(place[area, age][name]) for age in ages] for area in areas])
        for name in ("events", "population", "stdpop")
    }


def direct(interval: str) -> Callable[[RatesSet], Values]:
    def work_out(files: RatesSet) -> Values:
        areas, t = by_age(files)
        out: Values = {}
        for suffix, level in LEVELS.items():
            r = standardise.directly_standardised(
                t["events"], t["population"], t["stdpop"], level, per=PER, interval=interval
            )
            out |= by_item(f"lower{suffix}", areas, r.lower)
            out |= by_item(f"upper{suffix}", areas, r.upper)
            out |= by_item("value", areas, r.estimate)
            out |= by_item("variance_of_rate", areas, (r.standard_error / PER) ** 2)
            out |= by_item("total_count", areas, r.events)
            out |= by_item("publishable_total_count_at_least_10", areas, r.publishable)
        return out

    return work_out


def indirect(files: RatesSet) -> Values:
    areas, t = by_age(files)
    r = standardise.indirectly_standardised(
        t["events"].sum(axis=1),
        t["population"],
        t["events"].sum(axis=0),
        t["population"].sum(axis=0),
        per=PER,
    )
    out = by_item("value", areas, r.estimate) | by_item("expected", areas, r.expected)
    return out | by_item("lower95", areas, r.lower) | by_item("upper95", areas, r.upper)


def indirect_rate(files: RatesSet) -> Values:
    areas, t = by_age(files)
    r = standardise.indirectly_standardised(
        t["events"].sum(axis=1),
        t["population"],
        t["events"].sum(axis=0),
        t["population"].sum(axis=0),
        per=PER,
    )
    return by_item("value", areas, r.rate)


# ---------------------------------------------------------------- funnel


def in_funnel(files: RatesSet) -> tuple[list[str], np.ndarray, np.ndarray, float]:
    t = files.columns("funnel.csv")
    x, n = numbers(t["x"]), numbers(t["n"])
    return t["area"], x, n, funnel.average(x, n)


def funnel_limits(method: Callable[..., tuple[np.ndarray, np.ndarray]]) -> Callable[..., Values]:
    def work_out(files: RatesSet) -> Values:
        areas, _, n, benchmark = in_funnel(files)
        out: Values = {}
        for suffix, level in LEVELS.items():
            lower, upper = method(benchmark, n, level)
            out |= by_item(f"lower{suffix}", areas, lower)
            out |= by_item(f"upper{suffix}", areas, upper)
        return out

    return work_out


def funnel_verdicts(files: RatesSet) -> Values:
    areas, x, n, benchmark = in_funnel(files)
    out: Values = {}
    for suffix, level in LEVELS.items():
        w = count_shares.wilson(x, n, level)
        words = funnel.verdicts(w.lower, w.upper, benchmark)
        out |= by_item(f"verdict{suffix}", areas, [SIGNS[word] for word in words])
    return out


def funnel_score(files: RatesSet) -> Values:
    areas, x, n, benchmark = in_funnel(files)
    return by_item("z", areas, funnel.score_z(x, n, benchmark))


def funnel_dispersion(files: RatesSet) -> Values:
    _, x, n, benchmark = in_funnel(files)
    z = funnel.score_z(x, n, benchmark)
    return {
        ("phi_unwinsorised", "ALL"): funnel.over_dispersion(z),
        ("phi_winsorised_10pct_type7", "ALL"): funnel.over_dispersion(z, winsorised=0.1),
    }


def funnel_average(files: RatesSet) -> Values:
    return {("average", "ALL"): in_funnel(files)[3]}


def funnel_baseline(files: RatesSet) -> Values:
    grid = [r["item"] for r in files.rows(R_FILE) if r["quantity"] == "baseline"]
    return by_item("baseline", grid, [in_funnel(files)[3] * 100.0] * len(grid))


# ---------------------------------------------------------------- trend and inequality


def over_time(files: RatesSet) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    rows = files.rows("trend.csv")
    out = {}
    for series in sorted({row["series"] for row in rows}):
        mine = sorted((r for r in rows if r["series"] == series), key=lambda r: float(r["year"]))
        out[series] = tuple(numbers(r[name] for r in mine) for name in ("x", "n", "year"))
    return out


def trends(proportions: bool, latest: int | None) -> Callable[[RatesSet], Values]:
    def work_out(files: RatesSet) -> Values:
        out: Values = {}
        for series, (x, n, time) in over_time(files).items():
            if proportions:
                t = trend.cochran_armitage(x, n, time, latest=latest)
            else:
                points = trend.points_from_interval(count_shares.wilson(x, n))
                t = trend.inverse_variance(*points, time, latest=latest)
            out[("slope", series)] = float(t.slope)
            out[("chi2_1df", series)] = float(t.chi_squared)
            out[("p", series)] = float(t.p_value)
            out[("verdict_1pct", series)] = SIGNS[str(trend.trend_verdicts(t))]
        return out

    return work_out


def slopes(method: str) -> Callable[[RatesSet], Values]:
    def work_out(files: RatesSet) -> Values:
        rows = files.rows("sii.csv")
        out: Values = {}
        for group in sorted({row["group"] for row in rows}):
            mine = sorted(
                (r for r in rows if r["group"] == group), key=lambda r: float(r["quantile"])
            )
            v, se, people = (numbers(r[k] for r in mine) for k in ("value", "se", "population"))
            i = inequality.slope_index(v, se, people, method=method)
            for names, value in (
                (("sii", "sii_backtransformed"), i.slope_index),
                (("rii", "rii_ratio_of_extremes", "rii_backtransformed"), i.relative_index),
                (("intercept",), i.intercept),
                (("sii_se_propagated",), i.standard_error),
                (("sii_lower95", "sii_lower95_0cl"), i.lower),
                (("sii_upper95", "sii_upper95_0cl"), i.upper),
            ):
                out |= {(name, group): float(value) for name in names}
        return out

    return work_out


# ---------------------------------------------------------------- the tables

OWN: dict[tuple[str, str], Callable[[RatesSet], Values]] = {
    ("proportion", "point"): proportion(count_shares.wilson),
    ("proportion", "wilson"): proportion(count_shares.wilson),
    ("proportion", "clopper_pearson"): proportion(count_shares.clopper_pearson),
    ("proportion", "jeffreys"): proportion(count_shares.jeffreys),
    ("rate_per_100000", "point"): rate(rates.exact_below_10_else_byar),
    ("rate_per_100000", "garwood_exact"): rate(rates.garwood),
    ("rate_per_100000", "byar"): rate(rates.byar),
    ("rate_per_100000", "exact_below_10_else_byar"): rate(rates.exact_below_10_else_byar),
    ("dsr_per_100000", "dobson"): direct(standardise.DOBSON),
    ("dsr_per_100000", "fay_feuer_gamma"): direct(standardise.FAY_FEUER_GAMMA),
    ("isr_ratio", "all_areas_reference"): indirect,
    ("isr_rate_per_100000", "all_areas_reference"): indirect_rate,
    ("funnel", "all"): funnel_average,
    ("funnel", "ci_comparison"): funnel_verdicts,
    ("funnel", "normal_limits"): funnel_limits(funnel.normal_limits),
    ("funnel", "binomial_quantile_limits"): funnel_limits(funnel.binomial_quantile_limits),
    ("funnel", "score_test"): funnel_score,
    ("funnel", "overdispersion_spiegelhalter"): funnel_dispersion,
    ("trend_proportion", "cochran_armitage_all"): trends(True, None),
    ("trend_proportion", "cochran_armitage_last5"): trends(True, 5),
    ("trend_value_with_ci", "inverse_variance_all"): trends(False, None),
    ("trend_value_with_ci", "inverse_variance_last5"): trends(False, 5),
    ("sii", "population_weighted_linear"): slopes(inequality.LINEAR),
    ("sii", "population_weighted_logit"): slopes(inequality.LOGIT),
    ("mean", "student_t"): student,
}

# Two of the set's proportions are named in the case itself.
CONTRASTS = {
    (r"gap_(\w+)_minus_(\w+)", "newcombe_hybrid_wilson"): contrast(
        rate_contrasts.difference_of_proportions, "difference"
    ),
    (r"ratio_(\w+)_over_(\w+)", "katz_log"): contrast(rate_contrasts.ratio_of_proportions, "ratio"),
}

FROM_R: dict[tuple[str, str], Callable[[RatesSet], Values]] = {
    ("proportion", "phe_proportion"): proportion(count_shares.wilson),
    ("proportion", "R_binom.test"): proportion(count_shares.clopper_pearson),
    ("rate_per_100000", "phe_rate"): rate(rates.exact_below_10_else_byar),
    ("dsr_per_100000", "phe_dsr"): direct(standardise.DOBSON),
    ("isr_ratio", "calculate_ISRatio"): indirect,
    ("funnel_limits_grid", "calculate_funnel_limits"): funnel_baseline,
    ("sii", "phe_sii"): slopes(inequality.LINEAR),
    ("mean", "phe_mean"): student,
    ("trend_proportion", "R_prop.trend.test_all"): trends(True, None),
    ("trend_proportion", "R_prop.trend.test_last5"): trends(True, 5),
}

AS_THEY_COME = "funnel limits and verdicts as R's package gives them: other definitions"
NOT_COMPARABLE = {
    ("funnel", "assign_funnel_significance", "verdict"): AS_THEY_COME,
    ("funnel_limits_grid", "calculate_funnel_limits", "Population"): AS_THEY_COME,
    ("funnel_limits_grid", "calculate_funnel_limits", "lower_2s_limit"): AS_THEY_COME,
    ("funnel_limits_grid", "calculate_funnel_limits", "lower_3s_limit"): AS_THEY_COME,
    ("funnel_limits_grid", "calculate_funnel_limits", "upper_2s_limit"): AS_THEY_COME,
    ("funnel_limits_grid", "calculate_funnel_limits", "upper_3s_limit"): AS_THEY_COME,
}


def relative_tolerance(row: Row) -> float:
    """Return 1e-11, and two to three digits where R simulates its limits."""
    simulated = row["method"] == "phe_sii" and row["quantity"].endswith("_0cl")
    return 0.01 if simulated else RELATIVE


def quantity(row: Row) -> str:
    """Return our name of the row's quantity: R writes lower99_8cl for lower998."""
    name = row["quantity"]
    if row["method"] == "phe_sii":
        return name
    return name.replace("99_8cl", "998").replace("95_0cl", "95").replace("ercl", "er95")


def absolute_tolerance(row: Row) -> float:
    """Return the size of rounding alone, for zeros and for slopes that nearly cancel.

    A slope over years near 2,000 carries the rounding of the mean year, about 1e-13, in the
    reference as here: next to a slope near zero that is more than 1e-11 of it.
    """
    if row["case"].startswith("trend_"):
        return 1e-12
    return 1e-15 if float(row["value"]) == 0.0 else 0.0


def compare(rows: list[Row], values: Values) -> list[str]:
    """Return one line for every row that is not met."""
    faults = []
    for row in rows:
        ours = values.get((quantity(row), row["item"]), math.nan)
        expected = float(row["value"])
        if not math.isclose(
            ours, expected, rel_tol=relative_tolerance(row), abs_tol=absolute_tolerance(row)
        ):
            faults.append(f"{row}: ours {ours!r}")
    return faults


@pytest.fixture(scope="module")
def files(golden_folder) -> RatesSet:
    return RatesSet(golden_folder(SET))


def check(files: RatesSet, tally, name: str, rows: list[Row], work_out) -> None:
    if not rows:
        pytest.skip(f"{name} of this set has no such rows")
    try:
        values = work_out(files)
    except MissingPartError as part:
        tally.skipped(TOLD[name], len(rows), f"without {part}")
        pytest.skip(f"the set has no {part}")
    faults = compare(rows, values)
    tally.compared(TOLD[name], len(rows))
    assert not faults, "\n".join(faults)


def rows_of(files: RatesSet, name: str) -> list[Row]:
    try:
        return files.rows(name)
    except MissingPartError:
        pytest.skip(f"the set has no {name}")


@pytest.mark.parametrize("key", OWN, ids=" ".join)
def test_values_equal_the_reference(files, golden_tally, key):
    rows = [r for r in rows_of(files, OWN_FILE) if (r["case"], r["method"]) == key]
    check(files, golden_tally, OWN_FILE, rows, OWN[key])


@pytest.mark.parametrize("key", CONTRASTS, ids=" ".join)
def test_contrasts_equal_the_reference(files, golden_tally, key):
    pattern, method = key
    cases = {}
    for row in rows_of(files, OWN_FILE):
        if row["method"] == method and re.fullmatch(pattern, row["case"]):
            cases.setdefault(row["case"], []).append(row)
    if not cases:
        pytest.skip("expected.csv of this set has no such rows")
    for case, rows in cases.items():
        groups = re.fullmatch(pattern, case).groups()
        check(files, golden_tally, OWN_FILE, rows, lambda f, g=groups: CONTRASTS[key](f, *g))


@pytest.mark.parametrize("key", FROM_R, ids=" ".join)
def test_values_equal_r(files, golden_tally, key):
    rows, left_out = [], []
    for row in rows_of(files, R_FILE):
        if (row["case"], row["method"]) == key:
            known = (*key, row["quantity"]) not in NOT_COMPARABLE
            missing = row["value"] in {"NA", "NaN", ""}
            (rows if known and not missing else left_out).append(row)
    for row in left_out:
        reason = NOT_COMPARABLE.get((*key, row["quantity"]), "R gives no value")
        golden_tally.skipped(TOLD[R_FILE], 1, reason)
    check(files, golden_tally, R_FILE, rows, FROM_R[key])


def test_every_expected_row_is_known(files):
    unknown = sorted(
        {
            (row["case"], row["method"])
            for row in rows_of(files, OWN_FILE)
            if (row["case"], row["method"]) not in OWN
            and not any(
                row["method"] == method and re.fullmatch(pattern, row["case"])
                for pattern, method in CONTRASTS
            )
        }
    )
    assert unknown == []


def test_every_row_of_r_is_known(files, golden_tally):
    unknown = set()
    for row in rows_of(files, R_FILE):
        key = (row["case"], row["method"])
        reason = NOT_COMPARABLE.get((*key, row["quantity"]))
        if key not in FROM_R and reason is None:
            unknown.add(key)
        elif key not in FROM_R:
            golden_tally.skipped(TOLD[R_FILE], 1, reason)
    assert unknown == set()

"""Quantiles: rules by hand, intervals against the reference rows of `svyquantile`."""

from __future__ import annotations

import csv
import os
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.errors import DefinitionError
from social_evidence.methods import quantile

ROOT = Path(
    os.environ.get("REFERENCE_ROOT", Path(__file__).parents[4] / "shared" / "reference")
).resolve()


def rows_of(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        absent = pytest.fail if os.environ.get("REQUIRE_DATA") == "1" else pytest.skip
        absent(f"no reference values: {path.name}")
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def column(rows: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([float(row[name]) if row[name] else np.nan for row in rows])


def slow_variance(y, w, strata, unit, population):
    """Taylor variance of a weighted mean, a stratum and unit at a time."""
    mean = np.sum(w * y) / np.sum(w)
    z = w * (y - mean) / np.sum(w)
    total = 0.0
    for stratum in np.unique(strata):
        here = strata == stratum
        sums = [z[here & (unit == u)].sum() for u in np.unique(unit[here])]
        n = len(sums)
        fraction = n / population[here][0]
        total += (1 - fraction) * n / (n - 1) * sum((s - np.mean(sums)) ** 2 for s in sums)
    return total


def reference(design: str, interval: str | None = None, rule: str | None = None):
    wanted = [
        row
        for row in rows_of(ROOT / "r-survey" / "reference.csv")
        if row["r_call"].startswith("svyquantile")
        and row["design"] == design
        and (interval is None or f"interval.type='{interval}'" in row["r_call"])
        and (rule is None or f"qrule='{rule}'" in row["r_call"])
    ]
    probability = np.array([float(re.search(r"@([\d.]+)", row["term"])[1]) for row in wanted])
    return probability, [column(wanted, name) for name in ("estimate", "se", "ci_low", "ci_high")]


@pytest.mark.parametrize("interval", quantile.QUANTILE_INTERVALS)
@pytest.mark.parametrize("rule", quantile.QUANTILE_RULES)
def test_every_rule_and_interval_equals_r_on_a_stratified_sample(rule, interval):
    schools = rows_of(ROOT / "r-survey" / "data" / "apistrat.csv")
    y, w, population = (column(schools, name) for name in ("api00", "pw", "fpc"))
    strata = np.array([row["stype"] for row in schools])

    def variance(indicator: np.ndarray) -> float:
        return slow_variance(indicator, w, strata, np.arange(y.size), population)

    probability, (value, error, low, high) = reference("strat", interval, rule)
    got = quantile.woodruff(y, w, probability, variance, 197, rule=rule, interval=interval)
    np.testing.assert_allclose(got.value, value, rtol=1e-9)
    np.testing.assert_allclose(got.lower, low, rtol=1e-9)
    np.testing.assert_allclose(got.upper, high, rtol=1e-9)
    np.testing.assert_allclose(got.standard_error, error, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize(("name", "subset"), [("enroll", None), ("api00", "E")])
def test_clustered_samples_and_their_subsets_equal_r(name, subset):
    schools = rows_of(ROOT / "r-survey" / "data" / "apiclus1.csv")
    y, w, population, unit = (column(schools, c) for c in (name, "pw", "fpc", "dnum"))
    kept = ~np.isnan(y)
    if subset is not None:
        kept &= np.array([row["stype"] == subset for row in schools])

    def variance(indicator: np.ndarray) -> float:
        # Units without anybody in the domain count, with a sum of 0.
        share = np.sum(w[kept] * indicator) / np.sum(w[kept])
        z = np.zeros(y.size)
        z[kept] = w[kept] * (indicator - share) / np.sum(w[kept])
        sums = np.array([z[unit == u].sum() for u in np.unique(unit)])
        return (1 - 15 / population[0]) * 15 / 14 * np.sum((sums - sums.mean()) ** 2)

    probability, (value, error, low, high) = reference("clus1")
    wanted = probability == 0.5
    chosen = np.flatnonzero(wanted)[[0]] if subset is None else np.array([1, 2])
    df = 14 if subset is None else np.unique(unit[kept]).size - 1
    got = quantile.woodruff(y[kept], w[kept], probability[chosen], variance, df)
    np.testing.assert_allclose(got.value, value[chosen], rtol=1e-9)
    np.testing.assert_allclose(got.lower, low[chosen], rtol=1e-9)
    np.testing.assert_allclose(got.upper, high[chosen], rtol=1e-9)
    np.testing.assert_allclose(got.standard_error, error[chosen], rtol=1e-8)


@pytest.mark.parametrize(
    ("rule", "expected"), [("math", 2.0), ("school", 2.5), ("hf7", 2.5), ("shahvaish", 2.0)]
)
def test_the_median_of_four_equal_weights_by_each_rule(rule, expected):
    y = np.array([4.0, 1.0, 3.0, 2.0])
    assert quantile.weighted_quantile(y, np.ones(4), 0.5, rule) == expected


@settings(deadline=None)
@given(
    st.lists(st.integers(-50, 50), min_size=2, max_size=30),
    st.sampled_from([0.25, 0.5, 0.75]),
)
def test_a_weight_of_two_is_the_same_answer_twice(values, p):
    y = np.array(values, dtype=float)
    weight = np.where(np.arange(y.size) % 2 == 0, 2.0, 1.0)
    repeated = np.repeat(y, weight.astype(int))
    slow = min(v for v in repeated if np.mean(repeated <= v) >= p)
    assert quantile.weighted_quantile(y, weight, p) == slow


def test_hf7_equals_the_usual_definition_with_equal_weights():
    y = np.random.default_rng(3).normal(size=41)
    for p in (0.0, 0.1, 0.5, 0.77, 1.0):
        expected = np.quantile(y, p)
        assert quantile.weighted_quantile(y, np.full(41, 2.0), p, "hf7") == pytest.approx(expected)


@pytest.mark.parametrize("rule", quantile.QUANTILE_RULES)
def test_rows_of_weight_0_and_empty_domains(rule):
    y = np.array([5.0, 1.0])
    assert quantile.weighted_quantile(y, np.array([1.0, 0.0]), 0.1, rule) == 5.0
    assert np.isnan(quantile.weighted_quantile(y, np.zeros(2), 0.5, rule))


def test_no_degrees_of_freedom_give_no_limits_but_a_value():
    got = quantile.woodruff(np.arange(9.0), np.ones(9), [0.5], lambda _: 0.01, 0)
    assert got.value.tolist() == [4.0]
    assert np.isnan([got.lower, got.upper, got.standard_error]).all()


@pytest.mark.parametrize("interval", quantile.QUANTILE_INTERVALS)
def test_a_domain_without_variance_has_a_value_and_no_false_width(interval):
    got = quantile.woodruff(np.full(4, 7.0), np.ones(4), [0.5], lambda _: 0.0, 3, interval=interval)
    assert got.value.tolist() == [7.0]
    assert np.isnan(got.standard_error[0]) or got.standard_error[0] == 0


def test_unknown_names_and_probabilities_are_refused():
    y = np.arange(3.0)
    with pytest.raises(DefinitionError, match="math, school"):
        quantile.weighted_quantile(y, y + 1, 0.5, "median")
    with pytest.raises(DefinitionError, match="between 0 and 1"):
        quantile.weighted_quantile(y, y + 1, 50)
    with pytest.raises(DefinitionError, match="mean, beta"):
        quantile.woodruff(y, y + 1, [0.5], lambda _: 0.1, 2, interval="bootstrap")


def slow_cuts(y, weight, parts):
    """Cuts by exact fractions of the weights as they are written, a value at a time."""
    people = sorted(
        (v, Fraction(str(w))) for v, w in zip(y, weight, strict=True) if w > 0 and v == v
    )
    total = sum(w for _, w in people)
    cuts = []
    for part in range(1, parts):
        reached = Fraction(0)
        for value, w in people:
            reached += w
            if reached * parts >= part * total:
                cuts.append(value)
                break
    return cuts


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.just(float("nan")), st.integers(-4, 9).map(float)),
            st.sampled_from([0.0, 0.1, 0.3, 1.0, 2.5, 1000.0]),
        ),
        min_size=1,
        max_size=30,
    ),
    st.integers(2, 5),
    st.randoms(use_true_random=False),
)
def test_equal_cuts_are_the_slow_twins_in_any_order_of_rows(people, parts, chance):
    y, weight = (np.array(column) for column in zip(*people, strict=True))
    found = quantile.equal_cuts(y, weight, parts)
    shuffled = list(people)
    chance.shuffle(shuffled)
    again = quantile.equal_cuts(*(np.array(c) for c in zip(*shuffled, strict=True)), parts)
    np.testing.assert_array_equal(found, again)
    expected = slow_cuts(y, weight, parts)
    assert found.tolist() == expected if expected else np.isnan(found).all()


def test_people_with_one_value_are_not_divided_and_the_lower_part_takes_the_cut():
    assert quantile.equal_cuts(np.array([0.0, 0, 0, 0, 1, 2]), np.ones(6), 3).tolist() == [0, 0]
    assert quantile.equal_cuts(np.arange(9.0), np.ones(9), 3).tolist() == [2, 5]

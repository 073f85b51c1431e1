"""Benchmarks, areas, pooling, planning, strength: slow twins, edges and refusals."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.disclosure.pseudonym import pseudonym
from social_evidence.errors import DataError, DesignError
from social_evidence.methods.evaluation import (
    agreement,
    areas,
    benchmark,
    families,
    planning,
    pooling,
    sensitivity,
    strength,
)
from social_evidence.methods.evaluation.regression import least_squares, logistic
from social_evidence.methods.evaluation.staggered import staggered
from social_evidence.methods.evaluation.strength import DesignFacts, Rule


def test_entropy_weights_are_the_closest_that_balance():
    draw = np.random.default_rng(3)
    x = draw.normal(size=(60, 2))
    part = np.arange(60) < 12
    x[part] += 0.4
    base = draw.uniform(0.5, 2, 60)
    own = benchmark.by_entropy(benchmark.Compared.of(part, x, x[:, 0], base))
    assert own.worst < 1e-9
    assert own.weights.sum() == pytest.approx(12)
    # Closest to the base weights: the log of their ratio is a straight line in the covariates.
    log = np.log(own.weights / base[~part])
    line = least_squares(log, np.column_stack([np.ones(48), x[~part]]))
    assert np.abs(line.residuals).max() < 1e-9


def test_what_cannot_be_balanced_is_refused():
    x = np.array([[5.0], [6.0], [0.0], [1.0], [2.0]])
    part = [True, True, False, False, False]
    with pytest.raises(DataError, match="resemble the participants"):
        benchmark.by_entropy(benchmark.Compared.of(part, x, np.zeros(5)))
    with pytest.raises(DataError, match="does not settle"):
        benchmark.by_propensity(benchmark.Compared.of(part, x, np.zeros(5)))
    with pytest.raises(DataError, match="at least as many respondents"):
        benchmark.by_matching(
            benchmark.Compared.of([True, True, False], [[1.0], [2.0], [1.5]], np.zeros(3))
        )
    with pytest.raises(DataError, match="weight of 0 or below"):
        benchmark.Compared.of([True, False], [[1.0], [2.0]], [0, 1], [1, 0])


def test_logistic_meets_its_equations():
    draw = np.random.default_rng(8)
    x, weight = draw.normal(size=(200, 2)), draw.uniform(0.5, 2, 200)
    y = (draw.random(200) < 0.4).astype(float)
    _, fitted = logistic(y, x, weight)
    columns = np.column_stack([np.ones(200), x])
    assert np.abs(columns.T @ (weight * (y - fitted))).max() < 1e-9


def areas_of(changes, treated):
    """Two people an area, one before and one after."""
    n = len(changes)
    y = np.array([0.0, 1.0] * n)
    y[1::2] = changes
    wave = np.array([1, 2] * n)
    return areas.Observed.of(y, np.repeat(np.arange(n), 2), wave, np.repeat(treated, 2), 2)


def test_a_permutation_counts_all_choices_of_treated_areas():
    changes, treated = [5.0, 1.0, 2.0, 0.0, 1.5], [True, False, False, True, False]
    own = areas.between_areas(areas_of(changes, treated))

    def apart(chosen):
        rest = [c for at, c in enumerate(changes) if at not in chosen]
        return abs(np.mean([changes[at] for at in chosen]) - np.mean(rest))

    every = [apart(c) for c in itertools.combinations(range(5), 2)]
    assert own.permuted == pytest.approx(np.mean([e >= apart((0, 3)) - 1e-12 for e in every]))
    assert own.smallest == pytest.approx(1 / 10)


def test_one_treated_area_has_no_welch_test_but_a_permutation():
    own = areas.between_areas(areas_of([9.0, 1.0, 2.0, 3.0], [True, False, False, False]))
    assert math.isnan(own.p_value)
    assert own.permuted == own.smallest == 0.25


@pytest.mark.parametrize(
    ("treated", "starts", "words"),
    [
        ([True, True, True], 2, "some of both"),
        ([False, False, False], 2, "some of both"),
        ([True, False, False], 9, "waves before"),
    ],
)
def test_areas_without_a_comparison_are_refused(treated, starts, words):
    n = len(treated)
    wave = np.array([1, 2] * n)
    with pytest.raises(DesignError, match=words):
        areas.Observed.of(
            np.zeros(2 * n), np.repeat(np.arange(n), 2), wave, np.repeat(treated, 2), starts
        )


def test_two_way_equals_the_plain_difference_where_all_is_balanced():
    draw = np.random.default_rng(2)
    y = draw.normal(size=80)
    place, wave = np.repeat(np.arange(8), 10), np.tile([1, 2], 40)
    observed = areas.Observed.of(y, place, wave, place < 3, 2)
    assert areas.two_way(observed).value == pytest.approx(areas.two_by_two(observed).value)
    study = areas.event_study(observed)
    assert study.before is None
    assert study.effects[2.0] == pytest.approx(areas.two_way(observed).value)


def test_staggered_needs_units_that_never_began():
    unit, period = np.repeat([1, 2], 3), np.tile([1, 2, 3], 2)
    with pytest.raises(DesignError, match="never began"):
        staggered(np.zeros(6), unit, period, np.repeat([2, 3], 3))
    with pytest.raises(DataError, match="one value in each period"):
        staggered(np.zeros(5), unit[:5], period[:5], np.repeat([2, 0], 3)[:5])
    found = staggered([0, 1, 5, 0, 0, 1], unit, period, np.repeat([2, 0], 3))
    assert found.effects == {(2, 2): 1.0, (2, 3): 4.0}
    assert found.average == 2.5


def test_too_few_initiatives_are_not_pooled():
    with pytest.raises(DesignError, match="too few"):
        pooling.pool([0.1, 0.2], [0.01, 0.01])
    rough = pooling.pool([0.1, 0.2, 0.3], [0.01, 0.01, 0.01])
    assert rough.is_rough
    assert rough.between == 0
    with pytest.raises(DesignError, match="four or more"):
        pooling.leave_one_out([0.1, 0.2, 0.3], [0.01] * 3)


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=8), st.integers(0, 99))
def test_reml_is_at_least_as_likely_as_its_neighbours(effects, seed):
    variance = np.random.default_rng(seed).uniform(0.01, 0.1, len(effects))
    y = np.array(effects)

    def likelihood(between):
        weight = 1 / (variance + between)
        mean = (weight * y).sum() / weight.sum()
        return (
            -0.5 * np.log(variance + between).sum()
            - 0.5 * np.log(weight.sum())
            - 0.5 * (weight * (y - mean) ** 2).sum()
        )

    own = pooling.pool(y, variance).between
    best = likelihood(own)
    for other in (own + 1e-4, max(0.0, own - 1e-4)):
        assert best >= likelihood(other) - 1e-9


def test_people_found_have_the_power_asked_for():
    n = planning.two_shares_people(0.3, 0.4, power=0.9)
    assert planning.two_shares_power(0.3, 0.4, n, n) == pytest.approx(0.9)
    assert planning.paired_t_power(planning.paired_t_people(0.25), 0.25) == pytest.approx(0.8)
    size = planning.paired_t_size(50)
    assert planning.paired_t_power(50, size) == pytest.approx(0.8)
    with pytest.raises(DataError, match="two different ones"):
        planning.two_shares_people(0.4, 0.4)
    with pytest.raises(DataError, match="who change their answer"):
        planning.changed_people(0.1, 0.2)
    with pytest.raises(DataError, match="from 0 to below 1"):
        planning.before_dropout(100, 1.0)


def test_limits_across_no_effect_need_nothing_unseen():
    assert sensitivity.e_value_of_limit(1.3, 0.9) == 1.0
    assert sensitivity.e_value(0.5) == pytest.approx(sensitivity.e_value(2.0))
    with pytest.raises(DataError, match="above 0"):
        sensitivity.e_value(0)


def test_people_below_the_mean_rise_by_themselves():
    draw = np.random.default_rng(1)
    first = draw.normal(size=400_000)
    second = 0.6 * first + 0.8 * draw.normal(size=first.size)
    low = first < 0
    rise = (second[low] - first[low]).mean()
    assert rise == pytest.approx(sensitivity.regression_to_mean(1.0, 0.6), abs=0.01)


def test_holm_goes_step_by_step_and_bonferroni_at_once():
    p = np.array([0.01, 0.04, np.nan, 0.03])
    assert families.holm(p)[[0, 1, 3]] == pytest.approx([0.03, 0.06, 0.06])
    assert families.bonferroni(p)[[0, 1, 3]] == pytest.approx([0.03, 0.12, 0.09])
    assert np.isnan(families.holm(p)[2])


def test_coders_without_a_text_in_common_are_refused():
    with pytest.raises(DataError, match="no text in common"):
        agreement.cohen_kappa(["a", None], [None, "b"])
    with pytest.raises(DataError, match="coded by two"):
        agreement.krippendorff_alpha([["a", None], [None, "b"]])
    assert agreement.krippendorff_alpha([["a", "b"], ["a", "b"]]) == 1.0
    assert math.isnan(agreement.cohen_kappa(["a", "a"], ["a", "a"]).kappa)


facts = st.builds(
    DesignFacts,
    before_after=st.booleans(),
    comparison_group=st.booleans(),
    comparator_justified=st.booleans(),
    adequate_controls=st.booleans(),
    quasi_random=st.booleans(),
    instrument_or_cutoff_tested=st.booleans(),
    randomised=st.booleans(),
    attrition_overall=st.floats(0, 1),
    attrition_difference=st.floats(0, 1),
    question_changed=st.booleans(),
    chosen_afterwards=st.booleans(),
    adjusted_for_dropout=st.booleans(),
    treated_areas=st.none() | st.integers(1, 40),
)


@given(facts)
def test_caps_lower_a_level_and_never_raise_it(own):
    found = strength.strength(own)
    assert 0 <= found.level <= found.design == strength.maryland_level(own) <= 5
    assert bool(found.caps) == (found.level < found.design)
    if own.question_changed or own.chosen_afterwards:
        assert found.level <= 1
    if own.treated_areas is not None and own.treated_areas < 6:
        assert found.level <= 2


def test_where_a_trial_loses_a_level_can_be_set():
    trial = DesignFacts(randomised=True, attrition_overall=0.25)
    assert strength.maryland_level(trial) == 5
    assert strength.maryland_level(trial, Rule(trial_attrition=0.2)) == 4


def test_pseudonyms_differ_by_person_purpose_and_key():
    made = {
        pseudonym(person, purpose, key)
        for person in ("a@x.org", "b@x.org")
        for purpose in ("p", "q")
        for key in (b"1", b"2")
    }
    assert len(made) == 8
    assert pseudonym(" A@X.org ", "p", b"1") == pseudonym("a@x.org", "p", b"1")
    for wrong in (("", "p", b"1"), ("a", "", b"1"), ("a", "p", b"")):
        with pytest.raises(DataError, match="is empty"):
            pseudonym(*wrong)
    with pytest.raises(DataError, match="control character"):
        pseudonym("a", "p\x1f", b"1")

"""Synthetic Understanding Society's panel: who is drawn, who stays, what a weight stands for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from social_evidence.synthetic.london.population import make_city
from social_evidence.synthetic.london.sizes import SMALL
from social_evidence.synthetic.london.ukhls_panel import NORTHERN_IRELAND, interviewed, issue

LARGER = replace(SMALL, factor=1 / 5)


@pytest.fixture(scope="module")
def city():
    return make_city(SMALL)


@pytest.fixture(scope="module")
def issued(city):
    return issue(city, LARGER)


@pytest.fixture(scope="module")
def waves(city, issued):
    return {number: interviewed(city, issued, number) for number in (1, 2, 6, 13, 14, 15)}


def test_nobody_is_drawn_for_two_samples(issued):
    rows = np.concatenate([one.people.rows for one in issued])
    assert len(rows) == len(np.unique(rows))


def test_samples_shrink_but_for_the_waves_in_which_one_joins(waves):
    size = {number: len(people.sample) for number, people in waves.items()}
    assert size[2] > size[1] > size[13]
    assert size[14] > size[13]
    assert size[15] < size[14]
    assert 36_000 * LARGER.factor < size[1] < 44_000 * LARGER.factor
    assert 25_000 * LARGER.factor < size[15] < 31_000 * LARGER.factor


def test_londoners_are_about_an_eighth_of_those_asked(city, waves):
    first = waves[1].sample.rows
    assert 0.11 < city.is_london[first].mean() < 0.15


@pytest.mark.parametrize("number", [1, 6, 15])
def test_weights_give_each_region_its_share_of_the_population(city, waves, number):
    people = waves[number]
    adults = city.is_adult
    for weights in (people.interview, people.self_completion):
        for region in range(1, 13):
            wanted = city.grossing[adults & (city.region == region)].sum()
            wanted /= city.grossing[adults].sum()
            here = city.region[people.sample.rows] == region
            assert weights[here].sum() / weights.sum() == pytest.approx(wanted, rel=0.1)


def test_the_mean_of_the_weights_that_count_is_one(waves):
    for people in waves.values():
        for weights in (people.interview, people.self_completion):
            assert weights[weights > 0].mean() == pytest.approx(1)


def test_whoever_filled_nothing_in_has_no_weight_for_it_and_proxies_have_none_at_all(waves):
    people = waves[6]
    assert not people.self_completion[~people.completed].any()
    assert not people.interview[people.is_proxy].any()
    assert (people.interview[~people.completed & ~people.is_proxy] > 0).any()


def test_strata_of_northern_ireland_hold_one_cluster_and_all_others_lie_apart(city, waves):
    sample = waves[6].sample
    northern = city.region[sample.rows] == NORTHERN_IRELAND
    pairs = np.unique(np.column_stack([sample.stratum, sample.psu])[northern], axis=0)
    assert len(pairs) > 1
    assert len(np.unique(pairs[:, 0])) == len(pairs)
    assert not set(sample.stratum[northern]) & set(sample.stratum[~northern])


def test_a_cluster_lies_in_one_stratum(waves):
    sample = waves[6].sample
    pairs = np.unique(np.column_stack([sample.stratum, sample.psu]), axis=0)
    assert len(np.unique(pairs[:, 1])) == len(pairs)


def test_those_who_left_stay_away(city, issued, waves):
    first, last = waves[1].sample.rows, waves[15].sample.rows
    general = np.concatenate([one.people.rows for one in issued if one.component.id == "general"])
    assert np.isin(last, general).mean() < 1
    stayed = np.intersect1d(first, last)
    assert 0.3 < len(stayed) / len(first) < 0.7

"""The variance of an average over waves in which people return, against a simulation."""

from __future__ import annotations

import numpy as np
import pytest

from social_evidence.methods import assumed
from social_evidence.methods.assumed import overlap_inflation


def test_waves_without_people_in_common_inflate_nothing():
    assert overlap_inflation((0, 1, 2), 0.0, 0.8) == 1.0
    assert overlap_inflation((0, 1, 2), 0.5, 0.0) == 1.0


def test_the_same_people_with_the_same_answers_are_one_sample():
    assert overlap_inflation((0, 1, 2, 3), 1.0, 1.0) == pytest.approx(4.0)


def test_waves_further_apart_share_fewer_people():
    assert overlap_inflation((0, 2), 0.5, 1.0) == pytest.approx(1.25)
    assert overlap_inflation((0, 1), 0.5, 1.0) == pytest.approx(1.5)


@pytest.mark.parametrize(("places", "overlap", "correlation"), [
    ((0, 1), 0.4, 0.7), ((0, 1, 2), 0.5, 0.6), ((0, 2, 3), 0.6, 0.5),
])  # fmt: skip
def test_the_factor_agrees_with_samples_drawn_again_and_again(places, overlap, correlation):
    chance = np.random.default_rng(7)
    draws, people = 4000, 40
    stays = chance.random((draws, max(places), people)) < overlap
    fixed = chance.standard_normal((draws, people))
    averages = []
    for wave in range(max(places) + 1):
        if wave:
            fresh = chance.standard_normal((draws, people))
            fixed = np.where(stays[:, wave - 1], fixed, fresh)
        own = chance.standard_normal((draws, people))
        answers = np.sqrt(correlation) * fixed + np.sqrt(1 - correlation) * own
        averages.append(answers.mean(axis=1))
    pooled = np.mean([averages[place] for place in places], axis=0)
    independent = 1 / (people * len(places))
    expected = overlap_inflation(places, overlap, correlation)

    # The standard error of a simulated variance is its value times √(2 / draws).
    assert pooled.var() / independent == pytest.approx(expected, rel=4 * np.sqrt(2 / draws))


def test_single_waves_are_correlated_by_those_who_are_in_both():
    assert assumed.overlap_correlation([0], [1], 0.6, 0.8) == pytest.approx(0.48)
    assert assumed.overlap_correlation([0], [3], 0.6, 0.8) == pytest.approx(0.8 * 0.6**3)


def test_averages_are_correlated_by_the_covariance_of_their_waves():
    first, second, overlap, correlation = [0, 1], [2, 3], 0.5, 0.8
    every = [*first, *second]
    waves = np.array(
        [[1.0 if s == t else correlation * overlap ** abs(s - t) for t in every] for s in every]
    )
    a, b = np.array([0.5, 0.5, 0, 0]), np.array([0, 0, 0.5, 0.5])
    expected = a @ waves @ b / np.sqrt((a @ waves @ a) * (b @ waves @ b))
    found = assumed.overlap_correlation(first, second, overlap, correlation)
    assert found == pytest.approx(expected)

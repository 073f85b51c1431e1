"""Samples of synthetic London: chances of being drawn, answers refused, weights, panels."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sampling import Sample

DESIGNS = [
    {"take": 15},
    {"take": None},
    {"take": 12, "persons": "one", "strata": "region"},
    {"take": None, "strata": "area", "equal_strata": True, "persons": "one"},
    {"take": 10, "boost": {"E09000007": 4.0}},
]


@pytest.mark.parametrize("design", DESIGNS)
def test_one_over_the_chances_adds_up_to_the_people(city: City, design: dict[str, Any]) -> None:
    made = city.sample_addresses(("chances", 1), households=20_000, **design)
    assert (1 / made.probability).sum() == pytest.approx(city.is_adult.sum(), rel=0.04)
    assert made.weight.sum() == pytest.approx(city.grossing[city.is_adult].sum(), rel=0.04)


@pytest.mark.parametrize("design", DESIGNS)
def test_the_chances_are_those_with_which_people_are_drawn(
    city: City, design: dict[str, Any]
) -> None:
    london = city.is_london
    counts, expected = np.zeros(3), np.zeros(3)
    for draw in range(20):
        made = city.sample_addresses(("often", draw), households=3_000, where=london, **design)
        groups = city.tenure[made.rows] % 3
        counts += np.bincount(groups, 1 / made.probability, minlength=3)
        expected += np.bincount((city.tenure % 3)[london & city.is_adult], minlength=3)
    assert counts / expected == pytest.approx(np.ones(3), abs=0.05)


def test_london_is_drawn_by_the_people_it_stands_for(city: City) -> None:
    made = city.sample_addresses(("uk",), households=20_000, take=15)
    assert city.is_london[made.rows].mean() == pytest.approx(0.132, abs=0.015)


def test_equal_strata_have_the_same_number_of_addresses(city: City) -> None:
    made = city.sample_addresses(
        ("pas",),
        households=3_200,
        where=city.is_london & (city.area > 0),
        strata="area",
        equal_strata=True,
        persons="one",
    )
    counts = np.bincount(city.area[made.rows])[1:]
    assert len(counts) == 32
    assert np.ptp(counts) <= 2


def test_two_stages_take_so_many_addresses_of_each_neighbourhood(city: City) -> None:
    made = city.sample_addresses(("two",), households=6_000, take=15, persons="one")
    per_place = np.bincount(made.psu)
    assert np.median(per_place[per_place > 0]) == pytest.approx(15, abs=1)


def test_the_same_key_draws_the_same_people(city: City) -> None:
    one = city.sample_addresses(("panel",), households=800, take=10)
    two = city.sample_addresses(("panel",), households=800, take=10)
    other = city.sample_addresses(("panel", 2), households=800, take=10)
    assert np.array_equal(one.rows, two.rows)
    assert not np.array_equal(one.rows, other.rows)


def test_a_panel_loses_people_and_keeps_most(city: City) -> None:
    base = city.sample_addresses(("panel",), households=8_000, take=15)
    waves = [
        city.respond(base, ("panel", wave), rate=0.6, wave=wave, attrition=0.08)
        for wave in range(4)
    ]
    sizes = [len(wave) for wave in waves]
    assert sizes == sorted(sizes, reverse=True)
    assert len(waves[0]) / len(base) == pytest.approx(0.6, abs=0.02)
    both = np.intersect1d(waves[0].rows, waves[1].rows)
    assert len(both) > 0.75 * len(waves[1])


def test_weights_meet_the_population_by_age_and_sex(city: City) -> None:
    base = city.sample_addresses(("w",), households=9_000, take=15)
    made = city.weigh(city.respond(base, ("w",), rate=0.5), grossing=True)
    assert made.weight.sum() == pytest.approx(city.grossing[city.is_adult].sum(), rel=1e-6)
    old = city.is_london & (city.age >= 65)
    mine = old[made.rows]
    assert made.weight[mine].sum() == pytest.approx(city.grossing[old].sum(), rel=0.02)


def test_weighted_answers_are_on_average_the_truth(city: City) -> None:
    truth, found = city.truth("offline", 2017.2, city.is_london), []
    yes = city.answer("offline", 2017.2)
    for draw in range(25):
        base = city.sample_addresses(("mean", draw), households=2_000, where=city.is_london)
        made = city.weigh(city.respond(base, (draw,), rate=0.6), where=city.is_london)
        found.append(np.average(yes[made.rows], weights=made.weight))
    error = np.std(found) / len(found) ** 0.5
    assert np.mean(found) == pytest.approx(truth, abs=4 * error)


def test_parts_of_a_sample_can_be_joined_again(city: City) -> None:
    made = city.sample_addresses(("j",), households=300)
    first = city.is_london[made.rows]
    again = Sample.joined([made.take(first), made.take(~first)])
    assert sorted(again.rows) == sorted(made.rows)
    assert again.weight.sum() == pytest.approx(made.weight.sum())


def test_forty_thousand_people_are_drawn_at_once(city: City) -> None:
    city.sample_addresses(("warm",), households=100, take=15)
    start = time.process_time()
    made = city.sample_addresses(("fast",), households=22_000, take=15)
    assert len(made) > 36_000
    assert time.process_time() - start < 1.5  # a third of a second on an idle machine

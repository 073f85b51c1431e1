"""The people of synthetic London: coherent, met by every printed share, the same on every run."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.outcomes import OUTCOMES
from social_evidence.synthetic.london.places import read_places
from social_evidence.synthetic.london.population import City, NullWorld, make_city
from social_evidence.synthetic.london.sizes import SMALL

DIGEST = """
import hashlib
from social_evidence.synthetic.london.population import make_city
from social_evidence.synthetic.london.sizes import SMALL
city = make_city(SMALL)
told = hashlib.sha256(city.age.tobytes() + city.tenure.tobytes())
told.update(city.answer("low_savings", 2019.5).tobytes())
told.update(city.sample_addresses(("a", 1), households=500, take=10).weight.tobytes())
print(told.hexdigest())
"""


def test_there_is_one_made_up_person_in_twenty_londoners(city: City) -> None:
    assert 420_000 < city.is_london.sum() < 445_000
    assert 230_000 < (~city.is_london).sum() < 270_000


def test_every_area_stands_for_its_real_people(city: City) -> None:
    stood = np.bincount(city.area, city.grossing, minlength=len(codes.AREAS))
    assert stood == pytest.approx(1000 * read_places().thousands, rel=1e-4)


def test_children_older_people_and_groups_are_as_common_as_in_the_census(city: City) -> None:
    places = read_places()
    for index in range(1, 35):
        here = city.area == index
        ethnic = np.bincount(city.ethnic[here], minlength=9) / here.sum()
        assert np.mean(city.age[here] < 16) == pytest.approx(
            places.columns["under_16"][index], abs=0.015
        )
        assert ethnic == pytest.approx(places.ethnic[index], abs=0.05)
        assert np.mean(city.is_disabled[here]) == pytest.approx(
            places.columns["disabled"][index], abs=0.02
        )


def test_a_household_lives_in_one_neighbourhood_and_one_neighbourhood_in_one_area(
    city: City,
) -> None:
    for inner, outer in (
        (city.household, city.neighbourhood),
        (city.neighbourhood, city.area),
        (city.neighbourhood, city.region),
        (city.benefit_unit, city.household),
        (city.household, city.tenure),
    ):
        pairs = np.unique(inner.astype(np.int64) * 10**6 + outer)
        assert len(pairs) == len(np.unique(inner))


def test_partners_are_partners_of_each_other_and_grown_up(city: City) -> None:
    rows = np.flatnonzero(city.has_partner)
    assert (city.partner[city.partner[rows]] == rows).all()
    assert (city.household[city.partner[rows]] == city.household[rows]).all()
    assert city.is_adult[rows].all()


@pytest.mark.parametrize("outcome", [o for o in OUTCOMES.values() if o.id != "seeking"])
def test_the_share_of_london_is_the_figure_it_is_made_after(city: City, outcome: object) -> None:
    asked = OUTCOMES[outcome.id]  # type: ignore[attr-defined]
    for place, where in (
        ("london", city.is_london),
        ("rest_of_england", city.area == codes.REST_OF_ENGLAND),
    ):
        truth = city.truth(asked, asked.year, where)
        assert truth == pytest.approx(asked.share_in(place), abs=0.002)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outcome", "year", "group", "share"),
    [
        ("no_one_to_rely_on", 2013.5, ("age", 20, 24), 0.34),
        ("no_one_to_rely_on", 2013.5, ("age", 55, 59), 0.24),
        ("offline", 2017.2, ("age", 65, 120), 0.35),
        ("offline", 2017.2, ("is_disabled", 1, 1), 0.22),
        ("offline", 2017.2, ("activity", 1, 1), 0.21),
    ],
)
def test_groups_have_the_printed_shares(
    city: City, outcome: str, year: float, group: tuple[str, int, int], share: float
) -> None:
    column, first, last = group
    values = np.asarray(getattr(city, column)).astype(int)
    where = city.is_london & (values >= first) & (values <= last)
    assert city.truth(outcome, year, where) == pytest.approx(share, abs=0.004)


def test_employment_has_the_printed_gaps(city: City) -> None:
    def rate(where: np.ndarray) -> float:
        return city.truth("employed", 2016.5, where & city.is_london)

    white = rate(city.ethnic == 0)
    gaps = {group: white - rate(city.ethnic == i) for i, group in enumerate(codes.ETHNIC) if i != 0}
    assert gaps["indian"] == pytest.approx(0.03, abs=0.005)
    assert gaps["pakistani"] == pytest.approx(0.24, abs=0.005)
    assert gaps["black"] == pytest.approx(0.10, abs=0.005)
    assert gaps["mixed"] == pytest.approx(0.16, abs=0.005)
    assert rate(city.sex == 1) - rate(city.sex == 0) == pytest.approx(0.14, abs=0.003)
    assert rate(~city.is_disabled) - rate(city.is_disabled) == pytest.approx(0.27, abs=0.003)


def test_young_black_men_are_more_often_unemployed(city: City) -> None:
    young = city.is_london & (city.sex == 1) & (city.age < 25)
    for group, share in ((7, 0.32), (0, 0.14)):
        found = city.truth("unemployed", 2016.5, young & (city.ethnic == group))
        assert found == pytest.approx(share, abs=0.005)


def test_four_inner_boroughs_have_newcomers_and_few_electors(city: City) -> None:
    for code in ("E09000033", "E09000020", "E09000030", "E09000007"):
        here = city.area == codes.AREAS.index(code)
        new = np.mean(city.years_here[here & city.is_adult] < 1)
        assert 0.105 < new < 0.185
        assert 0.675 < city.truth("registered", 2016.9, here) < 0.785


def test_ordered_answers_agree_with_yes_and_no(town: City) -> None:
    yes = town.answer("belongs", 2016.0)
    agreement = town.agreement("belongs", 2016.0)
    assert (np.isin(agreement, (1, 2)) == yes).all()
    assert set(np.unique(agreement)) == {0, 1, 2, 3, 4, 5}
    satisfied = town.answer("life_satisfaction", 2016.0)
    assert ((town.score("life_satisfaction", 2016.0) >= 7) == satisfied).all()
    similar = town.answer("friends_similar_age", 2016.0)
    assert ((town.similarity("friends_similar_age", 2016.0) == 1) == similar).all()
    lonely = town.answer("lonely_hardly_ever", 2016.0)
    assert (np.isin(town.loneliness(2016.0), (4, 5)) == lonely).all()
    offline = town.answer("offline", 2016.0)
    assert (np.isin(town.internet(2016.0), (2, 3)) == offline).all()


def test_details_agree_with_the_answers_they_stand_behind(town: City) -> None:
    partner, family, friends = town.support(2014.0)
    nobody = (partner != 1) & (family != 1) & (friends != 1) & town.is_adult
    assert (nobody == town.answer("no_one_to_rely_on", 2014.0)).all()
    assert ((partner == -8) == (town.is_adult & ~town.has_partner)).all()
    income, cost = town.housing(2015.75)
    dear = town.answer("housing_unaffordable", 2015.75)
    assert ((cost > income / 3) == dear).all()
    assert ((town.savings(2015.75) < 1500) == town.answer("low_savings", 2015.75)).all()
    work, education = town.language_difficulty(2016.0)
    assert ((work | education) == town.answer("language_barrier", 2016.0)).all()


def test_one_household_has_one_answer_about_its_housing(town: City) -> None:
    dear = town.answer("housing_unaffordable", 2019.0)
    share = np.bincount(town.household, dear) / np.bincount(town.household)
    assert set(np.unique(share)) == {0.0, 1.0}


def test_answers_of_one_person_hang_together_over_the_years(city: City) -> None:
    adult = city.is_adult
    one, two = city.answer("belongs", 2015.0)[adult], city.answer("belongs", 2018.0)[adult]
    assert 0.5 < np.corrcoef(one, two)[0, 1] < 0.8


def test_the_same_seed_makes_the_same_people_in_another_process() -> None:
    runs = [
        subprocess.run([sys.executable, "-c", DIGEST], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert runs[0].stdout == runs[1].stdout
    assert len(runs[0].stdout.strip()) == hashlib.sha256().digest_size * 2


def test_another_seed_makes_other_people(town: City) -> None:
    assert not np.array_equal(make_city(SMALL, seed=1).age[:500], town.age[:500])


def test_columns_cannot_be_written_into(town: City) -> None:
    with pytest.raises(ValueError, match="read-only"):
        town.age[0] = 3


def test_in_a_null_world_the_chosen_have_the_same_chance() -> None:
    world = NullWorld(
        outcomes=frozenset({"belongs"}), groups=(("sex", codes.SEX),), boroughs=("E09000002",)
    )
    town = make_city(SMALL, world=world)
    share = town.share("belongs", 2015.0)
    assert np.nanstd(share) == pytest.approx(0, abs=1e-6)
    assert np.nanstd(town.share("volunteered", 2015.25)) > 0.05


def test_a_null_world_may_choose_some_boroughs_only() -> None:
    boroughs = codes.AREAS[1:5]
    town = make_city(SMALL, world=NullWorld(boroughs=boroughs))
    share = town.share("neighbours_trusted", 2016.75)
    chosen = (town.area >= 1) & (town.area <= 4)
    assert np.nanstd(share[chosen]) == pytest.approx(0, abs=1e-6)
    assert np.nanstd(share[~chosen]) > 0.02

"""Which sums link the cells of a series, and what an attacker gains from each kind."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from social_evidence.disclosure.attack import intervals
from social_evidence.disclosure.secondary import Protection, protect
from social_evidence.disclosure.tables import Layer, Links, link, link_layers

AREAS = {"City": ("North", "South"), "North": ("N1", "N2", "N3"), "South": ("S1", "S2")}
LEAVES = ("N1", "N2", "N3", "S1", "S2")
SEXES, AGES = ("f", "m"), ("young", "old", "unknown")
BANDS = {"young": ("y1", "y2"), "old": ("o1",)}


def people(seed=0, number=400):
    """Made-up people: wave, area, sex, age and finer age."""
    draw = np.random.default_rng(seed)
    found = []
    for _ in range(number):
        age = str(draw.choice(AGES))
        fine = str(draw.choice(BANDS[age])) if age in BANDS else "unknown"
        found.append(
            (
                str(draw.choice(("w1", "w2"))),
                str(draw.choice(LEAVES)),
                str(draw.choice(SEXES)),
                age,
                fine,
            )
        )
    return found


def published(rows):
    """Everything a release would hold of them: places and counts."""
    counts = {}
    above = {
        leaf: [leaf, *(a for a, own in AREAS.items() if leaf in own), "City"] for leaf in LEAVES
    }
    for wave, leaf, sex, age, fine in rows:
        tables = (
            ("all", "all"),
            ("sex", sex),
            ("age", age),
            ("fine", fine),
            ("age*sex", f"{age} * {sex}"),
        )
        for area in above[leaf]:
            for breakdown, group in tables:
                period = "pool" if breakdown == "age*sex" or area in LEAVES else wave
                place = (period, area, breakdown, group)
                counts[place] = counts.get(place, 0) + 1
    return counts


LINKS = Links(
    children=AREAS,
    pools={"pool": ("w1", "w2")},
    within={"fine": {"age": {"y1": "young", "y2": "young", "o1": "old"}}},
)


@pytest.fixture(scope="module")
def series():
    counts = published(people())
    linked, places = link(counts, LINKS)
    return counts, linked, places


def hide(places, wanted):
    hidden = np.array([place in wanted or place[0] == "" for place in places])
    assert hidden.sum() >= len(wanted)
    return hidden


def unpublished(places, counts):
    return np.array([place not in counts for place in places])


@pytest.mark.parametrize(
    "place",
    [
        ("w1", "North", "sex", "f"),
        ("w1", "City", "age", "young"),
        ("pool", "N1", "age", "old"),
        ("pool", "City", "age*sex", "old * m"),
        ("pool", "S1", "fine", "y2"),
    ],
)
def test_a_cell_hidden_alone_is_worked_out(series, place):
    counts, linked, places = series
    hidden = unpublished(places, counts) | np.array([one == place for one in places])
    found = intervals(linked, hidden)
    at = int(np.searchsorted(found.cells, places.index(place)))
    assert found.lower[at] == found.upper[at] == counts[place]


def test_a_citys_waves_give_the_pool_that_boroughs_add_up_to(series):
    counts, linked, places = series
    place = ("pool", "N1", "sex", "f")
    # Its own area's other sex is hidden too, so only the areas and the waves can tell.
    also = ("pool", "N1", "sex", "m")
    hidden = unpublished(places, counts) | np.isin(
        range(len(places)), [places.index(place), places.index(also)]
    )
    found = intervals(linked, hidden)
    at = int(np.searchsorted(found.cells, places.index(place)))
    assert found.lower[at] == found.upper[at] == counts[place]


def test_a_wave_in_which_every_group_is_known_adds_nobody_of_unknown_group_to_its_pool():
    counts = {
        ("w1", "City", "sex", "f"): 30,
        ("w1", "City", "sex", "unknown"): 6,
        ("w2", "City", "sex", "f"): 40,
        ("pool", "North", "sex", "f"): 50,
        ("pool", "North", "sex", "unknown"): 4,
        ("pool", "South", "sex", "f"): 20,
        ("pool", "South", "sex", "unknown"): 2,
    }
    linked, places = link(counts, LINKS)
    hidden = np.array([place[:2] in {("pool", "South"), ("pool", "City")} for place in places])
    found = intervals(linked, hidden)
    assert [places[at] for at in found.cells[:2]] == list(counts)[-2:]
    assert found.lower[:2].tolist() == found.upper[:2].tolist() == [20, 2]


def test_people_without_a_part_leave_a_rest_and_no_false_sum():
    counts = {
        ("w", "City", "all", "all"): 50,
        ("w", "N1", "all", "all"): 20,
        ("w", "N2", "all", "all"): 25,
    }
    linked, places = link(counts, Links(children={"City": ("N1", "N2")}))
    assert places[-1][0] == ""
    assert linked.counts[-1] == 5


def test_groups_that_overlap_are_no_sum():
    counts = {
        ("w", "City", "all", "all"): 10,
        ("w", "City", "strand", "a"): 8,
        ("w", "City", "strand", "b"): 5,
    }
    linked, _ = link(counts, Links())
    assert linked.sums.shape[0] == 0


@pytest.mark.parametrize("seed", range(4))
def test_what_is_protected_stays_hidden_from_one_who_tries_every_sum(seed):
    """The attacker here knows every cell's people and not how the program links cells."""
    rows = people(seed, 160)
    counts = published(rows)
    linked, places = link(counts, LINKS)
    never = unpublished(places, counts)
    primary = (linked.counts > 0) & (linked.counts < 10) & ~never
    primary &= np.array([group != "unknown" for _, _, _, group in places])
    level = {"City": 30.0, "North": 8.0, "South": 8.0}
    cost = np.array([level.get(place[1], 1.0) for place in places]) + 0.05 * np.log1p(linked.counts)
    cost[[place[2] == "all" for place in places]] = np.inf
    cost[primary] = 1.0
    hidden = protect(Protection(linked=linked, primary=primary | never, cost=cost, judged=~never))
    found = intervals(linked, hidden)
    assert found.width[~never[found.cells]].min() >= 5
    _attack(rows, counts, {place for place, own in zip(places, hidden, strict=True) if own})


def _attack(rows, counts, hidden):
    """Subtract published cells from one another in every way two sets of people can nest."""
    members = {}
    above = {
        leaf: [leaf, *(a for a, own in AREAS.items() if leaf in own), "City"] for leaf in LEAVES
    }
    for number, (wave, leaf, sex, age, fine) in enumerate(rows):
        tables = (
            ("all", "all"),
            ("sex", sex),
            ("age", age),
            ("fine", fine),
            ("age*sex", f"{age} * {sex}"),
        )
        for area, (breakdown, group) in itertools.product(above[leaf], tables):
            for period in (wave, "pool"):
                members.setdefault((period, area, breakdown, group), set()).add(number)
    shown = {place: members[place] for place in counts if place not in hidden}
    for place in hidden & set(counts):
        supersets = [own for own in shown.values() if own > members[place]]
        subsets = list(shown.values())
        for whole in supersets:
            rest = whole - members[place]
            assert rest not in subsets, place


def test_layers_move_together_and_no_further_than_the_smallest_of_them():
    one = {("w", "T", "all", "all"): 30, ("w", "T", "g", "a"): 9, ("w", "T", "g", "b"): 21}
    two = {("w", "T", "all", "all"): 28, ("w", "T", "g", "a"): 7, ("w", "T", "g", "b"): 21}
    linked, places = link_layers([Layer(counts=one, links=Links())])
    alone = intervals(linked, hide(places, {("w", "T", "g", "a"), ("w", "T", "g", "b")}))
    linked, places = link_layers([Layer(counts=c, links=Links()) for c in (one, two)])
    together = intervals(linked, hide(places, {("w", "T", "g", "a"), ("w", "T", "g", "b")}))
    assert alone.width.tolist() == [30, 30]
    assert together.width.tolist() == [28, 28]


def test_a_sum_that_only_one_layer_closes_binds_all_of_them():
    whole = {("w", "C", "all", "all"): 12, ("w", "X", "all", "all"): 12}
    more = {("w", "C", "all", "all"): 15, ("w", "X", "all", "all"): 12}
    links = Links(children={"C": ("X",)})
    linked, places = link_layers([Layer(counts=c, links=links) for c in (whole, more)])
    hidden = np.array([place[0] == "" and place[2] == "rest" for place in places])
    hidden |= np.array([place[1] == "X" for place in places])
    assert intervals(linked, hidden).width.tolist() == [0, 0]


def test_what_an_earlier_release_hid_is_as_uncertain_as_any_table_that_fits():
    counts = {
        ("w", "T", "all", "all"): 30,
        ("w", "T", "g", "a"): 11,
        ("w", "T", "g", "b"): None,
        ("w", "T", "g", "c"): None,
    }
    linked, places = link(counts, Links())
    hidden = hide(places, {("w", "T", "g", "b"), ("w", "T", "g", "c")})
    found = intervals(linked, hidden)
    assert found.lower.tolist() == [0, 0]
    assert found.upper.tolist() == [19, 19]

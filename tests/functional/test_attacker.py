"""The attacker whom the demonstration must withstand finds what can be found by adding up."""

from __future__ import annotations

import pytest

AREAS = {"City": ("North", "South")}
BASES = {
    ("w1", "City", "all", "all"): 100,
    ("w1", "City", "sex", "female"): 60,
    ("w1", "City", "sex", "male"): 40,
    ("w1", "City", "age", "young"): 45,
    ("w1", "City", "age", "old"): 55,
    ("w1", "City", "age*sex", "young * female"): 25,
    ("w1", "City", "age*sex", "young * male"): 20,
    ("w1", "City", "age*sex", "old * female"): 35,
    ("w1", "City", "age*sex", "old * male"): 20,
    ("w2", "City", "all", "all"): 70,
    ("w2", "City", "sex", "female"): 40,
    ("w2", "City", "sex", "male"): 30,
    ("pool", "North", "all", "all"): 90,
    ("pool", "North", "sex", "female"): 51,
    ("pool", "North", "sex", "male"): 39,
    ("pool", "South", "all", "all"): 80,
    ("pool", "South", "sex", "female"): 49,
    ("pool", "South", "sex", "male"): 31,
    ("w1", "City", "fine", "child"): 12,
    ("w1", "City", "fine", "youth"): 33,
    ("w1", "City", "fine", "grown"): 55,
}


def rows(hidden):
    names = ("period", "area", "breakdown", "group")
    return [
        {
            **dict(zip(names, cell, strict=True)),
            "statistic": "proportion",
            "status": "protected" if cell in hidden else "shown",
            "base": None if cell in hidden else base,
        }
        for cell, base in BASES.items()
    ]


@pytest.fixture
def somebody(attacker):
    return attacker(
        children=AREAS,
        within={"fine": {"age": {"child": "young", "youth": "young", "grown": "old"}}},
        pools={"pool": ("w1", "w2")},
    )


@pytest.mark.parametrize(
    "hidden",
    [
        [("w1", "City", "sex", "male")],
        [("w1", "City", "age*sex", "old * male"), ("w1", "City", "age*sex", "old * female")],
        [("pool", "North", "sex", "male"), ("pool", "North", "sex", "female")],
        [("w2", "City", "sex", "male"), ("w2", "City", "sex", "female")],
        [("w1", "City", "fine", "child"), ("w1", "City", "fine", "grown")],
    ],
    ids=["everybody", "crossing", "areas of a pool", "waves of a pool", "finer groups"],
)
def test_the_attacker_works_out_what_adds_up(somebody, hidden):
    assert {(cell, low) for cell, low, _ in somebody.narrow(rows(hidden))} == {
        (cell, BASES[cell]) for cell in hidden
    }


def test_the_attacker_cannot_tell_four_cells_that_keep_one_another(somebody):
    hidden = [
        ("w1", "City", "age*sex", f"{age} * {sex}")
        for age in ("young", "old")
        for sex in ("female", "male")
    ]
    assert somebody.narrow(rows(hidden)) == []

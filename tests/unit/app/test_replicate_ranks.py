"""Ranks of replicate weights by cell, found batch by batch, against a decomposition of the rows."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest

from social_evidence.app.replicate_ranks import replicate_ranks
from social_evidence.app.waves import WaveTable
from social_evidence.plan.scan import Column, Dimension, Group, Item, Sampling, Scan

POINTS = 8
REPLICATES = tuple(f"w{at}" for at in range(POINTS))


@dataclass
class InBatches:
    """A file that is read a few rows at a time."""

    table: pa.Table
    name: str = "memory"

    @property
    def schema(self):
        return self.table.schema

    def batches(self, columns=None):
        kept = self.table if columns is None else self.table.select(list(columns))
        return iter(kept.to_batches(max_chunksize=11))


def people():
    """Points stand in one place each; a jackknife leaves out one point a replicate."""
    chance = np.random.default_rng(4)
    point = np.repeat(np.arange(POINTS), 9)
    weight = chance.integers(8, 40, point.size) / 8
    columns = {
        "w": [None if at == 5 else float(one) for at, one in enumerate(weight)],
        "place": [None if at % 13 == 0 else int(one) // 3 for at, one in enumerate(point)],
        "sex": chance.integers(0, 2, point.size).tolist(),
        "asked": chance.integers(0, 2, point.size).tolist(),
        "y": [1.0] * point.size,
    }
    for at, name in enumerate(REPLICATES):
        columns[name] = np.where(point == at, 0.0, weight * 8 / 7).tolist()
    return pa.table(columns)


def scan():
    places = [Group(id=f"p{at}", codes=(at,)) for at in range(3)]
    sexes = [Group(id=f"s{at}", codes=(at,)) for at in range(2)]
    return Scan(
        source="survey",
        columns=tuple(Column(name=name) for name in people().column_names),
        derived=(),
        sampling=Sampling(
            form="replicates",
            weight="w",
            replicates=REPLICATES,
            missing_weight="outside_population",
        ),
        items=(
            Item(id="i0", statistic="proportion", y="y"),
            Item(id="i1", statistic="proportion", y="y", where="asked = 1"),
        ),
        dimensions=(
            Dimension(
                id="place", sql="place", size=3, groups=(*places, Group(id="all", codes=(0, 1, 2)))
            ),
            Dimension(
                id="sex", sql="sex", size=2, groups=(*sexes, Group(id="unknown", codes=(2,)))
            ),
        ),
        cells=((), ("place",), ("place", "sex")),
        universe=None,
    )


def rank(mask):
    rows = people().to_pydict()
    inside = np.array([w is not None for w in rows["w"]]) & mask
    weights = np.column_stack([rows[name] for name in REPLICATES])[inside]
    return max(np.linalg.matrix_rank(weights) - 1, 0) if inside.any() else 0


@pytest.fixture(scope="module")
def ranks():
    return replicate_ranks(scan(), WaveTable(tables=(InBatches(people()),), used=()))


@pytest.mark.parametrize("item", [0, 1])
def test_each_cell_has_the_rank_of_its_own_rows(ranks, item):
    rows = people().to_pydict()
    asked = np.array(rows["asked"]) == 1 if item else np.full(len(rows["w"]), True)
    place = np.array([-1 if one is None else one for one in rows["place"]])
    sex = np.array(rows["sex"])
    assert ranks.degrees_of_freedom(item, (), [()]) == rank(asked)
    for name in ("p0", "p1", "p2", "all"):
        here = (place >= 0) if name == "all" else place == int(name[1])
        assert ranks.degrees_of_freedom(item, ("place",), [(name,)]) == rank(asked & here)
        for own in (0, 1):
            found = ranks.degrees_of_freedom(item, ("place", "sex"), [(name, f"s{own}")])
            assert found == rank(asked & here & (sex == own))


def test_two_cells_together_have_the_rank_of_both(ranks):
    place = np.array([-1 if one is None else one for one in people().to_pydict()["place"]])
    for left, right in itertools.combinations(range(3), 2):
        pair = [(f"p{left}",), (f"p{right}",)]
        together = rank((place == left) | (place == right))
        assert ranks.degrees_of_freedom(0, ("place",), pair) == together


def test_a_cell_with_nobody_has_no_degrees_of_freedom(ranks):
    assert ranks.degrees_of_freedom(0, ("place", "sex"), [("p0", "unknown")]) == 0

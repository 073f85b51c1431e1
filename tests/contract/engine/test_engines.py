"""Every engine gives exactly what the plain-Python reference gives: weights are eighths."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from social_evidence.engine.registry import ENGINES
from social_evidence.plan import rollup
from social_evidence.plan.scan import Column, Dimension, Group, Item, Sampling, Scan

EXAMPLES = settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
SCHEMA = pa.schema(
    [
        ("w", pa.float64()), ("r0", pa.float64()), ("r1", pa.float64()), ("stratum", pa.string()),
        ("psu", pa.int64()), ("area", pa.int64()), ("sex", pa.int64()), ("yes", pa.int64()),
        ("pounds", pa.float64()), ("rooms", pa.int64()), ("adult", pa.bool_()), ("all", pa.bool_()),
    ]
)  # fmt: skip

EIGHTHS = st.integers(0, 64).map(lambda n: n / 8)
ROW = st.fixed_dictionaries(
    {
        "w": EIGHTHS,
        "r0": st.integers(-8, 64).map(lambda n: n / 8),
        "r1": EIGHTHS,
        "stratum": st.sampled_from("ns"),
        "psu": st.integers(1, 4),
        "area": st.one_of(st.none(), st.integers(0, 3)),
        "sex": st.one_of(st.none(), st.integers(0, 1)),
        "yes": st.one_of(st.none(), st.integers(0, 1)),
        "pounds": st.one_of(st.none(), st.integers(-40, 400).map(lambda n: n / 8)),
        "rooms": st.one_of(st.none(), st.integers(0, 5)),
        "adult": st.one_of(st.none(), st.booleans()),
        "all": st.one_of(st.none(), st.just(True)),
    }
)
ROWS = st.lists(ROW, min_size=1, max_size=30)

AREA = Dimension(
    id="area",
    sql="area",
    size=4,
    groups=(
        Group(id="barking", codes=(0,)),
        Group(id="inner", codes=(1, 2)),
        Group(id="city", codes=(0, 1, 2, 3, 4)),
        Group(id="dagenham", codes=(3,)),
        Group(id="unknown", codes=(4,)),
    ),
)
SEX = Dimension(
    id="sex",
    sql="sex",
    size=2,
    groups=(Group(id="f", codes=(0,)), Group(id="m", codes=(1,)), Group(id="unknown", codes=(2,))),
)
ITEMS = (
    Item(id="share", statistic="proportion", y="yes", squares=True),
    Item(id="share_of_adults", statistic="proportion", y="yes", where="adult"),
    Item(id="mean", statistic="mean", y="pounds", squares=True),
    Item(id="ratio", statistic="ratio", y="pounds", x="rooms", where="adult", squares=True),
    Item(id="total", statistic="total", y="rooms"),
)
SAMPLINGS = {
    "clustered": Sampling(form="clustered", weight="w", strata=("stratum",), psu=("psu",)),
    "clustered, no strata": Sampling(form="clustered", weight="w", psu=("psu", "stratum")),
    "unclustered": Sampling(form="unclustered", weight="w", strata=("stratum",)),
    "unclustered, no weight": Sampling(form="unclustered"),
    "replicates": Sampling(form="replicates", weight="w", replicates=("r0", "r1")),
}
SHAPES = {
    "areas lead": (("area",), ("sex", "area")),
    "no dimension in common": (("area",), ("sex",), ()),
}


def scan_of(form: str, shape: str, **changes) -> Scan:
    asked = {
        "source": "memory",
        "columns": tuple(Column(name=name) for name in SCHEMA.names),
        "sampling": SAMPLINGS[form],
        "items": ITEMS,
        "dimensions": (AREA, SEX),
        "cells": SHAPES[shape],
        "universe": "all",
    }
    return Scan(**(asked | changes))


def answer(totals):
    """An engine's answer in the reference's shape."""
    scan = totals.scan
    cells, bases = {}, {}
    for found in rollup.collect(totals):
        labels = [(found.dimensions, group) for group in found.groups]
        for label, base in zip(labels, found.base, strict=True):
            cells[label] = {}
            bases[label] = base.tolist()
        for n, (cell, unit) in enumerate(zip(found.cell, found.unit, strict=True)):
            sums = [
                {"y": found.y[n, i], "x": found.x[n, i], "present": found.present[n, i]}
                for i in range(len(scan.items))
            ]
            for i, entry in enumerate(sums):
                if found.yy is not None:
                    entry |= {"yy": found.yy[n, i], "xy": found.xy[n, i], "xx": found.xx[n, i]}
                if found.replicate_y is not None:
                    for j in range(found.replicate_y.shape[2]):
                        entry[f"ry{j}"] = found.replicate_y[n, i, j]
                        entry[f"rx{j}"] = found.replicate_x[n, i, j]
            cells[labels[cell]][int(unit)] = sums
    return cells, bases


def kept(expected, actual):
    """The expected sums of the kinds this form gives."""
    kinds = {kind for units in actual.values() for sums in units.values() for kind in sums[0]}
    return {
        cell: {
            unit: [{kind: entry[kind] for kind in kinds} for entry in sums]
            for unit, sums in units.items()
        }
        for cell, units in expected.items()
    }


def table_of(rows) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=SCHEMA)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("form", SAMPLINGS)
@pytest.mark.parametrize("engine", ENGINES)
@EXAMPLES
@given(rows=ROWS)
def test_an_engine_gives_exactly_the_reference(engine, form, shape, rows, reference, memory_table):
    scan = scan_of(form, shape)
    cells, bases, design = reference(scan, rows)
    totals = ENGINES[engine](scan, memory_table(table_of(rows)))
    actual, actual_bases = answer(totals)
    assert actual == kept(cells, actual)
    assert actual_bases == bases
    assert totals.design.units.tolist() == list(design.values())


@pytest.mark.parametrize("engine", ENGINES)
@EXAMPLES
@given(rows=ROWS)
def test_squares_are_those_of_the_reference(engine, rows, reference, memory_table):
    scan = scan_of("clustered", "areas lead")
    cells, _, _ = reference(scan, rows)
    for found in rollup.collect(ENGINES[engine](scan, memory_table(table_of(rows)))):
        for group, squares in zip(found.groups, found.squares, strict=True):
            units = cells[(found.dimensions, group)].values()
            for i, item in enumerate(scan.items):
                expected = [sum(unit[i][kind] for unit in units) for kind in ("wyy", "wxy", "wxx")]
                got = squares[i].tolist()
                assert got == expected if item.squares else np.isnan(got).all()


@pytest.mark.parametrize("engine", ENGINES)
@EXAMPLES
@given(rows=ROWS)
def test_crosses_are_products_of_weighted_answers(engine, rows, reference, memory_table):
    scan = scan_of("unclustered", "areas lead", crosses=(("share", "ratio"),))
    for found in rollup.collect(ENGINES[engine](scan, memory_table(table_of(rows)))):
        total = found.crosses[("share", "ratio")]
        assert total.shape == (found.cell.size, 4)
        city = [n for n, c in enumerate(found.cell) if "city" in found.groups[c]]
        valid = [r for r in rows if r["all"] and r["yes"] is not None]
        both = [r for r in valid if r["adult"] and None not in (r["pounds"], r["rooms"])]
        expected = sum(r["w"] ** 2 * r["yes"] * r["pounds"] for r in both)
        assert total[city, 0].sum() == expected


@pytest.mark.parametrize("engine", ENGINES)
@EXAMPLES
@given(rows=ROWS)
def test_a_stream_in_small_parts_gives_the_same_cells_as_the_whole(engine, rows, memory_table):
    scan = scan_of("clustered", "areas lead")
    table = memory_table(table_of(rows))
    whole, whole_bases = answer(ENGINES[engine](scan, table))
    pieces = list(rollup.stream(ENGINES[engine](scan, table, part_bytes=1)))
    cells, bases = {}, {}
    for found in pieces:
        for c, group in enumerate(found.groups):
            label = (found.dimensions, group)
            assert label not in cells
            chosen = np.flatnonzero(found.cell == c)
            cells[label] = {int(found.unit[n]): found.y[n].tolist() for n in chosen}
            bases[label] = found.base[c].tolist()
    assert bases == whole_bases
    assert cells == {
        label: {unit: [entry["y"] for entry in sums] for unit, sums in units.items()}
        for label, units in whole.items()
    }
    assert len(pieces) > len(scan.cells)


@pytest.mark.parametrize("form", ["clustered", "unclustered", "replicates"])
@pytest.mark.parametrize("engine", ENGINES)
def test_sums_do_not_depend_on_row_order_or_threads(engine, form, memory_table):
    random = np.random.default_rng(7)
    n = 4000
    table = pa.table(
        {
            "w": random.lognormal(size=n),
            "r0": random.lognormal(size=n),
            "r1": random.normal(size=n),
            "stratum": random.choice(["n", "s", "e"], n),
            "psu": random.integers(1, 40, n),
            "area": random.integers(0, 4, n),
            "sex": random.integers(0, 2, n),
            "yes": random.integers(0, 2, n),
            "pounds": random.lognormal(sigma=3, size=n),
            "rooms": random.integers(1, 6, n),
            "adult": random.random(n) < 0.8,
            "all": np.ones(n, bool),
        },
        schema=SCHEMA,
    )
    scan = scan_of(form, "areas lead")
    first = None
    for threads in (1, 2, 3, 4):
        shuffled = table.take(random.permutation(n))
        totals = ENGINES[engine](scan, memory_table(shuffled, batch_rows=500), threads=threads)
        found = [(c.cell, c.unit, c.y, c.x, c.base, c.squares) for c in rollup.collect(totals)]
        first = first or found
        for one, other in zip(first, found, strict=True):
            for a, b in zip(one, other, strict=True):
                np.testing.assert_array_equal(a, b)

"""The array engine's choices (runs, joint sets, packing, doubles) never show in the sums."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from social_evidence.engine import blocks, encode
from social_evidence.engine.registry import DEFAULT, ENGINES, totals
from social_evidence.plan import rollup
from social_evidence.plan.scan import Column, Dimension, Group, Item, Sampling, Scan

N = 3_000
SIZES = {"area": 3, "sex": 2, "age": 4, "ethnic": 5}


@pytest.fixture(scope="module")
def survey(in_memory):
    random = np.random.default_rng(11)
    psu = random.integers(0, 12, N)
    columns = {
        "w": random.lognormal(size=N),
        "psu": psu,
        "area": psu % 3,
        "q": pa.array(random.integers(0, 2, N), mask=random.random(N) < 0.1),
        "pounds": random.lognormal(sigma=2, size=N),
        "r": random.lognormal(size=N),
    }
    for name in ("sex", "age", "ethnic"):
        codes = random.integers(0, SIZES[name], N)
        columns[name] = pa.array(codes, mask=random.random(N) < 0.05)
    return in_memory(pa.table(columns))


def scan(form: str) -> Scan:
    dimensions = tuple(
        Dimension(
            id=name,
            sql=name,
            size=size,
            groups=tuple(Group(id=str(code), codes=(code,)) for code in range(size + 1)),
        )
        for name, size in SIZES.items()
    )
    return Scan(
        source="test",
        columns=tuple(Column(name=name) for name in ("w", "psu", "q", "pounds", "r", *SIZES)),
        sampling=Sampling(
            form=form,
            weight="w",
            psu=("psu",) if form == "clustered" else (),
            replicates=("r",) if form == "replicates" else (),
        ),
        items=(
            Item(id="q", statistic="proportion", y="q"),
            Item(id="mean", statistic="mean", y="pounds", squares=True),
        ),
        dimensions=dimensions,
        cells=(
            ("area",), ("area", "sex"), ("area", "age"), ("area", "sex", "age"),
            ("age", "area", "ethnic", "sex"),
        ),
    )  # fmt: skip


def arrays(found):
    return [
        (c.groups, c.cell, c.unit, c.y, c.x, c.base, c.present, c.squares, c.yy, c.replicate_y)
        for c in rollup.collect(found)
    ]


SETTINGS = {
    "doubles in short runs": {"_SHORT": 0},
    "runs of a few rows": {"_RUN": 7},
    "every set joined": {"_ROWS_PER_CELL": 0.01},
    "no set joined": {"_ROWS_PER_CELL": 1e9},
    "every set packed": {"_EMPTY_CELLS": 0, "_RUN": 16},
    "doubles, joined, packed": {"_SHORT": 0, "_ROWS_PER_CELL": 0.01, "_EMPTY_CELLS": 0, "_RUN": 16},
}


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("form", ["clustered", "unclustered", "replicates"])
def test_sums_equal_those_of_the_sql_engine_to_the_last_bit(form, setting, survey, monkeypatch):
    for name, value in SETTINGS[setting].items():
        monkeypatch.setattr(blocks, name, value)
    expected = arrays(ENGINES["duckdb"](scan(form), survey))
    for one, other in zip(arrays(blocks.totals(scan(form), survey)), expected, strict=True):
        for a, b in zip(one, other, strict=True):
            np.testing.assert_array_equal(a, b)


def test_sums_do_not_depend_on_how_many_row_groups_the_cache_has(survey, monkeypatch, tmp_path):
    expected = arrays(blocks.totals(scan("clustered"), survey))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(encode, "_ROW_GROUP", 2_048)
    found = blocks.totals(scan("clustered"), survey, part_bytes=1_000)
    pieces = list(rollup.stream(found))
    assert len(pieces) > len(scan("clustered").cells)
    for one, other in zip(arrays(found), expected, strict=True):
        for a, b in zip(one, other, strict=True):
            np.testing.assert_array_equal(a, b)


def test_the_default_engine_is_registered(survey):
    assert DEFAULT in ENGINES
    assert totals(scan("clustered"), survey).rows == N

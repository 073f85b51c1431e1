"""A file larger than an engine's memory is summed all the same, and memory stays bounded."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

CODE = """
import json, resource, sys
from pathlib import Path
import numpy as np, pyarrow as pa, pyarrow.parquet as pq
from social_evidence.engine import connection, encode
from social_evidence.engine.registry import ENGINES
from social_evidence.plan import rollup
from social_evidence.plan.scan import Column, Dimension, Group, Item, Sampling, Scan

rows, limit, engine = int(sys.argv[1]), sys.argv[2], sys.argv[3]
ITEMS = 12

class Endless:
    # Batches are made while they are read: the table is never in memory.
    name, digest = "endless.csv", "0" * 64
    labels, titles, missing = {}, {}, {}
    columns = ["w", "psu", "area", *(f"x{i}" for i in range(ITEMS))]

    def __arrow_c_stream__(self, requested_schema=None):
        kinds = [("w", pa.float64()), ("psu", pa.int64()), ("area", pa.int64())]
        schema = pa.schema(kinds + [(f"x{i}", pa.float64()) for i in range(ITEMS)])
        def batches():
            for start in range(0, rows, 50_000):
                random = np.random.default_rng(start)
                n = min(50_000, rows - start)
                columns = [random.random(n) + 0.5, random.integers(0, 500, n)]
                columns += [random.integers(0, 40, n)]
                columns += [random.random(n) for _ in range(ITEMS)]
                yield pa.record_batch([pa.array(c) for c in columns], schema=schema)
        return pa.RecordBatchReader.from_batches(schema, batches()).__arrow_c_stream__()

areas = tuple(Group(id=str(code), codes=(code,)) for code in range(40))
city = Group(id="city", codes=tuple(range(41)))
scan = Scan(
    source="endless",
    columns=tuple(Column(name=name) for name in Endless.columns),
    sampling=Sampling(form="clustered", weight="w", psu=("psu",)),
    items=tuple(Item(id=f"x{i}", statistic="mean", y=f"x{i}") for i in range(ITEMS)),
    dimensions=(Dimension(id="area", sql="area", size=40, groups=(*areas, city)),),
    cells=(("area",),),
)
connection.open_connection.__wrapped__.__kwdefaults__["memory_limit"] = limit
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = ENGINES[engine](scan, Endless(), threads=2, part_bytes=8 * 2**20)
base = 0
for cells in rollup.stream(found):
    place = [n for n, group in enumerate(cells.groups) if group == ("city",)]
    base += int(cells.base[place].sum())
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"base": base, "grown": (after - before) * 1024, "file": rows * (ITEMS + 3) * 8}))
"""


def run(rows: int, limit: str, engine: str, folder) -> dict:
    found = subprocess.run(
        [sys.executable, "-c", CODE, str(rows), limit, engine],
        env=os.environ | {"XDG_CACHE_HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


@pytest.mark.parametrize("engine", ["blocks", "duckdb"])
def test_a_table_larger_than_the_engines_memory_is_summed_whole(engine, tmp_path):
    found = run(800_000, "90MB", engine, tmp_path)
    assert found["base"] == 800_000 * 12
    assert found["file"] > 90e6
    assert not any((tmp_path / "social-evidence" / "work").iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["blocks", "duckdb"])
def test_memory_does_not_grow_with_the_table(engine, tmp_path):
    found = run(10_000_000, "256MB", engine, tmp_path)
    assert found["base"] == 10_000_000 * 12
    assert found["grown"] < found["file"]
    assert found["grown"] < 900e6

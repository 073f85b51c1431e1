"""What stops a table before it is summed, and what the cache leaves on disk."""

from __future__ import annotations

import errno
import math
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from social_evidence.engine import cache
from social_evidence.engine.connection import open_connection
from social_evidence.engine.encode import encoded
from social_evidence.engine.registry import ENGINES
from social_evidence.errors import DataError, DefinitionError, DesignError, StoreError
from social_evidence.plan import rollup
from social_evidence.plan.scan import Column, Derived, Dimension, Group, Item, Sampling, Scan

ROWS = {
    "w": [1.0, 2.0, 0.5, 0.0],
    "psu": [1, 2, 1, 2],
    "q": [1, 2, -9, 1],
    "spend": [1.0, 0.0, 4.0, 2.0],
}


def scan(**changes) -> Scan:
    everybody = Dimension(
        id="area", sql="psu - 1", size=2, groups=(Group(id="all", codes=(0, 1, 2)),)
    )
    asked = {
        "source": "test",
        "columns": tuple(Column(name=name) for name in ROWS),
        "sampling": Sampling(form="clustered", weight="w", psu=("psu",)),
        "items": (Item(id="q", statistic="proportion", y="case when q > 0 then q = 1 end"),),
        "dimensions": (everybody,),
        "cells": (("area",),),
    }
    return Scan(**(asked | changes))


def table(in_memory, **columns):
    return in_memory(pa.table(ROWS | columns))


@pytest.mark.parametrize(
    ("columns", "error", "words"),
    [
        ({"w": [1.0, None, None, 2.0]}, DesignError, "'w' is missing on 2 rows"),
        ({"w": [1.0, -1.0, 2.0, 3.0]}, DesignError, "'w' is negative on 1 rows"),
        ({"w": [1.0, math.inf, 2.0, 3.0]}, DesignError, "'w' is infinite or not a number on 1"),
        ({"w": ["1", "two", "3", "4"]}, DataError, "'w' holds text"),
        ({"psu": [1, None, 1, 2]}, DesignError, "PSU .psu. is missing on 1 rows"),
        ({"psu": [1, 2, 3, 2]}, DataError, "dimension 'area' has a code outside 0 to 1 on 1 rows"),
        (
            {"spend": [1.0, math.nan, 2.0, 3.0]},
            DataError,
            "'spend' is infinite or not a number on 1",
        ),
    ],
)
def test_a_table_that_cannot_be_used_stops_with_the_count(
    columns, error, words, in_memory, empty_cache
):
    with pytest.raises(error, match=words) as caught:
        encoded(scan(), table(in_memory, **columns))
    assert "survey.csv" in str(caught.value)
    assert not any(empty_cache.glob("tables/*"))
    assert not any(empty_cache.glob("work/*"))


def test_a_missing_column_is_named(in_memory, empty_cache):
    with pytest.raises(DataError, match="column 'spend' is not in the file"):
        encoded(scan(), in_memory(pa.table({name: ROWS[name] for name in ("w", "psu", "q")})))


def test_a_table_without_rows_is_refused(in_memory, empty_cache):
    nothing = pa.table({name: pa.array(values[:0], pa.float64()) for name, values in ROWS.items()})
    with pytest.raises(DataError, match="no rows"):
        encoded(scan(), in_memory(nothing))


def test_a_derived_variable_that_divides_by_zero_is_a_fault_with_its_name_and_count(
    in_memory, empty_cache
):
    derived = (Derived(name="share", sql="w / spend"),)
    asked = scan(derived=derived, items=(Item(id="s", statistic="mean", y="share"),))
    with pytest.raises(DataError, match="'share' is infinite or not a number on 1 rows"):
        encoded(asked, table(in_memory))


def test_text_where_a_number_is_expected_is_a_fault_with_its_name_and_count(in_memory, empty_cache):
    item = Item(id="age", statistic="mean", y="age")
    asked = scan(derived=(Derived(name="age", sql="cast(q as integer) + 1"),), items=(item,))
    with pytest.raises(DataError, match="derived variable 'age' cannot be computed on 2 rows"):
        encoded(asked, table(in_memory, q=["1", "x", "3", "old"]))


def test_an_expression_that_does_not_fit_its_columns_is_the_definitions_fault(
    in_memory, empty_cache
):
    asked = scan(items=(Item(id="q", statistic="mean", y="lower(q) + w"),))
    with pytest.raises(DefinitionError, match="does not fit"):
        encoded(asked, table(in_memory))


def test_missing_codes_are_null_before_a_derived_variable_sees_them(in_memory, empty_cache):
    columns = (Column(name="w"), Column(name="psu"), Column(name="q", missing=(-9,)))
    asked = scan(
        columns=columns,
        derived=(Derived(name="double", sql="q * 2"),),
        items=(Item(id="d", statistic="mean", y="double"),),
    )
    (found,) = rollup.collect(ENGINES["duckdb"](asked, table(in_memory)))
    assert found.base.tolist() == [[2]]
    assert found.y.sum() == 1 * 2 + 2 * 4


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (Column(name="q", missing=("-9", "x")), pa.string()),
        (Column(name="q", missing=(-9, "refused")), pa.int64()),
        (Column(name="q", missing_ranges=((-99.0, -1.0),)), pa.float64()),
    ],
)
def test_missing_codes_of_every_kind_become_null(column, kind, in_memory, empty_cache):
    q = pa.array(ROWS["q"]).cast(kind)
    asked = scan(
        columns=(Column(name="w"), Column(name="psu"), column),
        items=(Item(id="q", statistic="proportion", y="cast(q as integer) = 1"),),
    )
    (found,) = rollup.collect(ENGINES["duckdb"](asked, table(in_memory, q=q)))
    assert found.base.tolist() == [[2]]


def test_rows_without_a_weight_outside_the_population_are_left_out_and_counted(
    in_memory, empty_cache
):
    sampling = Sampling(
        form="clustered", weight="w", psu=("psu",), missing_weight="outside_population"
    )
    totals = ENGINES["blocks"](scan(sampling=sampling), table(in_memory, w=[1.0, None, None, 2.0]))
    assert (totals.left_out, totals.rows) == (2, 2)
    assert totals.design.units.tolist() == [2]


def test_a_psu_with_nobody_in_the_population_still_counts_in_the_design(in_memory, empty_cache):
    totals = ENGINES["blocks"](scan(universe="psu = 1"), table(in_memory))
    (found,) = rollup.collect(totals)
    assert totals.design.units.tolist() == [2]
    assert found.present[:, 0].tolist() == [2, 0]


def test_the_cache_is_for_its_owner_only(in_memory, empty_cache):
    path = encoded(scan(), table(in_memory)).path
    for folder in (path.parent, path.parent.parent, empty_cache, empty_cache / "work"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_cache_holds_no_column_that_was_not_asked_for(in_memory, empty_cache):
    path = encoded(scan(), table(in_memory, name=["a", "b", "c", "d"])).path
    assert pq.read_schema(path).names == ["psu", "d0", "a0", "in0", "w"]
    assert b"spend" not in path.read_bytes()


def test_a_second_scan_of_the_same_file_reads_the_cache(in_memory, empty_cache):
    first = encoded(scan(), table(in_memory))
    before = first.path.stat().st_mtime_ns
    assert encoded(scan(), table(in_memory)).path == first.path
    assert first.path.stat().st_mtime_ns == before


def test_another_definition_or_another_file_is_another_entry(in_memory, empty_cache):
    one = encoded(scan(), table(in_memory)).path
    other = scan(items=(Item(id="q", statistic="proportion", y="q = 2"),))
    assert encoded(other, table(in_memory)).path != one
    assert encoded(scan(), table(in_memory, q=[1, 1, 1, 1])).path != one


def test_clear_removes_one_source_or_all_and_says_how_much(in_memory, empty_cache):
    one, other = table(in_memory), table(in_memory, q=[1, 1, 1, 1])
    kept = encoded(scan(), one).path
    gone = encoded(scan(), other).path
    size = cache.size()
    freed = cache.clear(other.digest)
    assert kept.exists()
    assert not gone.exists()
    assert cache.size() == size - freed
    cache.clear()
    assert cache.size() == 0
    assert not kept.exists()


def test_a_work_folder_is_removed_at_the_end_and_a_dead_processs_at_the_next_start(empty_cache):
    code = (
        "import os; from social_evidence.engine import cache\n"
        "context = cache.work_folder()\nfolder = context.__enter__()\n"
        "(folder / 'spill').write_bytes(b'x' * 1000)\n"
        "print(folder, flush=True); os._exit(9)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    left = run.stdout.strip()
    assert os.path.isdir(left)  # noqa: PTH112
    with cache.work_folder() as own:
        assert not os.path.exists(left)  # noqa: PTH110
        with cache.work_folder() as second:
            assert own.is_dir()
            assert second != own
        assert not second.exists()
    assert not own.exists()


def test_two_at_once_make_one_entry(in_memory, empty_cache):
    source = table(in_memory)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda _: encoded(scan(), source), range(4)))
    assert len({one.path for one in found}) == 1
    assert len(list((empty_cache / "tables").iterdir())) == 1
    assert not any((empty_cache / "work").iterdir())


def test_a_relative_cache_home_is_ignored(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "somewhere")
    assert cache.root().parts[-2:] == (".cache", "social-evidence")


def test_a_remainder_by_zero_is_a_fault_with_its_name_and_count(in_memory, empty_cache):
    asked = scan(items=(Item(id="rest", statistic="mean", y="q % (psu - 1)"),))
    with pytest.raises(DataError, match="item 'rest' cannot be computed on 2 rows"):
        encoded(asked, table(in_memory))
    assert not any(empty_cache.glob("work/*"))


class Broken:
    """A table whose reader refuses its file midway."""

    name = "survey.csv"
    digest = "0" * 64
    schema = pa.table(ROWS).schema

    def batches(self):
        yield pa.RecordBatch.from_pydict(ROWS, self.schema)
        raise DataError("survey.csv: row 5 is cut short")

    def __arrow_c_stream__(self, requested_schema=None):
        reader = pa.RecordBatchReader.from_batches(self.schema, self.batches())
        return reader.__arrow_c_stream__(requested_schema)


def test_what_a_reader_refuses_midway_is_told_in_its_own_words(empty_cache):
    with pytest.raises(DataError, match="row 5 is cut short"):
        encoded(scan(), Broken())
    assert not any(empty_cache.glob("tables/*"))


def test_a_cache_that_cannot_be_written_is_no_fault_of_ours(in_memory, empty_cache, monkeypatch):
    def full(*_args, **_named):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("social_evidence.engine.encode.pq.write_table", full)
    with pytest.raises(StoreError, match="No space left"):
        encoded(scan(), table(in_memory))
    assert not any(empty_cache.glob("work/*"))


def test_what_does_not_fit_in_memory_without_a_folder_is_refused_and_spilled_nowhere(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    with (
        pytest.raises(StoreError, match="not enough room"),
        open_connection(None, memory_limit="20MB", threads=1) as connection,
    ):
        connection.execute("CREATE TABLE t AS SELECT i, hash(i) AS h FROM range(5000000) r(i)")
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["facts.json", "design.parquet", "rows.parquet"])
def test_a_damaged_entry_of_the_cache_is_refused_with_the_way_out(name, in_memory, empty_cache):
    folder = encoded(scan(), table(in_memory)).path.parent
    (folder / name).write_bytes((folder / name).read_bytes()[:20])
    with pytest.raises(StoreError, match="cache clear"):
        encoded(scan(), table(in_memory))

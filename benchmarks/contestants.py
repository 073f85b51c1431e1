"""What is timed: each function is one whole process, and prints what it found as one JSON line."""

# ruff: noqa: PLC0415 - a contestant pays for the imports it needs and for no other's

from __future__ import annotations

import json
import sys
from pathlib import Path


def cache(path: Path) -> dict[str, object]:
    """Make the encoded, PSU-sorted cache: once for a file and a set of measures."""
    import survey
    from social_evidence.engine.encode import encoded

    found = encoded(survey.scan(), survey.source(path))
    return {"blocks": found.blocks, "file": str(found.path), "bytes": found.path.stat().st_size}


def cache_unclustered(path: Path) -> dict[str, object]:
    """Make the cache of the unclustered job."""
    import survey
    from social_evidence.engine.encode import encoded

    found = encoded(survey.scan(form="unclustered"), survey.source(path))
    return {"blocks": found.blocks, "file": str(found.path), "bytes": found.path.stat().st_size}


def blocks(path: Path) -> dict[str, object]:
    """The whole job with the array engine: scan, rollup, standard errors, logit intervals."""
    return _whole_job(path, "blocks", "clustered")


def duckdb(path: Path) -> dict[str, object]:
    """The whole job with the SQL engine."""
    return _whole_job(path, "duckdb", "clustered")


def blocks_unclustered(path: Path) -> dict[str, object]:
    """The whole job with every row its own PSU, array engine."""
    return _whole_job(path, "blocks", "unclustered")


def duckdb_unclustered(path: Path) -> dict[str, object]:
    """The whole job with every row its own PSU, SQL engine."""
    return _whole_job(path, "duckdb", "unclustered")


def floor(path: Path) -> dict[str, object]:
    """Parquet decode alone: pyarrow, the same columns of the same sorted file, one thread."""
    import time

    import pyarrow.parquet as pq

    rows = 0
    start = time.process_time()
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            rows += file.read_row_group(group, use_threads=False).num_rows
    return {"rows": rows, "decode": time.process_time() - start}


def sql_integers(path: Path) -> dict[str, object]:
    """The SQL engine's statement alone, integer sums."""
    return _statement(path, floating=False)


def sql_floats(path: Path) -> dict[str, object]:
    """The same statement with floating sums, whose last digits depend on threads."""
    return _statement(path, floating=True)


def svy_mean(path: Path) -> dict[str, object]:
    """svy: means of two measures by two breakdowns within areas, Wald intervals."""
    return _svy(path, "mean", ["y1", "y9"])


def svy_prop(path: Path) -> dict[str, object]:
    """svy: proportions of one measure by two breakdowns within areas, logit intervals."""
    return _svy(path, "prop", ["y1"])


def _whole_job(path: Path, engine: str, form: str) -> dict[str, object]:
    import numpy as np

    import survey
    from social_evidence.engine.registry import ENGINES
    from social_evidence.methods import intervals
    from social_evidence.plan import rollup

    totals = ENGINES[engine](survey.scan(form=form), survey.source(path))
    proportions, checksum = 0, 0.0
    for cells in rollup.stream(totals):
        value, error, df = _estimates(cells, totals.design)
        lower, upper = intervals.logit(value, error, df[:, None].astype(float))
        proportions += value.size
        checksum += float(np.nansum(value) + np.nansum(error) + np.nansum(upper - lower))
    return {"proportions": proportions, "checksum": repr(checksum)}


def _estimates(cells, design):
    import numpy as np

    from social_evidence.methods import totals, unclustered
    from social_evidence.methods.strata import make_strata

    strata = make_strata(design.units)
    n_cells = len(cells.groups)
    # All measures are asked of everybody, so one count of people present serves them all.
    present = cells.present[:, 0]
    if cells.form == "clustered":
        stratum = design.stratum[cells.unit]
        sums = totals.UnitSums(
            cell=cells.cell,
            stratum=stratum,
            unit=cells.unit,
            wy=cells.y,
            wx=cells.x,
            n_cells=n_cells,
        )
        found = totals.ratios(sums, strata)
        present = (present > 0).astype(np.int64)
    else:
        stratum = cells.unit
        squares = unclustered.SquareSums(
            cell=cells.cell, stratum=stratum, wy=cells.y, wx=cells.x,
            wyy=cells.yy, wyx=cells.xy, wxx=cells.xx, n_cells=n_cells,
        )  # fmt: skip
        found = unclustered.ratios(squares, strata)
    df = totals.degrees_of_freedom(cells.cell, stratum, present, n_cells)
    return found.value, np.sqrt(found.variance), df


def _statement(path: Path, *, floating: bool) -> dict[str, object]:
    from sqlglot import exp

    import survey
    from social_evidence.engine import cache as place
    from social_evidence.engine.connection import open_connection, quoted
    from social_evidence.engine.encode import encoded
    from social_evidence.plan import sql
    from social_evidence.plan.lanes import lanes

    scan = survey.scan()
    source = encoded(scan, survey.source(path))
    sets = range(len(scan.cells))
    tree = sql.totals(scan, lanes(scan), source.scales, sets, None)
    if floating:
        for column in list(tree.find_all(exp.Column)):
            if column.name == "w":
                column.replace(exp.column("real_w"))
        for cast in list(tree.find_all(exp.Cast)):
            if isinstance(cast.this, exp.Sum) and cast.find(exp.Column).name == "real_w":
                cast.replace(cast.this)
    rows = 0
    with (
        place.work_folder() as work,
        open_connection(work, readable=source.path.parent) as connection,
    ):
        weight = f"w::DOUBLE * {2.0 ** -source.scales['w']!r}"
        connection.execute(
            f'CREATE VIEW "{sql.ENCODED}" AS SELECT *, {weight} AS real_w '
            f"FROM read_parquet({quoted(source.path)})"
        )
        for batch in connection.sql(tree.sql("duckdb", identify=True)).to_arrow_reader(65_536):
            rows += batch.num_rows
    return {"groups": rows}


def _svy(path: Path, kind: str, measures: list[str]) -> dict[str, object]:
    import os

    import polars as pl
    import svy

    def cpu() -> float:
        found = os.times()
        return found.user + found.system

    start = cpu()
    columns = ["weight", "stratum", "psu", "area", "g1", "g12", *measures]
    frame = pl.read_parquet(path, columns=columns)
    design = svy.Design(stratum="stratum", psu="psu", wgt="weight")
    sample = svy.Sample(frame, design)
    loaded = cpu() - start
    calls = {}
    for breakdown, domains in (("g1", 2 * 33), ("g12", 12 * 33)):
        start = cpu()
        for measure in measures:
            estimate = getattr(sample.estimation, kind)
            estimate(measure, by=["area", breakdown], drop_nulls=True)
        calls[domains] = (cpu() - start) / len(measures)
    return {"loading": loaded, "calls": calls, "version": svy.__version__}


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    print(json.dumps(globals()[sys.argv[1]](Path(sys.argv[2]))))

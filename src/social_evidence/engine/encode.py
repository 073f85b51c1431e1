"""From a source table to the encoded table in the cache: evaluated once, sorted by PSU, integers.

Every engine reads this table. Evaluating definitions here means that one SQL engine decides what an
expression gives, that all faults of a table are found before anything is summed, and that sums are
of integers whatever engine makes them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp

from social_evidence.engine import cache
from social_evidence.engine.connection import UNCOMPUTABLE, open_connection, quoted
from social_evidence.engine.streams import check_stream
from social_evidence.errors import DataError, DefinitionError, StoreError
from social_evidence.model.table import SourceTable
from social_evidence.plan import sql
from social_evidence.plan.derived import DIALECT
from social_evidence.plan.faults import check_faults, failures, fault_counts
from social_evidence.plan.lanes import fixed_point_scale
from social_evidence.plan.scan import Scan
from social_evidence.plan.totals import DesignTable

# Part of the key: raise it whenever the encoded table changes its shape or meaning.
_LAYOUT: Final = 1
_ROWS: Final = "rows.parquet"
_DESIGN: Final = "design.parquet"
_FACTS: Final = cache.FACTS
_ROW_GROUP: Final = 122_880


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """An encoded table in the cache.

    path     : the Parquet file of rows
    rows     : rows in the design
    left_out : rows without a weight, outside the population as declared
    blocks   : different (leading codes, PSU or stratum) pairs, to judge how large totals become
    scales   : power of two by scale name
    """

    path: Path
    rows: int
    left_out: int
    blocks: int
    scales: Mapping[str, int]
    design: DesignTable


def encoded(scan: Scan, table: SourceTable, *, threads: int | None = None) -> Encoded:
    """Give the encoded table of a scan, from the cache or made now.

    Args:
        scan: What is asked.
        table: The source, as its reader gives it.
        threads: Threads to use; the result does not depend on them.

    Returns:
        Where it is and what is known about it.

    Raises:
        DataError: A column is missing, a value is not finite, an answer or a code is not allowed.
        DesignError: A weight is missing or negative, or a stratum or PSU is not known.
        DefinitionError: An expression does not fit the columns' types.
        StoreError: The cache cannot be written.
    """
    folder = cache.entry(table.digest, _key(scan, table.digest))
    if not folder.is_dir():
        with cache.work_folder() as work:
            try:
                _encode(scan, table, work, threads)
            except OSError as fault:
                raise StoreError(
                    f"cache: {work} cannot be written ({fault.strerror or 'the disk refuses'}). "
                    "Free space there, or set XDG_CACHE_HOME to another disk."
                ) from fault
            cache.place(work / "finished", folder)
    try:
        return _read(folder)
    except (OSError, ValueError, KeyError) as fault:
        raise StoreError(
            f"cache: {folder} is damaged, or was removed just now. Run `social-evidence cache "
            "clear`, then the same command again."
        ) from fault


def _key(scan: Scan, digest: str) -> str:
    """Name everything the encoded table depends on; the sets of cells only by what they sort."""
    parts = (_LAYOUT, digest, scan.columns, scan.derived, scan.sampling, scan.items)
    more = (scan.dimensions, scan.universe, scan.crosses, scan.leading)
    return hashlib.sha256(repr(parts + more).encode()).hexdigest()


def _encode(scan: Scan, table: SourceTable, work: Path, threads: int | None) -> None:
    finished = work / "finished"
    finished.mkdir(mode=0o700)
    with open_connection(work, threads=threads) as connection:
        real = _evaluate(scan, table, connection)
        found = _one_row(connection, fault_counts(scan, real))
        left_out = check_faults(scan, found, table.name)
        largest = _one_row(connection, sql.largest(scan))
        rows = int(largest.pop("rows"))
        scales = {name: fixed_point_scale(rows, float(value)) for name, value in largest.items()}
        design = _number(scan, connection)
        pq.write_table(design, finished / _DESIGN)
        blocks = _write_rows(scan, scales, connection, finished / _ROWS)
    facts = {
        "source": scan.source,
        "files": list(getattr(table, "file_digests", (table.digest,))),
        "form": scan.sampling.form,
        "rows": rows,
        "left_out": left_out,
        "blocks": blocks,
        "scales": scales,
    }
    (finished / _FACTS).write_text(json.dumps(facts, sort_keys=True), encoding="utf-8")


def _evaluate(
    scan: Scan, table: SourceTable, connection: duckdb.DuckDBPyConnection
) -> tuple[str, ...]:
    """Stream the source once through every expression; return the floating-point variables."""
    reader = pa.RecordBatchReader.from_stream(table)
    _check_columns(scan, reader.schema, table.name)
    wanted = [column.name for column in scan.columns]
    text = {name for name in wanted if _is_text(reader.schema.field(name).type)}
    real = _real_variables(scan, reader.schema, text, connection)
    statement = sql.evaluated(scan, text, real).sql(DIALECT, identify=True, copy=False)
    connection.register(sql.SOURCE, reader)
    try:
        connection.execute(f'CREATE TABLE "{sql.EVALUATED}" AS {statement}')
    except (duckdb.BinderException, duckdb.ParserException) as fault:
        raise DefinitionError(
            f"scan of {scan.source}: an expression does not fit the columns of {table.name}: "
            f"{_first_line(fault)}. Compare numbers with numbers and text with text."
        ) from fault
    except UNCOMPUTABLE as fault:
        check_stream(table)
        raise DataError(_conversion_message(scan, table)) from fault
    finally:
        connection.unregister(sql.SOURCE)
    return real


def _check_columns(scan: Scan, schema: pa.Schema, name: str) -> None:
    missing = [column.name for column in scan.columns if column.name not in schema.names]
    if missing:
        raise DataError(
            f"{name}: column '{missing[0]}' is not in the file"
            f"{f' (and {len(missing) - 1} more are not)' if len(missing) > 1 else ''}. "
            f"It has {len(schema.names)} columns; names are read exactly, capitals included."
        )
    numbers = (scan.sampling.weight, *scan.sampling.replicates)
    for weight in [found for found in numbers if found in schema.names]:
        if _is_text(schema.field(weight).type):
            raise DataError(
                f"{name}: the weight '{weight}' holds text, so it cannot be summed. Name it in "
                "layout.number_columns and its row is told; then correct the file, or list what "
                "means no weight in layout.null_text."
            )


def _is_text(kind: pa.DataType) -> bool:
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(inner) or pa.types.is_large_string(inner))


def _real_variables(
    scan: Scan, schema: pa.Schema, text: set[str], connection: duckdb.DuckDBPyConnection
) -> tuple[str, ...]:
    """Name the floating-point columns and derived variables: only they can be NaN or infinite."""
    connection.register(sql.SOURCE, schema.empty_table())
    try:
        relation = connection.sql(sql.variables(scan, text).sql(DIALECT, identify=True, copy=False))
        kinds = zip(relation.columns, relation.types, strict=True)
        return tuple(name for name, kind in kinds if str(kind) in {"DOUBLE", "FLOAT"})
    except (duckdb.BinderException, duckdb.ParserException) as fault:
        raise DefinitionError(
            f"scan of {scan.source}: a derived variable does not fit the columns' types: "
            f"{_first_line(fault)}. Compare numbers with numbers and text with text."
        ) from fault
    finally:
        connection.unregister(sql.SOURCE)


def _first_line(fault: duckdb.Error) -> str:
    return str(fault).splitlines()[0].removeprefix("Binder Error: ")


def _conversion_message(scan: Scan, table: SourceTable) -> str:
    """Find which expression failed and on how many rows, without showing any value."""
    reader = pa.RecordBatchReader.from_stream(table)
    text = {c.name for c in scan.columns if _is_text(reader.schema.field(c.name).type)}
    with open_connection(None) as connection:
        connection.register(sql.SOURCE, reader.read_all())
        for name, statement in failures(scan, text):
            (count,) = connection.execute(
                statement.sql(DIALECT, identify=True, copy=False)
            ).fetchone() or (0,)
            if count:
                return (
                    f"{table.name}: {name} cannot be computed on {count:,} rows (text where a "
                    "number is expected, a result out of range, or a division by zero). Declare "
                    "such codes as missing."
                )
    return (
        f"{table.name}: an answer or a code is not the number its definition says it is. "
        "Declare such codes as missing in the source."
    )


def _number(scan: Scan, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Number strata and PSUs in the order of their values, and keep the numbers for the join."""
    statement = sql.numbering(scan).sql(DIALECT, identify=True, copy=False)
    connection.execute(f'CREATE TABLE "{sql.NUMBERED}" AS {statement}')
    return connection.sql(f'SELECT * FROM "{sql.NUMBERED}" ORDER BY n').to_arrow_table()


def _write_rows(
    scan: Scan, scales: Mapping[str, int], connection: duckdb.DuckDBPyConnection, path: Path
) -> int:
    statement = sql.encoded(scan, scales).sql(DIALECT, identify=True, copy=False)
    connection.execute(
        f"COPY ({statement}) TO {quoted(path)} "
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP})"
    )
    keys = ", ".join(f'"{name}"' for name in sql.sort_columns(scan)) or "1"
    (blocks,) = connection.execute(
        f"SELECT count(*) FROM (SELECT DISTINCT {keys} FROM read_parquet({quoted(path)}))"
    ).fetchone() or (0,)
    return int(blocks)


def _one_row(connection: duckdb.DuckDBPyConnection, statement: exp.Select) -> dict[str, Any]:
    found = (
        connection.sql(statement.sql(DIALECT, identify=True, copy=False))
        .to_arrow_table()
        .to_pylist()
    )
    return dict(found[0])


def _read(folder: Path) -> Encoded:
    facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
    # Its end is written last: a file cut short is found here, before anything is summed.
    pq.read_metadata(folder / _ROWS)
    return Encoded(
        path=folder / _ROWS,
        rows=facts["rows"],
        left_out=facts["left_out"],
        blocks=facts["blocks"],
        scales=facts["scales"],
        design=_design(pq.read_table(folder / _DESIGN), facts),
    )


def _design(listed: pa.Table, facts: Mapping[str, Any]) -> DesignTable:
    """Build the design table from the numbered PSUs (one row each) or strata."""
    stratum = listed.column("stratum").to_numpy()
    rows = listed.column("rows").to_numpy()
    names = [name for name in listed.column_names if name.startswith("s") and name != "stratum"]
    n_strata = int(stratum.max()) + 1 if stratum.size else 0
    _, first = np.unique(stratum, return_index=True)
    labels = zip(*(listed.column(name).take(first).to_pylist() for name in names), strict=True)
    clustered = facts["form"] == "clustered"
    columns = [name for name in listed.column_names if name[0] == "p" and name[1:].isdigit()]
    units = np.bincount(stratum, minlength=n_strata) if clustered else rows
    return DesignTable(
        stratum=stratum.astype(np.int64) if clustered else np.empty(0, dtype=np.int64),
        units=units.astype(np.int64),
        strata=tuple(labels) if names else ((),) * n_strata,
        psus=tuple(zip(*(listed.column(name).to_pylist() for name in columns), strict=True)),
    )

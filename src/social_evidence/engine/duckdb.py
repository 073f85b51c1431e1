"""The SQL engine: one statement with grouping sets a part, run by DuckDB over the encoded table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb
import numpy as np
import pyarrow as pa

from social_evidence.engine import cache
from social_evidence.engine.connection import UNCOMPUTABLE, open_connection, quoted
from social_evidence.engine.work import Stream, Work, work_of
from social_evidence.errors import DataError, DefinitionError
from social_evidence.model.table import SourceTable
from social_evidence.plan import sql
from social_evidence.plan.derived import DIALECT, check_expression
from social_evidence.plan.parts import PART_BYTES, Part
from social_evidence.plan.scan import Derived, Scan
from social_evidence.plan.totals import Ints, Totals, TotalsBatch

_BATCH_ROWS = 65_536


def totals(
    scan: Scan,
    table: SourceTable,
    *,
    threads: int | None = None,
    part_bytes: int = PART_BYTES,
) -> Totals:
    """Sum every item in every cell, by SQL; an `engine.registry.Engine`."""
    work = work_of(scan, table, threads=threads, part_bytes=part_bytes)
    return work.totals(lambda: _stream(work, threads))


def _stream(work: Work, threads: int | None) -> Stream:
    scan, source = work.scan, work.source
    with (
        cache.work_folder() as folder,
        open_connection(folder, readable=source.path.parent, threads=threads) as connection,
    ):
        connection.execute(
            f'CREATE VIEW "{sql.ENCODED}" AS SELECT * FROM read_parquet({quoted(source.path)})'
        )
        for part in work.parts:
            statement = sql.totals(scan, work.lanes, source.scales, part.sets, part.codes)
            relation = connection.sql(statement.sql(DIALECT, identify=True, copy=False))
            yield part, _batches(scan, part, relation.to_arrow_reader(_BATCH_ROWS))


def _batches(scan: Scan, part: Part, reader: pa.RecordBatchReader) -> Iterator[TotalsBatch]:
    """Hand on a statement's rows by set, as they come."""
    masks = {sql.set_mask(scan, part.sets, place): place for place in part.sets}
    for batch in reader:
        marks = batch.column(sql.SET).to_numpy(zero_copy_only=False)
        for mark in np.unique(marks):
            chosen = batch.filter(pa.array(marks == mark))
            yield _set_batch(scan, masks[int(mark)], chosen)


def _set_batch(scan: Scan, place: int, batch: pa.RecordBatch) -> TotalsBatch:
    """Turn the rows of one set into arrays."""

    def column(name: str) -> Ints:
        return np.asarray(batch.column(name).to_numpy(zero_copy_only=False), dtype=np.int64)

    replicates = scan.sampling.form == "replicates"
    unit = np.zeros(batch.num_rows, np.int64) if replicates else column(sql.unit_column(scan))
    codes = [column(sql.code_column(scan, dimension)) for dimension in scan.cells[place]]
    sums = [column(name) for name in batch.schema.names if name.startswith("t")]
    empty = np.empty((batch.num_rows, 0), np.int64)
    return TotalsBatch(
        cells=place,
        unit=unit,
        codes=np.column_stack(codes) if codes else empty,
        sums=np.column_stack(sums),
    )


def evaluate_scalar(
    expression: str, rows: Sequence[Mapping[str, object]], *, field: str = "expression"
) -> list[object]:
    """Evaluate one checked SQL scalar on some example rows.

    Args:
        expression: The scalar.
        rows: One mapping of column to value each, all with the same columns; `None` is null.
        field: Where the expression stands, for messages.

    Returns:
        Its value on each row.

    Raises:
        DefinitionError: It is not allowed, or does not fit the columns' types.
        DataError: It cannot be computed on a row.
    """
    if not rows:
        return []
    table = pa.Table.from_pylist([dict(row) for row in rows])
    return _evaluate(expression, table, field)


def null_probe(derived: Derived, example: Mapping[str, object]) -> None:
    """Check that a derived variable is null whenever one of its inputs is.

    A definition that forgets those whose answer is not known quietly counts them as one of the
    answers; inputs whose absence does mean something are listed in `null_means`.

    Args:
        derived: The variable.
        example: A value for each input, on which the result is not null.

    Raises:
        DefinitionError: The result is not null though an input is, or is null on the example.
    """
    field = f"derived variable '{derived.name}'"
    inputs = check_expression(derived.sql, field=field, columns=list(example))
    whole = pa.Table.from_pylist([dict(example)])
    if _evaluate(derived.sql, whole, field) == [None]:
        raise DefinitionError(f"{field}: its example gives null. Give each input a valid value.")
    for name in inputs:
        if name in derived.null_means:
            continue
        place = whole.schema.get_field_index(name)
        nothing = pa.nulls(1, whole.schema.field(name).type)
        probed = whole.set_column(place, whole.schema.field(name), nothing)
        if _evaluate(derived.sql, probed, field) != [None]:
            raise DefinitionError(
                f"{field}: it gives an answer although '{name}' is not known. Add `when {name} is "
                f'null then null`, or list "{name}" in null_means if its absence is an answer.'
            )


def _evaluate(expression: str, table: pa.Table, field: str) -> list[object]:
    statement = sql.scalar(expression, field=field).sql(DIALECT, identify=True, copy=False)
    check_expression(expression, field=field, columns=table.column_names)
    with open_connection(None, threads=1) as connection:
        connection.register(sql.SOURCE, table)
        try:
            return list(connection.sql(statement).to_arrow_table().column("value").to_pylist())
        except (duckdb.BinderException, duckdb.ParserException) as fault:
            raise DefinitionError(
                f"{field}: the expression does not fit the columns' types. "
                "Compare numbers with numbers and text with text."
            ) from fault
        except UNCOMPUTABLE as fault:
            raise DataError(
                f"{field}: the expression cannot be computed on an example row (text where a "
                "number is expected, a result out of range, or a division by zero)."
            ) from fault

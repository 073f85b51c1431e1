"""Files that are looked up for each respondent: a household's, or fixed facts about people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.errors import DataError
from social_evidence.readers.table import FileTable


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Step:
    """One key of several: its different values, and the different combinations up to it."""

    values: pa.Array
    combined: pa.Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lookup:
    """One such file in memory, with one row a key.

    Attributes:
        name: The file, for messages.
        keys: Columns by which it is looked up.
        columns: Columns it gives, in its own kinds.
        source: The table it was read from, for labels and missing codes.
        kinds: Kinds in which the keys are compared.
        steps: How a row's keys become a number.
        row_of: That number -> the row.
        rows: Rows of the file.
    """

    name: str
    keys: tuple[str, ...]
    columns: pa.Table
    source: FileTable
    kinds: tuple[pa.DataType, ...]
    steps: tuple[_Step, ...]
    row_of: pa.Array
    rows: int

    def places(self, batch: pa.RecordBatch) -> pa.Array:
        """Find the row of each row of a batch; null where there is none."""
        columns = [
            pc.cast(batch.column(key), kind)
            for key, kind in zip(self.keys, self.kinds, strict=True)
        ]
        return pc.take(self.row_of, _numbered(columns, self.steps))

    def given(self, column: str, places: pa.Array) -> pa.Array:
        """Give one column for the rows found; null where none was."""
        values = self.columns.column(column).combine_chunks()
        return pc.take(values, places)


def make_lookup(
    table: FileTable, keys: Sequence[str], columns: Sequence[str], main: pa.Schema, name: str
) -> Lookup:
    """Read a file that is to be looked up and make it ready.

    Args:
        table: The file, by our names.
        keys: Its key columns, which the wave's main files have too.
        columns: What it is to give.
        main: Schema of the main files.
        name: What messages call the main files.

    Raises:
        DataError: A key stands in several rows, or is text in one file and a number in another.
    """
    wanted = list(dict.fromkeys((*keys, *columns)))
    rows = table.to_table(wanted)
    kinds = tuple(_key_kind(table, key, main.field(key).type, name) for key in keys)
    whole = rows.filter(_all_known(rows, keys))
    cast = [
        pc.cast(whole.column(key).combine_chunks(), kind)
        for key, kind in zip(keys, kinds, strict=True)
    ]
    steps = _steps(cast)
    codes = _numbered(cast, steps)
    if repeated := whole.num_rows - len(pc.unique(codes)):
        rows_repeat = "1 row repeats" if repeated == 1 else f"{repeated:,} rows repeat"
        raise DataError(
            f"{table.name}: {rows_repeat} a key ({', '.join(keys)}), so which of them "
            f"belongs to a row of {name} cannot be told. A file that is looked up has one row a "
            "key: name further columns in `join`, or mend the file."
        )
    return Lookup(
        name=table.name,
        keys=tuple(keys),
        columns=whole.select(list(columns)),
        source=table,
        kinds=kinds,
        steps=steps,
        row_of=pc.sort_indices(codes),
        rows=rows.num_rows,
    )


def _all_known(rows: pa.Table, keys: Sequence[str]) -> pa.ChunkedArray:
    known = pc.is_valid(rows.column(keys[0]))
    for key in keys[1:]:
        known = pc.and_(known, pc.is_valid(rows.column(key)))
    return known


def _key_kind(table: FileTable, key: str, main: pa.DataType, name: str) -> pa.DataType:
    """Choose the kind in which a key is compared: as whole numbers, as numbers or as text."""
    own = table.schema.field(key).type
    if pa.types.is_integer(own) and pa.types.is_integer(main):
        return pa.int64()
    if _is_number(own) and _is_number(main):
        return pa.float64()
    if own == main:
        return own
    raise DataError(
        f"{table.name}: the key {key!r} is {own} here and {main} in {name}, so no row would be "
        "found. Declare it in layout.text_columns or layout.number_columns of both files."
    )


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _steps(columns: Sequence[pa.Array]) -> tuple[_Step, ...]:
    """List the different values of each key, and the combinations that occur up to it."""
    steps: list[_Step] = []
    for at, column in enumerate(columns):
        values = pc.drop_null(pc.unique(column))
        placeholder = _Step(values=values, combined=pa.array([], pa.int64()))
        joint = _joint(columns[: at + 1], (*steps, placeholder))
        steps.append(_Step(values=values, combined=pc.drop_null(pc.unique(joint))))
    return tuple(steps)


def _joint(columns: Sequence[pa.Array], steps: Sequence[_Step]) -> pa.Array:
    """Number the combination of the last key with those before it, not yet made dense."""
    code = pc.cast(pc.index_in(columns[-1], value_set=steps[-1].values), pa.int64())
    if len(columns) == 1:
        return code
    before = _numbered(columns[:-1], steps[:-1])
    return pc.add(pc.multiply(before, len(steps[-1].values)), code)


def _numbered(columns: Sequence[pa.Array], steps: Sequence[_Step]) -> pa.Array:
    """Number the combinations of keys; null where one does not occur."""
    joint = _joint(columns, steps)
    return pc.cast(pc.index_in(joint, value_set=steps[-1].combined), pa.int64())

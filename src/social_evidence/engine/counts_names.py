"""What the texts of a counted table mean: which rows, areas, periods and groups they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.engine.counts_join import Frame
from social_evidence.errors import DataError, DefinitionError
from social_evidence.model.area import AreaTree
from social_evidence.model.breakdown import ALL, UNKNOWN
from social_evidence.model.source import Source
from social_evidence.model.source_maps import GroupMap
from social_evidence.model.source_table import Quantity
from social_evidence.plan.codes import compared, group_of, plain, unknown_code
from social_evidence.plan.counted import nearest, period_label
from social_evidence.plan.places import left_out_reason, place


def distinct(frame: Frame, column: str) -> list[str]:
    """List the different texts of a column, for suggestions."""
    return sorted({plain(value) for value in pc.unique(frame.column(column)).to_pylist()})


def picked_rows(
    frame: Frame, wanted: Mapping[str, Sequence[str]], *, trim: bool = False
) -> tuple[list[int], dict[str, set[str]]]:
    """Find the rows in which every named column has one of its values.

    Returns:
        Row numbers from 0, and by column the values that occur anywhere in the file.
    """
    keep = np.ones(frame.rows, dtype=np.bool_)
    found: dict[str, set[str]] = {}
    for column, values in wanted.items():
        texts, codes = _texts(frame, column)
        texts = [compared(text, trim=trim) for text in texts]
        accepted = {compared(value, trim=trim) for value in values}
        found[column] = accepted & set(texts)
        keep &= np.array([text in accepted for text in texts], dtype=np.bool_)[codes]
    return np.flatnonzero(keep).tolist(), found


def area_codes(
    source: Source,
    frame: Frame,
    areas: AreaTree,
    rows: Sequence[int],
    lost: dict[tuple[str, str], set[int]],
) -> list[str | None]:
    """Give the area of each picked row; None for rows that the source leaves out in writing.

    Args:
        source: Its `areas` say how a place is written.
        frame: The file.
        areas: Codes, names and aliases known.
        rows: Picked rows.
        lost: Rows left out by (file, reason); added to.

    Raises:
        DataError: A place that is no area, is not left out and is nowhere declared.
    """
    if source.areas.whole:
        return [source.areas.whole] * len(rows)
    known: dict[tuple[object, ...], tuple[str | None, str]] = {}
    result: list[str | None] = []
    for row, raw in zip(rows, _raw_places(source, frame, rows), strict=True):
        if raw not in known:
            text = next((filled for filled in map(plain, raw) if filled), "")
            known[raw] = _place(source, frame, areas, text)
        code, reason = known[raw]
        if code is None:
            lost.setdefault((frame.name, reason), set()).add(row)
        result.append(code)
    return result


def _raw_places(source: Source, frame: Frame, rows: Sequence[int]) -> Iterator[tuple[object, ...]]:
    """Give what the columns of places hold in each picked row; few rows of a long file are."""
    at = pa.array(rows, pa.int64())
    columns = [frame.column(name).take(at).to_pylist() for name in source.areas.columns]
    return zip(*columns, strict=True)


def _place(source: Source, frame: Frame, areas: AreaTree, text: str) -> tuple[str | None, str]:
    code = place(areas, source, text, frame.name)
    return code, "" if code else left_out_reason(source, text) or source.areas.elsewhere


def row_periods(source: Source, frame: Frame, rows: Sequence[int]) -> list[str]:
    """Give the period label of each picked row."""
    said = source.period
    if said.column:
        picked = frame.column(said.column).take(pa.array(rows, pa.int64()))
        known: dict[object, str] = {}
        labels = []
        for raw in picked.to_pylist():
            if raw not in known:
                known[raw] = read_period(plain(raw), said.form, frame.name, said.column)
            labels.append(known[raw])
        return labels
    if label := frame.wave or said.fixed:
        return [label] * len(rows)
    raise DefinitionError(
        f"source {source.id!r}: nothing says what period {frame.name} is for. Give the file a "
        "`wave`, or the source period.column or period.fixed."
    )


def read_period(text: str, form: str, name: str, column: str) -> str:
    """Read a period, or say where one that cannot be read stands."""
    label = period_label(text, form)
    if label is None:
        raise DataError(
            f"{name}: column {column!r}: {text!r} is no period of the form {form!r}. The figure "
            "could not be dated: correct period.form, or narrow `rows` (a footnote may have been "
            "read as a row)."
        )
    return label


def row_groups(
    quantity: Quantity, frame: Frame, rows: Sequence[int], *, trim: bool = False
) -> list[tuple[str, str]]:
    """Give breakdown and group of each picked row; crossings join ids with `*`."""
    if not quantity.groups:
        return [(ALL, ALL)] * len(rows)
    found = {
        breakdown: _groups_of(mapping, frame, rows, trim=trim)
        for breakdown, mapping in quantity.groups.items()
    }
    result = []
    for at in range(len(rows)):
        parts = [(b, groups[at]) for b, groups in found.items() if groups[at] != ALL]
        result.append(
            ("*".join(b for b, _ in parts), " * ".join(g for _, g in parts))
            if parts
            else (ALL, ALL)
        )
    return result


def _groups_of(mapping: GroupMap, frame: Frame, rows: Sequence[int], *, trim: bool) -> list[str]:
    values = frame.column(mapping.variable).to_pylist()
    known: dict[object, str] = {}
    for row in rows:
        if values[row] not in known:
            known[values[row]] = _group(mapping, values[row], frame.name, trim=trim)
    return [known[values[row]] for row in rows]


def _group(mapping: GroupMap, value: object, name: str, *, trim: bool) -> str:
    """Look a raw code up in a breakdown's map; `unknown` where the row has none."""
    if not plain(value):
        return UNKNOWN
    group = group_of(mapping, value, trim=trim)
    if group is None:
        raise unknown_code(
            file=name,
            variable=mapping.variable,
            codes=[value],
            known=mapping.groups or mapping.bands,
            what="the breakdown",
        )
    return group


def run_of_columns(frame: Frame, quantity: Quantity, where: str) -> tuple[str, ...]:
    """List the columns from one to another, in the file's order; several runs after each other."""
    spans = quantity.spans or ((quantity.from_column, quantity.to_column),)
    run: list[str] = []
    for first, last in ((span[0], span[-1]) for span in spans):
        for name in (first, last):
            if name not in frame.columns:
                raise DataError(
                    f"{where}: column {name!r} is not in the file{nearest(name, frame.columns)}. "
                    "The columns to add up run from one to the other: correct the names."
                )
        start, end = frame.columns.index(first), frame.columns.index(last)
        if end < start:
            raise DefinitionError(f"{where}: {last!r} stands before {first!r} in the file.")
        run.extend(frame.columns[start : end + 1])
    return tuple(run)


def _texts(
    frame: Frame, column: str
) -> tuple[list[str], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Give the different texts of a column and, per row, which one it has."""
    # One chunk: Arrow does not unify dictionaries of several chunks that hold a null.
    whole = pa.concat_arrays(frame.column(column).chunks or [pa.array([], pa.string())])
    encoded = whole.dictionary_encode(null_encoding="encode")
    texts = [plain(value) for value in encoded.dictionary.to_pylist()]
    return texts, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)

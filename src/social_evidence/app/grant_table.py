"""Grants as the rows of the standard's spreadsheet, and back; nothing is lost either way.

Headings are the standard's titles joined by colons: `Recipient Org:Identifier`, and where some
grant has several, `Beneficiary Location:1:Name`. What no heading can hold (a null, an empty
text, a field of another kind that the standard does not know) goes into one last column, as a
JSON object from the address of the value to the value.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from social_evidence.app.exact_json import from_json, to_json
from social_evidence.errors import DataError
from social_evidence.model.shape import RecordFault, Shape, ShapeField
from social_evidence.publish.delimited import GUARD, GUARDED, guarded

OTHER: Final = "Other Fields (JSON)"
Path = tuple[str | int, ...]
"""The way to a value: names of fields and, in lists, numbers from 0."""

_NUMBER: Final = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
_TO_QUOTE: Final = re.compile('[",\r\n]')
_INDEX: Final = re.compile(r"[0-9]{1,6}")
_LARGEST_CELL: Final = 10_000_000
_BETWEEN: Final = ";"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file of grants.

    Attributes:
        number: In the file, the heading being row 1.
        record: The grant it holds, as a JSON object that has yet to be checked.
        faults: What cannot be read of it.
    """

    number: int
    record: dict[str, Any]
    faults: tuple[RecordFault, ...]


def to_rows(records: Sequence[Mapping[str, Any]], shape: Shape) -> list[list[str]]:
    """Write records as rows of text, the heading first.

    Args:
        records: JSON objects without fault by the shape.
        shape: Of their standard.
    """
    flat = [_flat(record, shape) for record in records]
    paths = _columns([path for cells, _ in flat for path in cells], shape)
    several = {_numberless(path[: at + 1]) for path in paths for at in _later_parts(path)}
    heads = [_heading(path, shape, several) for path in paths]
    has_other = any(other for _, other in flat)
    rows = [[*map(guarded, heads), *([OTHER] if has_other else [])]]
    for cells, other in flat:
        row = [cells.get(path, "") for path in paths]
        rows.append([*row, *([to_json(other) if other else ""] if has_other else [])])
    return rows


def to_csv(rows: Iterable[Sequence[str]]) -> str:
    """Write rows as delimited text: commas, LF, quotes where they are needed."""
    return "".join(",".join(map(_quoted, row)) + "\n" for row in rows)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _TO_QUOTE.search(cell) else cell


def from_csv(text: str, shape: Shape, name: str) -> tuple[tuple[Row, ...], dict[str, str]]:
    """Read delimited text as records.

    Args:
        text: The file's text, its first row the headings: the standard's titles, or the names of
            its fields joined by `/`.
        shape: Of their standard.
        name: Of the file, for messages.

    Returns:
        The rows, and the heading under which each field stands, by the field's address, so that a
        fault can be told by its column. A column the standard does not know is kept as text.

    Raises:
        DataError: The file is empty, a heading stands twice, or a cell is beyond reading.
    """
    # The limit is the library's for the whole process; its usual one refuses long descriptions.
    csv.field_size_limit(_LARGEST_CELL)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as fault:
        raise DataError(f"{name} is no comma-separated file: {fault}.") from None
    if not lines or not any(lines[0]):
        raise DataError(f"{name} is empty. Its first row must hold the standard's titles.")
    heads = _heads(lines[0], shape, name)
    rows = tuple(
        _row(number, cells, heads, shape)
        for number, cells in enumerate(lines[1:], start=2)
        if any(cells)
    )
    return rows, {address(path): head for head, path in heads if path is not None}


def address(path: Path) -> str:
    """Write a path as people read it: `recipientOrganization[0].id`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def titled(path: str, shape: Shape) -> str:
    """Give the heading a field's address would stand under: `Recipient Org:Identifier`."""
    steps = [step for step in re.split(r"[.\[\]]+", path) if step]
    heads: list[str] = []
    at: Shape | None = shape
    for step in steps:
        if _INDEX.fullmatch(step):
            continue
        field = at.fields.get(step) if at else None
        heads.append(field.title or step if field else step)
        at = field.shape if field else None
    return ":".join(heads)


def _flat(record: Mapping[str, Any], shape: Shape) -> tuple[dict[Path, str], dict[str, Any]]:
    """Split a record into cells by path, and what no cell can hold by its address."""
    cells: dict[Path, str] = {}
    other: dict[str, Any] = {}
    for path, value, field in _leaves(record, shape, ()):
        cell = _cell(path, value, field, shape)
        if cell:
            cells[path] = cell
        else:
            other[_pointer(path)] = value
    return cells, other


def _leaves(
    record: Mapping[str, Any], shape: Shape, path: Path
) -> Iterator[tuple[Path, Any, ShapeField | None]]:
    for name, value in record.items():
        field = shape.fields.get(name)
        here = (*path, name)
        parts: list[tuple[Path, Any]] = [(here, value)]
        if field is not None and field.is_list and isinstance(value, list) and value:
            parts = [((*here, index), part) for index, part in enumerate(value)]
        for place, part in parts:
            if field is not None and field.shape and isinstance(part, Mapping) and part:
                yield from _leaves(part, field.shape, place)
            else:
                yield place, part, field


def _cell(path: Path, value: Any, field: ShapeField | None, shape: Shape) -> str:
    """Write a value as a cell; empty where a cell could not be read back as the same value."""
    if field is None:
        is_plain = len(path) == 1 and isinstance(value, str) and _is_own_heading(path[0], shape)
        return guarded(value) if is_plain else ""
    if isinstance(value, Decimal):
        return str(value)
    if field.kind == "texts" and isinstance(value, list):
        is_plain = all(part and part == part.strip() and _BETWEEN not in part for part in value)
        return guarded(_BETWEEN.join(value)) if is_plain else ""
    return guarded(value) if isinstance(value, str) else ""


def _is_own_heading(name: object, shape: Shape) -> bool:
    text = str(name)
    is_tidy = bool(text) and text == text.strip() and text != OTHER and not text.startswith(GUARDED)
    return is_tidy and _resolved(text, shape) is None


def _columns(paths: Iterable[Path], shape: Shape) -> list[Path]:
    """Put the columns in use in the standard's order; others come last, by name."""

    def place(path: Path) -> tuple[tuple[int, int, str], ...]:
        at: Shape | None = shape
        key: list[tuple[int, int, str]] = []
        for step in path:
            if isinstance(step, int):
                key.append((0, step, ""))
                continue
            names = list(at.fields) if at else []
            key.append((0, names.index(step), "") if step in names else (1, 0, step))
            at = at.fields[step].shape if at and step in at.fields else None
        return tuple(key)

    return sorted(dict.fromkeys(paths), key=place)


def _later_parts(path: Path) -> Iterator[int]:
    """Find where a path goes to a part of a list that is not its first."""
    return (at for at, step in enumerate(path) if isinstance(step, int) and step > 0)


def _numberless(path: Path) -> Path:
    return tuple(step for step in path if not isinstance(step, int))


def _heading(path: Path, shape: Shape, several: set[Path]) -> str:
    heads: list[str] = []
    at: Shape | None = shape
    for index, step in enumerate(path):
        if isinstance(step, int):
            if _numberless(path[: index + 1]) in several:
                heads.append(str(step))
            continue
        field = at.fields.get(step) if at else None
        heads.append(field.title or step if field else step)
        at = field.shape if field else None
    return ":".join(heads)


def _heads(cells: Sequence[str], shape: Shape, name: str) -> list[tuple[str, Path | None]]:
    """Find the path each heading stands for; None for the column of other fields."""
    heads: list[tuple[str, Path | None]] = []
    seen: dict[Path | None, str] = {}
    for cell in cells:
        head = _unguarded(cell).strip()
        path = None if head == OTHER else _resolved(head, shape) or (head,)
        if head and path in seen:
            raise DataError(
                f"{name}: the columns {seen[path]!r} and {head!r} hold the same field, so one of "
                "them would be lost. Remove one."
            )
        seen[path] = head
        heads.append((head, path))
    return heads


def _resolved(head: str, shape: Shape) -> Path | None:
    """Find the field a heading names; None where the standard has no such field."""
    path: list[str | int] = []
    at: Shape | None = shape
    field: ShapeField | None = None
    may_number = False
    for step in (part.strip() for part in re.split("[:/]", head)):
        if may_number and _INDEX.fullmatch(step):
            path[-1] = int(step)
            may_number = False
            continue
        named = _named(step, at)
        if named is None:
            return None
        name, field = named
        may_number = field.is_list
        path.extend([name, 0] if may_number else [name])
        at = field.shape
    return tuple(path) if field is not None and field.shape is None else None


def _named(step: str, shape: Shape | None) -> tuple[str, ShapeField] | None:
    asked = step.casefold()
    for name, field in (shape.fields if shape else {}).items():
        if asked in {name.casefold(), field.title.casefold()}:
            return name, field
    return None


def _row(
    number: int, cells: Sequence[str], heads: Sequence[tuple[str, Path | None]], shape: Shape
) -> Row:
    place = f"row {number}"
    faults: list[RecordFault] = []
    tree: dict[str | int, Any] = {}
    if any(cells[len(heads) :]):
        faults.append(RecordFault(place, "", "has more cells than there are headings."))
    # Columns of the standard first: what the last column adds goes among them.
    for (head, path), cell in zip(heads, cells, strict=False):
        if not cell:
            continue
        if not head:
            faults.append(RecordFault(place, "", "has a cell in a column without a heading."))
        elif path is None:
            faults.extend(_add_other(tree, cell, place))
        else:
            _set(tree, path, _value(cell, _field(path, shape)))
    return Row(number, _settled(tree, shape), tuple(faults))


def _add_other(tree: dict[str | int, Any], cell: str, place: str) -> Iterator[RecordFault]:
    try:
        other = from_json(cell, OTHER)
    except DataError as fault:
        yield RecordFault(place, OTHER, str(fault))
        return
    if not isinstance(other, dict) or not all(pointer.startswith("/") for pointer in other):
        yield RecordFault(place, OTHER, 'must be a JSON object such as {"/url": null}.')
        return
    for pointer, value in other.items():
        _set(tree, _from_pointer(pointer), value)


def _field(path: Path, shape: Shape) -> ShapeField | None:
    at: Shape | None = shape
    field: ShapeField | None = None
    for step in path:
        if isinstance(step, str):
            field = at.fields.get(step) if at else None
            at = field.shape if field else None
    return field


def _value(cell: str, field: ShapeField | None) -> object:
    if field is not None and field.kind == "number":
        return Decimal(cell.strip()) if _NUMBER.fullmatch(cell.strip()) else cell
    text = _unguarded(cell)
    if field is not None and field.kind == "texts":
        return [part.strip() for part in text.split(_BETWEEN) if part.strip()]
    return text


def _unguarded(cell: str) -> str:
    """Take our guard off; an apostrophe that guards nothing is part of the text."""
    bare = cell.removeprefix(GUARD)
    return bare if bare != cell and bare.startswith(GUARDED) else cell


def _pointer(path: Path) -> str:
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return "".join(f"/{step}" for step in steps)


def _from_pointer(pointer: str) -> Path:
    steps = pointer.split("/")[1:]
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in steps)


def _set(tree: dict[str | int, Any], path: Path, value: object) -> None:
    """Put a value into a tree of objects in which lists are still objects by number."""
    at = tree
    for step in path[:-1]:
        below = at.setdefault(str(step), {})
        if not isinstance(below, dict):
            return
        at = below
    at[str(path[-1])] = value


def _settled(tree: Mapping[str | int, Any], shape: Shape) -> dict[str, Any]:
    """Turn the numbered parts of a tree into lists, wherever the standard has lists."""
    made: dict[str, Any] = {}
    for name, value in tree.items():
        field = shape.fields.get(str(name))
        if field is None or field.shape is None or not isinstance(value, dict):
            made[str(name)] = value
        elif field.is_list:
            numbers = sorted((key for key in value if _INDEX.fullmatch(str(key))), key=int)
            made[str(name)] = [_settled_part(value[key], field.shape) for key in numbers]
        else:
            made[str(name)] = _settled(value, field.shape)
    return made


def _settled_part(part: object, shape: Shape) -> object:
    return _settled(part, shape) if isinstance(part, dict) else part

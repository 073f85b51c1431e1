"""Frozen records as what JSON can hold, and back."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

_Record = TypeVar("_Record")


def to_mapping(record: Any) -> dict[str, Any]:
    """Turn a record into what JSON can hold.

    Args:
        record: A dataclass of texts, numbers, mappings, tuples and other such records, for example
            an `Evaluation`.

    Returns:
        Field name -> text, number, true or false, None, list or mapping.
    """
    return {one.name: _plain(getattr(record, one.name)) for one in fields(record)}


def from_mapping(record: type[_Record], mapping: Mapping[str, Any]) -> _Record:
    """Turn what `to_mapping` gave back into a record.

    Args:
        record: The class, such as `Evaluation`.
        mapping: As read from JSON. Names that the class does not know are left aside, so that a
            later version's file can still be read.
    """
    hints = typing.get_type_hints(record)
    known = {name: _read(hints[name], value) for name, value in mapping.items() if name in hints}
    return record(**known)


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return to_mapping(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    return value


def _read(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if typing.get_origin(hint) in {types.UnionType, typing.Union}:
        kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)]
        return _read(kinds[0], value) if len(kinds) == 1 else value
    if typing.get_origin(hint) is tuple:
        return tuple(_read(typing.get_args(hint)[0], one) for one in value)
    if isinstance(hint, type) and is_dataclass(hint):
        return from_mapping(hint, value)
    return value

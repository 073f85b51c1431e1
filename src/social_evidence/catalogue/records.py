"""From a TOML table to a frozen record, led by the record's own type hints.

The hints are the only description of the format: a field added to a record can be written in
TOML at once, and nothing that no record knows is accepted.
"""

from __future__ import annotations

import re
import sys
import types
import typing
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Final, Literal, TypeVar

from social_evidence.catalogue.faults import Place, suggestion
from social_evidence.errors import EvidenceError

Record = TypeVar("Record")


class _Wrong:
    """Marks a value that could not be read; its fault is already noted."""


_WRONG: Final = _Wrong()
_TOML_NAMES: Final[Mapping[type, str]] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "a table",
}


def build(record: type[Record], table: object, place: Place) -> Record | None:
    """Build a record from a TOML table, noting every fault of it.

    Args:
        record: A frozen dataclass of the model.
        table: What TOML held.
        place: Where it stood; faults are noted there and below.

    Returns:
        The record; None where a fault makes it impossible.
    """
    if not isinstance(table, dict):
        place.fault(f"must be a table, got {_got(table)}.")
        return None
    hints = hints_of(record)
    # `record` is any dataclass of the model; the type of a class cannot say so.
    known = {field.name: field for field in fields(record)}  # type: ignore[arg-type]
    complete = _has_known_names(record, table, place, known)
    values = {
        name: _value(hints[name], value, place.at(name))
        for name, value in table.items()
        if name in known
    }
    if not complete or any(value is _WRONG for value in values.values()):
        return None
    try:
        return record(**values)
    except EvidenceError as fault:
        place.fault(str(fault))
        return None


def hints_of(record: type) -> Mapping[str, object]:
    """Type hints of a record by field name, resolved once: a catalogue has a thousand records."""
    if record not in _HINTS:
        _HINTS[record] = typing.get_type_hints(record)
    return _HINTS[record]


_HINTS: Final[dict[type, Mapping[str, object]]] = {}


def is_required(field: Field[object]) -> bool:
    """Say whether a record cannot be built without this field."""
    return field.default is MISSING and field.default_factory is MISSING


def _has_known_names(
    record: type, table: Mapping[str, object], place: Place, known: Mapping[str, Field[object]]
) -> bool:
    noun = _noun(record)
    for name in table:
        if name not in known:
            place.at(name).fault(f"there is no {noun} field {name!r}.{suggestion(name, known)}")
    lacking = [name for name, field in known.items() if is_required(field) and name not in table]
    for name in lacking:
        place.at(name).fault(f"is missing; a {noun} cannot do without it.")
    return not lacking


def _noun(record: type) -> str:
    """Write a record's name as words: `SourceFile` is a source file."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", record.__name__).lower()


def _value(hint: object, value: object, place: Place) -> object:
    """Read one value as its hint says."""
    origin = typing.get_origin(hint)
    if origin is Literal:
        return _choice(typing.get_args(hint), value, place)
    if origin in {types.UnionType, typing.Union}:
        return _one_of(typing.get_args(hint), value, place)
    if origin is tuple:
        return _list(typing.get_args(hint)[0], value, place)
    if origin in {Mapping, dict}:
        return _table(typing.get_args(hint)[1], value, place)
    if isinstance(hint, type) and is_dataclass(hint):
        record = build(hint, value, place)
        return _WRONG if record is None else record
    return _plain(typing.cast("type", hint), value, place)


def _choice(choices: tuple[object, ...], value: object, place: Place) -> object:
    if isinstance(value, str) and value in choices:
        return value
    words = [str(choice) for choice in choices if choice != ""]
    place.fault(f"{_got(value)} is none of {', '.join(words)}.{_near(value, words)}")
    return _WRONG


def _near(value: object, words: list[str]) -> str:
    """Suggest a word only where one is near: the choices were just listed."""
    said = suggestion(value, words)
    return said if said.startswith(" Did") else ""


def _one_of(hints: tuple[object, ...], value: object, place: Place) -> object:
    """Read a union: a number or text code, or a value that may be left out (None)."""
    wanted = [hint for hint in hints if hint is not type(None)]
    if len(wanted) == 1:
        return _value(wanted[0], value, place)
    plain = [hint for hint in wanted if isinstance(hint, type)]
    is_finite = not isinstance(value, float) or abs(value) <= _LARGEST
    if isinstance(value, bool) or not isinstance(value, tuple(plain)) or not is_finite:
        names = " or ".join(_TOML_NAMES[hint] for hint in plain)
        place.fault(f"must be {names}, got {_got(value)}.")
        return _WRONG
    return value


def _list(hint: object, value: object, place: Place) -> object:
    if not isinstance(value, list):
        place.fault(f"must be a list, got {_got(value)}. Put it in [brackets].")
        return _WRONG
    parent, _, name = place.path.rpartition(".")
    above = Place(place.faults, place.file, parent)
    items = [_value(hint, item, above.at(name, index)) for index, item in enumerate(value)]
    return _WRONG if any(item is _WRONG for item in items) else tuple(items)


def _table(hint: object, value: object, place: Place) -> object:
    if not isinstance(value, dict):
        place.fault(f"must be a table of name = value, got {_got(value)}.")
        return _WRONG
    for name in value:
        if signs := _control_characters(name):
            place.fault(f"the name {name!r} holds control characters ({signs}). Take them out.")
            return _WRONG
    items = {name: _value(hint, item, place.at(name)) for name, item in value.items()}
    return _WRONG if any(item is _WRONG for item in items.values()) else items


def _plain(hint: type, value: object, place: Place) -> object:
    if isinstance(value, str) and (signs := _control_characters(value)) and not _is_layout(place):
        place.fault(
            f"holds control characters ({signs}), which could make a terminal or a page show "
            "something else than what is written here. Take them out."
        )
        return _WRONG
    reader = _PLAIN.get(hint)
    read = reader(value) if reader else _WRONG
    if read is _WRONG:
        quotes = " Put it in quotes." if hint is str and not isinstance(value, (list, dict)) else ""
        place.fault(f"must be {_TOML_NAMES.get(hint, hint.__name__)}, got {_got(value)}.{quotes}")
    return read


def _control_characters(text: str) -> str:
    """List the control characters of a text that are neither ends of lines nor tabs."""
    found = {sign for sign in text if unicodedata.category(sign) == "Cc"} - set("\n\r\t")
    return ", ".join(f"U+{ord(sign):04X}" for sign in sorted(found))


def _is_layout(place: Place) -> bool:
    """Say whether a value tells what stands in a file, where any sign may divide its columns."""
    return ".layout." in f".{place.path}"


def _as_float(value: object) -> object:
    """Read a number; TOML can write infinity and not-a-number, a definition cannot mean them."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return _WRONG
    return float(value) if abs(value) <= _LARGEST else _WRONG


_LARGEST: Final = sys.float_info.max
_PLAIN: Final[Mapping[type, Callable[[object], object]]] = {
    str: lambda value: value if isinstance(value, str) else _WRONG,
    bool: lambda value: value if isinstance(value, bool) else _WRONG,
    int: lambda value: value if type(value) is int else _WRONG,
    float: _as_float,
}


def _got(value: object) -> str:
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return _TOML_NAMES.get(type(value), type(value).__name__)

"""JSON whose numbers stay as they were written: an amount is a decimal, never a float."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final, NoReturn

from social_evidence.errors import DataError

LARGEST: Final = 100_000_000
"""Bytes of a file that is read at once."""
_MOST_DIGITS: Final = 400


def from_json(text: str, name: str) -> object:
    """Read a JSON text with every number as `Decimal`.

    Args:
        text: The file's text.
        name: Of the file, for messages.

    Raises:
        DataError: It is no JSON, gives one name twice in an object, holds a number that is none
            or text that is no Unicode, or is nested too deeply.
    """
    try:
        value: object = json.loads(
            text,
            parse_int=_number,
            parse_float=_number,
            parse_constant=_refused,
            object_pairs_hook=_object,
        )
        # Half of a surrogate pair can be written in JSON and in no file of UTF-8.
        to_json(value).encode()
    except json.JSONDecodeError as fault:
        raise DataError(
            f"{name}, line {fault.lineno}, column {fault.colno}: this is no JSON ({fault.msg}). "
            "Ask its publisher for a whole file."
        ) from None
    except _RefusedError as fault:
        raise DataError(f"{name}: {fault}") from None
    except UnicodeEncodeError:
        raise DataError(f"{name} holds text that is no Unicode (half a character).") from None
    except RecursionError:
        raise DataError(f"{name} is nested too deeply to be a file of records.") from None
    return value


def to_json(value: object) -> str:
    """Write a value that `from_json` reads: names in their order, numbers digit for digit."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        pairs = (f"{to_json(str(key))}: {to_json(part)}" for key, part in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(to_json, value)) + "]"
    return json.dumps(value)


class _RefusedError(Exception):
    """Something that JSON's reader would let pass."""


def _number(text: str) -> Decimal:
    if len(text) > _MOST_DIGITS:
        raise _RefusedError(f"it holds a number of {len(text)} digits.")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise _RefusedError("it holds a number that is too large to be written.") from None


def _refused(name: str) -> NoReturn:
    raise _RefusedError(f"it holds {name}, which is no number of JSON.")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _RefusedError(f"an object names {twice!r} twice, so one of the two would be lost.")
    return made

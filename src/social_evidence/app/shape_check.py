"""Check records against the shape of their standard: every fault by its place, field and reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from social_evidence.catalogue.faults import LIST_UP_TO, suggestion
from social_evidence.model.shape import Kind, RecordFault, Shape, ShapeField

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_PART: Final = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")
_INSTANT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})", re.IGNORECASE
)
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+")
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def check_record(value: object, shape: Shape, place: str) -> tuple[RecordFault, ...]:
    """Find every fault of one record.

    Fields that the shape does not name pass: they are kept as they came.

    Args:
        value: The record, as `from_json` gives it.
        shape: Of its standard.
        place: Where it stands in its file.
    """
    return tuple(_of_object(value, shape, place, ""))


def _of_object(value: object, shape: Shape, place: str, path: str) -> Iterator[RecordFault]:
    if not isinstance(value, Mapping):
        yield RecordFault(place, path, f"must be an object, got {_got(value)}.")
        return
    for name, field in shape.fields.items():
        where = f"{path}.{name}" if path else name
        if name in value:
            yield from _of_field(value[name], field, place, where)
        elif field.is_required:
            yield RecordFault(place, where, "is missing; the standard requires it.")


def _of_field(value: object, field: ShapeField, place: str, path: str) -> Iterator[RecordFault]:
    if value is None:
        if not field.may_be_null:
            yield RecordFault(place, path, "is null. Leave the field out instead.")
    elif field.is_list:
        yield from _of_list(value, field, place, path)
    elif field.shape is not None:
        yield from _of_object(value, field.shape, place, path)
    elif reason := _CHECKS[field.kind](value) or _of_limits(value, field):
        yield RecordFault(place, path, reason)


def _of_list(value: object, field: ShapeField, place: str, path: str) -> Iterator[RecordFault]:
    if not isinstance(value, list):
        yield RecordFault(place, path, f"must be a list, got {_got(value)}.")
        return
    if len(value) < (field.minimum or 0):
        yield RecordFault(place, path, f"must hold {field.minimum} at least, got {len(value)}.")
    for index, part in enumerate(value):
        yield from _of_object(part, field.shape or Shape(), place, f"{path}[{index}]")


def _of_limits(value: object, field: ShapeField) -> str:
    if field.among and value not in field.among:
        # Of hundreds of short codes the nearest is as good as any.
        near = suggestion(value, field.among) if len(field.among) <= LIST_UP_TO else ""
        return f"{_shown(value)} is no code of its list.{near}"
    if field.minimum is not None and isinstance(value, Decimal) and value < field.minimum:
        return f"must not be under {field.minimum}."
    return ""


def _of_text(value: object) -> str:
    return "" if isinstance(value, str) else f"must be text, got {_got(value)}."


def _of_number(value: object) -> str:
    if isinstance(value, Decimal):
        return ""
    hint = (
        " Write it without quotes, currency or thousands signs." if isinstance(value, str) else ""
    )
    return f"must be a number, got {_got(value)}.{hint}"


def _of_texts(value: object) -> str:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ""
    return f"must be a list of texts, got {_got(value)}."


def _of_instant(value: object) -> str:
    if isinstance(value, str) and _INSTANT.fullmatch(value) and _is_moment(value):
        return ""
    return "must be a date with time and zone, as in `2026-11-22T09:30:00Z`."


def _of_day(value: object) -> str:
    if isinstance(value, str) and _DAY.fullmatch(value):
        return "" if _is_day(value) else f"there is no day {value}."
    if not _of_instant(value):
        return ""
    return "must be a date, as in `2026-11-22`. Days come last, and nothing is guessed."


def _of_part_day(value: object) -> str:
    return "" if isinstance(value, str) and _PART.fullmatch(value) else _of_day(value)


def _matching(pattern: re.Pattern[str], words: str) -> Callable[[object], str]:
    def check(value: object) -> str:
        if isinstance(value, str) and pattern.fullmatch(value):
            return ""
        return f"must be {words}."

    return check


_CHECKS: Final[Mapping[Kind, Callable[[object], str]]] = {
    "text": _of_text,
    "number": _of_number,
    "day": _of_day,
    "part_day": _of_part_day,
    "instant": _of_instant,
    "address": _matching(_ADDRESS, "a web address, as in `https://example.org/grants`"),
    "mail": _matching(_MAIL, "an e-mail address"),
    "uuid": _matching(_UUID, "a UUID, as in `ac148810-d857-441c-9679-408f346de14b`"),
    "texts": _of_texts,
    "object": lambda value: f"must be an object, got {_got(value)}.",
}


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text.upper())
    except ValueError:
        return False
    return True


def _shown(value: object) -> str:
    text = str(value)
    return repr(text if len(text) <= 40 else f"{text[:40]}…")


def _got(value: object) -> str:
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, str):
        return "text"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, Sequence):
        return "a list"
    return "a number" if isinstance(value, Decimal) else "null"

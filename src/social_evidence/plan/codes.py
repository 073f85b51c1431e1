"""Raw codes: when two are the same, what they are mapped to, and how they are written in SQL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from social_evidence.errors import DataError
from social_evidence.model.source_maps import GroupMap
from social_evidence.plan.counted import nearest

Value = bool | int | float | str
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def plain(value: object) -> str:
    """Write a value as codes are compared: 1, 1.0 and "1" are one code, blanks do not count."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = " ".join(str(value).split())
    return text[:-2] if re.fullmatch(r"-?\d+\.0", text) else text


def compared(value: object, *, trim: bool) -> str:
    """Write a value as codes are compared, capitals left out where a source says `trim`."""
    return plain(value).casefold() if trim else plain(value)


def number(text: str) -> float | None:
    """Read a number written as text, with a point and without separators; None if it is none."""
    return float(text) if _NUMBER.fullmatch(text.strip()) else None


def literal(value: object) -> str:
    """Write a value a file holds as an SQL literal of the same kind."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Write a column's name as SQL reads it exactly."""
    return '"' + name.replace('"', '""') + '"'


def is_one_of(variable: str, values: Sequence[object]) -> str:
    """Write an SQL condition: the variable has one of the values; false where there are none."""
    if not values:
        return "false"
    return f"{identifier(variable)} in ({', '.join(literal(value) for value in values)})"


def group_of(mapping: GroupMap, value: object, *, trim: bool = False) -> str | None:
    """Look a raw code up in a breakdown's map; None where the map does not know it."""
    text = compared(value, trim=trim)
    for raw, group in mapping.groups.items():
        if compared(raw, trim=trim) == text:
            return group
    amount = number(text)
    for group, limits in mapping.bands.items():
        if amount is not None and limits[0] <= amount <= limits[-1]:
            return group
    return None


def unknown_code(
    *, file: str, variable: str, codes: Iterable[object], known: Iterable[str], what: str
) -> DataError:
    """Make the refusal of codes that no map knows."""
    listed = sorted({plain(code) for code in codes})
    return DataError(
        f"{file}: column {variable!r} holds the code{'s' if len(listed) > 1 else ''} "
        f"{', '.join(map(repr, listed[:5]))}{' …' if len(listed) > 5 else ''}, which {what} does "
        f"not map{nearest(listed[0], known)}. Those rows would vanish from the figures: add the "
        "code to the map, or list it as missing."
    )


def mapped(
    observed: Sequence[object],
    codes: Mapping[str, str],
    *,
    file: str,
    variable: str,
    what: str,
    trim: bool = False,
) -> dict[str, list[object]]:
    """Sort the values a file holds by what a map makes of them.

    Args:
        observed: Different values of the variable, missing ones left out.
        codes: Raw code -> meaning.
        file: For the message.
        variable: For the message.
        what: What the map is, for the message.
        trim: Capitals make no other code.

    Returns:
        Meaning -> the values that have it, in the order they were given.

    Raises:
        DataError: A value that the map does not know.
    """
    meaning = {compared(raw, trim=trim): said for raw, said in codes.items()}
    found: dict[str, list[object]] = {}
    strange = [value for value in observed if compared(value, trim=trim) not in meaning]
    if strange:
        raise unknown_code(file=file, variable=variable, codes=strange, known=codes, what=what)
    for value in observed:
        found.setdefault(meaning[compared(value, trim=trim)], []).append(value)
    return found

"""Reading one number that somebody typed, or saying why it is none."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any, Final

_PLAIN: Final = re.compile(r"\d{1,15}(\.\d{1,6})?", re.ASCII)
_NEGATIVE: Final = re.compile(r"[-−–]\s*\d.*")
_THOUSANDS: Final = re.compile(r"\d{1,3}([, ]\d{3})+", re.ASCII)
_RANGE: Final = re.compile(r"[<>~≈]\s*\d.*|\d+\s*[-–]\s*\d+|\d+\+", re.ASCII)
_YES: Final = frozenset({"yes", "y", "1", "true"})
_NO: Final = frozenset({"no", "n", "0", "false"})
_LARGEST: Final = 1e9


def read_number(value: Any, shape: str) -> tuple[float | None, str]:
    """Read a number, or yes and no as 1 and 0.

    Args:
        value: Text, number, truth value or date, as it stood in the cell.
        shape: `whole`, `number` or `yes_no`.

    Returns:
        The number, and nothing; or None, and why it is none.
    """
    if shape == "yes_no":
        return _answer(value)
    if isinstance(value, bool | dt.date | dt.time | dt.timedelta):
        return None, "a date, a time or a truth value stands where a number should."
    if isinstance(value, str):
        told = value.strip()
        if _NEGATIVE.fullmatch(told):
            return None, "is below 0; a count cannot be."
        if not _PLAIN.fullmatch(told):
            return None, _why_no_number(told)
        value = float(told)
    return _counted(float(value), shape)


def _counted(number: float, shape: str) -> tuple[float | None, str]:
    if not math.isfinite(number):
        return None, "is no finite number."
    if number < 0:
        return None, "is below 0; a count cannot be."
    if shape == "whole" and not number.is_integer():
        return None, "is not whole; what is counted comes whole."
    if number > _LARGEST:
        return None, f"is above {_LARGEST:,.0f}, which cannot have been counted."
    return number, ""


def _why_no_number(text: str) -> str:
    if _THOUSANDS.fullmatch(text):
        return "holds marks between thousands; type figures only."
    if _RANGE.fullmatch(text):
        return "is a range or an estimate; type one number and say in the note how sure it is."
    if text.endswith("%"):
        return "is a percentage; type the number counted."
    return "is text where a number should be; leave it empty if it is not known."


def _answer(value: Any) -> tuple[float | None, str]:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    told = str(value).strip().casefold()
    if told in _YES:
        return 1.0, ""
    if told in _NO:
        return 0.0, ""
    return None, "must be yes or no; leave it empty if it is not known."

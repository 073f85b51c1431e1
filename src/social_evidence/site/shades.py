"""Classes of a map: round limits that a measure keeps from year to year."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from social_evidence.charts.points import Shades

_STEPS: Final = tuple(Decimal(step).scaleb(power) for power in range(-4, 5) for step in (1, 2, 5))
_LIMITS: Final = 4


def shades(values: Iterable[float], unit: str) -> Shades:
    """Choose four round limits that part the figures of all years of a measure.

    Args:
        values: Every shown figure of the measure's boroughs, whatever its period, so that the
            limits do not move when a year is added that lies among the others.
        unit: The measure's unit.

    Returns:
        Limits and the words for each class.
    """
    known = sorted(Decimal(repr(value)) for value in values)
    if not known:
        return Shades(limits=(), words=("",))
    low, high = known[len(known) // 20], known[-1 - len(known) // 20]
    span = max(high - low, Decimal("0.001"))
    step = next((step for step in _STEPS if step * (_LIMITS + 1) >= span), _STEPS[-1])
    middle = ((low + high) / 2 / step).to_integral_value() * step
    first = max(middle - step * (_LIMITS - 1) / 2, step)
    first = (first / step).to_integral_value() * step
    if unit == "share":
        # A share never passes 100%: a class that begins there would be empty for good.
        first = max(min(first, 1 - step * _LIMITS), step)
    limits = [first + step * at for at in range(_LIMITS)]
    return Shades(limits=tuple(map(float, limits)), words=tuple(_words(limits, unit)))


def _words(limits: list[Decimal], unit: str) -> Iterable[str]:
    factor = 100 if unit == "share" else 1
    after = "%" if unit == "share" else ""
    texts = [f"{(limit * factor).normalize():f}" for limit in limits]
    yield f"Under {texts[0]}{after}"
    for first, last in itertools.pairwise(texts):
        yield f"{first} to under {last}{after}"
    yield f"{texts[-1]}{after} and over"

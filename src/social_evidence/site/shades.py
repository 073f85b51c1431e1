"""Classes of a map: round limits that a measure keeps from year to year."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from social_evidence.charts.points import Shades
from social_evidence.model.measure import Measure

_STEPS: Final = tuple(Decimal(step).scaleb(power) for power in range(-4, 5) for step in (1, 2, 5))
_LIMITS: Final = 4


def shades_of(measure: Measure, values: Iterable[float], *, is_other: bool = False) -> Shades:
    """Take the limits a measure's definition has, so that maps of its years compare.

    Args:
        measure: The measure.
        values: Every shown figure of its boroughs, for a measure whose definition has no limits.
        is_other: Whether they are of a question that differs in a major way: its figures lie
            elsewhere, so that the measure's limits would part nothing.

    Returns:
        Limits and the words for each class.
    """
    if is_other or not measure.map_limits:
        return shades(values, measure.unit, is_gap=measure.gap)
    limits = [Decimal(repr(limit)) for limit in measure.map_limits]
    words = _words(limits, measure.unit, is_gap=measure.gap)
    return Shades(limits=measure.map_limits, words=tuple(words))


def shades(values: Iterable[float], unit: str, *, is_gap: bool = False) -> Shades:
    """Choose four round limits that part the figures of all years of a measure.

    Args:
        values: Every shown figure of the measure's boroughs, whatever its period, so that the
            limits do not move when a year is added that lies among the others.
        unit: The measure's unit.
        is_gap: Whether they are differences of shares: points, which are no per cent of anything.

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
    return Shades(
        limits=tuple(map(float, limits)), words=tuple(_words(limits, unit, is_gap=is_gap))
    )


def _words(limits: list[Decimal], unit: str, *, is_gap: bool) -> Iterable[str]:
    factor = 100 if unit == "share" else 1
    after = "" if unit != "share" else " points" if is_gap else "%"
    texts = [f"{(limit * factor).normalize():f}" for limit in limits]
    yield f"Under {texts[0]}{after}"
    for first, last in itertools.pairwise(texts):
        yield f"{first} to under {last}{after}"
    yield f"{texts[-1]}{after} and over"

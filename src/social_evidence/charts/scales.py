"""Scales: round steps, places on a chart, and the text of a tick."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from social_evidence.errors import DefinitionError

_STEPS: Final = (1.0, 2.0, 5.0, 10.0)
_HALF: Final = 0.5
_SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """What a scale counts in, and how its ticks are written.

    Attributes:
        factor: What a stored figure is multiplied by before it is written: 100 for shares.
        before, after: Text around a tick, such as `£` and `%`.
        signed: Whether ticks above zero have a plus, as distances do.
        decimal, thousands, minus: The language's marks.
        digits: The language's ten digits.
        whole: Whether only whole numbers are ticks, as of ranks and people.
        top: The most a figure can be, in its stored unit; None for no limit.
    """

    factor: float = 1.0
    before: str = ""
    after: str = ""
    signed: bool = False
    decimal: str = "."
    thousands: str = ","
    minus: str = "−"
    digits: str = "0123456789"
    whole: bool = False
    top: float | None = None


SHARES: Final = Axis(factor=100.0, after="%", top=1.0)
POINTS: Final = Axis(factor=100.0, signed=True)
NUMBERS: Final = Axis()
PEOPLE: Final = Axis(whole=True)
POUNDS: Final = Axis(before="£")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """From stored figures to places: a straight line.

    Attributes:
        low, high: Ends of the scale, stored figures.
        first, last: Where the ends lie, in per cent or px.
        ticks: Stored figures at round steps, lowest first.
    """

    low: float
    high: float
    first: float
    last: float
    ticks: tuple[float, ...]

    def at(self, value: float) -> float:
        """Return the place of a figure; outside the scale it goes on in a straight line."""
        return self.first + (value - self.low) / (self.high - self.low) * (self.last - self.first)

    def holds(self, value: float) -> bool:
        """Whether a figure lies on the scale; what binary fractions add to an end still does."""
        slack = (self.high - self.low) * _SLACK
        return self.low - slack <= value <= self.high + slack

    def clip(self, value: float) -> float:
        """Return the nearest figure that lies on the scale."""
        return min(max(value, self.low), self.high)


def nice_step(span: float, steps: int = 5) -> float:
    """Return the smallest round step, 1, 2 or 5 times a power of ten, that is not too small.

    Args:
        span: Highest less lowest figure; above 0.
        steps: How many steps the span may take at most.
    """
    rough = span / steps
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in _STEPS if step * power >= rough * (1 - 1e-9))


def nice_scale(
    values: Iterable[float | None],
    axis: Axis,
    first: float,
    last: float,
    *,
    steps: int = 5,
    zero: bool = False,
) -> Scale:
    """Make a scale that holds all figures and ends on round ticks.

    Args:
        values: Stored figures and limits; None is skipped.
        axis: What is counted.
        first: Place of the low end.
        last: Place of the high end.
        steps: How many steps there may be at most, about.
        zero: Whether zero is always on the scale, as under bars and shares over time. Otherwise
            it is there unless it would take more than half of the room.

    Returns:
        The scale; 0 to 1 (as written) where there is no figure. It never passes the most that a
        figure can be, unless one does.

    Raises:
        DefinitionError: A figure is not a finite number.
    """
    known = [value * axis.factor for value in values if value is not None]
    if not all(math.isfinite(value) for value in known):
        raise DefinitionError(
            "A chart was given a figure that is not a number. Give None where there is none."
        )
    low, high = min(known, default=0.0), max(known, default=1.0)
    if zero or _is_zero_cheap(low, high):
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < 1e-12 * max(abs(low), abs(high), 1.0):
        low, high = (0.0, high) if high > 0.0 and zero else (low - 1.0, high + 1.0)
    step = nice_step(high - low, steps)
    step = max(step, 1.0) if axis.whole else step
    start, end = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    marks = tuple(_clean(n * step) / axis.factor for n in range(start, max(end, start + 1) + 1))
    ends = _capped(marks[-1], high / axis.factor, axis)
    return Scale(low=marks[0], high=ends, first=first, last=last, ticks=_up_to(marks, ends))


def fixed_scale(
    low: float, high: float, ticks: Sequence[float], first: float, last: float
) -> Scale:
    """Make a scale whose ends and ticks are given, as where several charts share one."""
    if not low < high:
        raise DefinitionError(f"A scale runs from {low} to {high}. Its low end must be lower.")
    return Scale(low=low, high=high, first=first, last=last, ticks=tuple(ticks))


def tick_text(value: float, axis: Axis, *, bare: bool = False) -> str:
    """Write a tick.

    Args:
        value: A stored figure.
        axis: How its ticks are written.
        bare: Without the text around it.
    """
    shown = _clean(value * axis.factor)
    text = f"{abs(shown):,.6f}".rstrip("0").rstrip(".")
    marks = {",": axis.thousands, ".": axis.decimal}
    text = "".join(marks.get(character, character) for character in text)
    text = text.translate(str.maketrans("0123456789", axis.digits))
    sign = axis.minus if shown < 0 else "+" if axis.signed and shown > 0 else ""
    return f"{sign}{text}" if bare else f"{sign}{axis.before}{text}{axis.after}"


def _is_zero_cheap(low: float, high: float) -> bool:
    """Whether beginning at zero leaves the figures at least half of the scale."""
    return low > 0.0 and (high - low) >= _HALF * high


def _capped(end: float, highest: float, axis: Axis) -> float:
    """End the scale at the most there can be, unless a figure passes it."""
    return end if axis.top is None or highest > axis.top else min(end, axis.top)


def _up_to(marks: tuple[float, ...], end: float) -> tuple[float, ...]:
    """Keep the ticks on the scale, and put one at an end that is the most there can be."""
    kept = tuple(mark for mark in marks if mark <= end + 1e-12)
    return kept if abs(kept[-1] - end) < 1e-12 else (*kept, end)


def _clean(value: float) -> float:
    """Take away what binary fractions leave behind a round number."""
    return float(f"{value:.10g}")

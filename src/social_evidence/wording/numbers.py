"""The text of figures that people read, made from the stored value.

A stored share is a whole count of 0.001, held as the double nearest to it. It is read back as
that decimal, so a percentage is rounded once from what is published and not from a binary
neighbour: estimates half up (half away from zero below it), limits outward. A share that is not
none or all is never called 0% or 100%.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final, Literal

from social_evidence.errors import DefinitionError

Direction = Literal["nearest", "down", "up"]

_ROUNDINGS: Final = {"nearest": ROUND_HALF_UP, "down": ROUND_FLOOR, "up": ROUND_CEILING}
_FIGURES_READ: Final = 3
_PENCE: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """How a language writes figures; `{}` stands for the number.

    Attributes:
        decimal: Mark before decimals.
        thousands: Mark between groups of three digits.
        minus: Sign of a number below zero.
        percent: A share.
        less_than, more_than: A percentage that rounding alone would make none or all.
        points, one_point: A difference of shares.
        points_between: A range of differences of shares; its ends are bare numbers.
        between: A range, its ends written as figures.
        per_1000, pounds, people, one_person: Figures in these units.
        none: Where there is no figure.
    """

    decimal: str
    thousands: str
    minus: str
    percent: str
    less_than: str
    more_than: str
    points: str
    one_point: str
    points_between: str
    between: str
    per_1000: str
    pounds: str
    people: str
    one_person: str
    none: str


ENGLISH: Final = Templates(
    decimal=".",
    thousands=",",
    minus="−",
    percent="{}%",
    less_than="less than {}",
    more_than="more than {}",
    points="{} percentage points",
    one_point="{} percentage point",
    points_between="between {} and {} percentage points",
    between="between {} and {}",
    per_1000="{} per 1,000",
    pounds="{}£{}",
    people="{} people",
    one_person="{} person",
    none="no figure",
)


def _decimal(value: float) -> Decimal:
    """Return the shortest decimal that names a stored double."""
    return Decimal(repr(value))


def _grouped(value: Decimal, templates: Templates) -> str:
    """Write a decimal with the language's marks and sign, and no trailing zeros added."""
    sign = templates.minus if value < 0 else ""
    text = f"{abs(value):,f}"
    marks = {",": templates.thousands, ".": templates.decimal}
    return sign + "".join(marks.get(character, character) for character in text)


def _shortened(value: float) -> Decimal:
    """Return a stored number as a decimal without zeros at its end."""
    exact = _decimal(value)
    whole = exact.to_integral_value()
    return whole.quantize(Decimal(1)) if exact == whole else exact.normalize()


def _hundredths(value: float, direction: Direction, decimals: int) -> Decimal:
    """Return a share times a hundred, rounded once."""
    step = Decimal(1).scaleb(-decimals)
    rounded = (_decimal(value) * 100).quantize(step, rounding=_ROUNDINGS[direction])
    return abs(rounded) if rounded == 0 else rounded


def number(value: float, templates: Templates = ENGLISH) -> str:
    """Write a stored number as it is, with separators.

    Args:
        value: A stored figure; nothing is rounded here.
        templates: The language.

    Returns:
        Text such as `24,147` or `7.43`.
    """
    return _grouped(_shortened(value), templates)


def percent(
    value: float,
    direction: Direction = "nearest",
    *,
    decimals: int = 0,
    templates: Templates = ENGLISH,
) -> str:
    """Write a stored share as a percentage.

    Args:
        value: A stored share; 0.574 is 57.4 %.
        direction: `nearest` (half up) for an estimate, `down` and `up` for limits.
        decimals: Decimals of the percentage; a stored survey share holds one at most.
        templates: The language.

    Returns:
        Text such as `57%`; an estimate that is not quite none or all is `less than 1%` or
        `more than 99%`.
    """
    hundredths = _hundredths(value, direction, decimals)
    if direction == "nearest":
        step = Decimal(1).scaleb(-decimals)
        if hundredths == 0 and value > 0.0:
            return templates.less_than.format(_percentage(step, templates))
        if hundredths == 100 and value < 1.0:
            return templates.more_than.format(_percentage(100 - step, templates))
    return _percentage(hundredths, templates)


def _percentage(hundredths: Decimal, templates: Templates) -> str:
    """Write a number of hundredths with the language's sign."""
    return templates.percent.format(_grouped(hundredths, templates))


def points(
    value: float,
    direction: Direction = "nearest",
    *,
    decimals: int = 0,
    templates: Templates = ENGLISH,
) -> str:
    """Write a stored difference of shares in percentage points.

    Args:
        value: A stored difference of shares, in [-1, 1].
        direction: `nearest` (half away from zero) for an estimate, `down` and `up` for limits.
        decimals: Decimals of the points.
        templates: The language.

    Returns:
        Text such as `5 percentage points` or `−1 percentage point`.
    """
    hundredths = _hundredths(value, direction, decimals)
    if hundredths == 0 and value != 0.0 and direction == "nearest":
        return templates.less_than.format(_points(Decimal(1).scaleb(-decimals), templates))
    return _points(hundredths, templates)


def _points(hundredths: Decimal, templates: Templates) -> str:
    """Write a number of percentage points, one or many."""
    template = templates.one_point if abs(hundredths) == 1 else templates.points
    return template.format(_grouped(hundredths, templates))


def short(value: float, direction: Direction = "nearest", templates: Templates = ENGLISH) -> str:
    """Write a stored rate or score as people read it: three figures, or all whole digits.

    A rate from counts in full is stored with twelve figures; nobody reads more than three.

    Args:
        value: The stored figure.
        direction: `nearest` (half up) for an estimate, `down` and `up` for limits.
        templates: The language.

    Returns:
        Text such as `2.38`, `0.0238` or `1,235`.
    """
    exact = _decimal(value)
    last = min(0, exact.adjusted() - _FIGURES_READ + 1)
    rounded = exact.quantize(Decimal(1).scaleb(last), rounding=_ROUNDINGS[direction])
    return number(float(rounded), templates)


def pounds(value: float, direction: Direction = "nearest", templates: Templates = ENGLISH) -> str:
    """Write a stored amount of money.

    Args:
        value: Pounds, as stored.
        direction: `nearest` (half up) for an estimate, `down` and `up` for limits; it matters
            only below a penny.
        templates: The language.

    Returns:
        Text such as `£1,240`, or `£12.50` where there are pence.
    """
    rounded = _decimal(value).quantize(_PENCE, rounding=_ROUNDINGS[direction])
    whole = rounded == rounded.to_integral_value()
    amount = abs(rounded).quantize(Decimal(1)) if whole else abs(rounded)
    sign = templates.minus if rounded < 0 else ""
    return templates.pounds.format(sign, _grouped(amount, templates))


def people(value: float, templates: Templates = ENGLISH) -> str:
    """Write a stored count of people.

    Args:
        value: How many, as stored.
        templates: The language.

    Returns:
        Text such as `24,147 people` or `1 person`.
    """
    template = templates.one_person if value == 1.0 else templates.people
    return template.format(number(value, templates))


def figure(
    value: float | None,
    unit: str,
    *,
    statistic: str = "",
    decimals: int = 0,
    templates: Templates = ENGLISH,
) -> str:
    """Write a stored estimate in its unit.

    Args:
        value: The stored estimate; None is no figure.
        unit: `share`, `per_1000`, `score`, `pounds`, `people` or `count`.
        statistic: `difference` of shares is written in percentage points.
        decimals: Decimals of a percentage.
        templates: The language.

    Returns:
        Text such as `57%`, `2.4 per 1,000`, `7.43`, `£1,240` or `24,147 people`.

    Raises:
        DefinitionError: The unit is not one we know.
    """
    if value is None:
        return templates.none
    if unit == "share" and statistic == "difference":
        return points(value, decimals=decimals, templates=templates)
    if unit == "people":
        return people(value, templates)
    return _in_unit(_bare(value, unit, "nearest", decimals, templates), unit, templates)


def range_text(
    lower: float | None,
    upper: float | None,
    unit: str,
    *,
    statistic: str = "",
    decimals: int = 0,
    templates: Templates = ENGLISH,
) -> str:
    """Write stored limits as a range, never narrower than they are.

    Args:
        lower: The stored lower limit; None is no figure.
        upper: The stored upper limit; None is no figure.
        unit: As in `figure`.
        statistic: As in `figure`.
        decimals: Decimals of a percentage.
        templates: The language.

    Returns:
        Text such as `between 52% and 60%`, `between −3 and 4 percentage points` or `between 1.2
        and 2.4 per 1,000`.

    Raises:
        DefinitionError: The unit is not one we know.
    """
    if lower is None or upper is None:
        return templates.none
    if unit == "share" and statistic == "difference":
        ends = (_hundredths(lower, "down", decimals), _hundredths(upper, "up", decimals))
        return templates.points_between.format(*(_grouped(end, templates) for end in ends))
    first = _bare(lower, unit, "down", decimals, templates)
    last = _bare(upper, unit, "up", decimals, templates)
    return _in_unit(templates.between.format(first, last), unit, templates)


def _bare(
    value: float, unit: str, direction: Direction, decimals: int, templates: Templates
) -> str:
    """Write one number of a unit, without the words that follow it."""
    if unit == "share":
        return percent(value, direction, decimals=decimals, templates=templates)
    if unit == "pounds":
        return pounds(value, direction, templates)
    if unit in {"per_1000", "score"}:
        return short(value, direction, templates)
    if unit in {"people", "count"}:
        return number(value, templates)
    raise DefinitionError(
        f"unit is {unit!r}; figures are written as share, per_1000, score, pounds, people or "
        "count. Correct the measure's unit."
    )


def _in_unit(text: str, unit: str, templates: Templates) -> str:
    """Add the words that follow a number, or a range, of a unit."""
    after = {"per_1000": templates.per_1000, "people": templates.people}
    return after.get(unit, "{}").format(text)

"""Lanes: which columns are summed, each as a 64-bit integer at its own scale.

The encoded table (what the cache holds) has one row a source row and these columns, none null:

    psu | stratum   PSU number (clustered) or stratum number (unclustered)
    d0 d1 …         fine code of each dimension; `size` stands for not known
    a0 a1 …         answer to each item: 0, 1, or 2 for none. Items that are numbers have 1 or 2
    in0 in1 …       1 where the row has a weight above 0 and is in that `where` (`Scan.domains`)
    w, w2, …        weights and products with weights, as integers (`FIXED`)
    r0 … , y0, x0 … replicate weights, and the numbers they multiply, as they are

A lane is one such column, or a product of two real ones, summed over the rows its masks let pass.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from social_evidence.plan.scan import Item, Scan

NO: Final = 0
YES: Final = 1
NONE: Final = 2

Kind = Literal[
    "y", "x", "base", "present", "yy", "xy", "xx", "wyy", "wxy", "wxx", "ry", "rx",
    "cross_yy", "cross_yx", "cross_xy", "cross_xx",
]  # fmt: skip
Key = tuple[Kind, int, int]
CROSSES: Final[tuple[Kind, ...]] = ("cross_yy", "cross_yx", "cross_xy", "cross_xx")
_BITS: Final = 61


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    """Lets a row pass where a code column is (or is not) in one state."""

    column: str
    state: int
    equal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One summed column.

    value  : the encoded column that is summed; None counts rows
    factor : a real column it is multiplied by first (replicate weights times a number)
    scale  : name under which the scale is kept; "" for counts
    masks  : all must let the row pass
    """

    value: str | None
    factor: str | None = None
    scale: str = ""
    masks: tuple[Mask, ...] = ()

    @property
    def is_real(self) -> bool:
        """Whether the value is held as a real number and turned into an integer when summed."""
        return self.value is not None and self.value != self.scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """Every different lane of a scan, and which of them answers which question.

    lanes : each once
    place : (kind, item, replicate or 0) -> position in `lanes`
    """

    lanes: tuple[Lane, ...]
    place: Mapping[Key, int]

    def scales(self, known: Mapping[str, int]) -> tuple[int, ...]:
        """Give each lane's scale from those known by name; counts have none."""
        return tuple(known[lane.scale] if lane.scale else 0 for lane in self.lanes)


def fixed_point_scale(rows: int, largest: float) -> int:
    """Choose the power of two by which a column is multiplied before it becomes an integer.

    With k = 61 - ceil(log2(rows x largest)) no sum of all rows can leave 62 bits, so additions are
    exact and their order cannot matter; what is lost is below 2^-k a row.

    Args:
        rows: Number of rows that may be summed.
        largest: The largest absolute value in the column, finite.

    Returns:
        k; 0 for a column of nothing but zeros.
    """
    if rows == 0 or largest == 0:
        return 0
    fraction, exponent = math.frexp(largest)
    row_fraction, row_exponent = math.frexp(rows)
    product, carry = math.frexp(fraction * row_fraction)
    # frexp gives [0.5, 1): only an exact power of two has a whole logarithm one lower.
    ceiling = exponent + row_exponent + carry - (1 if product == 0.5 else 0)
    # Above 1000 the multiplier itself would leave the doubles: such columns are nearly all zero.
    return min(_BITS - ceiling, 1000)


def lanes(scan: Scan) -> Lanes:
    """List the lanes of a scan, the same column never summed twice.

    Args:
        scan: What is asked.

    Returns:
        The lanes and their places.
    """
    found: dict[Lane, int] = {}
    place: dict[Key, int] = {}
    for key, lane in _wanted(scan):
        place[key] = found.setdefault(lane, len(found))
    return Lanes(lanes=tuple(found), place=place)


def _wanted(scan: Scan) -> Iterator[tuple[Key, Lane]]:
    # All numerators stand together, then all denominators: arrays are then cut, not copied.
    yield from ((("y", i, 0), weighted_y(item, i)) for i, item in enumerate(scan.items))
    yield from ((("x", i, 0), weighted_x(item, i)) for i, item in enumerate(scan.items))
    yield from _counts(scan)
    for i, item in enumerate(scan.items):
        if item.squares:
            yield from _squares(item, i)
        if scan.sampling.form == "unclustered":
            yield from _second_order(item, i)
    for j in range(len(scan.crosses)):
        yield from (((kind, j, 0), fixed(f"{kind}{j}")) for kind in CROSSES)
    for j in range(len(scan.sampling.replicates)):
        for i, item in enumerate(scan.items):
            yield ("ry", i, j), _replicate(item, i, j, "y")
            yield ("rx", i, j), _replicate(item, i, j, "x")


def _counts(scan: Scan) -> Iterator[tuple[Key, Lane]]:
    for i, item in enumerate(scan.items):
        yield ("base", i, 0), Lane(value=None, masks=_base_masks(scan, i))
        domain = Mask(column=f"in{scan.domains.index(item.where)}", state=1, equal=True)
        yield ("present", i, 0), Lane(value=None, masks=(domain,))


def fixed(column: str, *masks: Mask) -> Lane:
    """Sum an encoded integer column over the rows its masks let pass."""
    return Lane(value=column, scale=column, masks=masks)


def answered(i: int) -> Mask:
    """Let a row pass that has a valid answer to item i."""
    return Mask(column=f"a{i}", state=NONE, equal=False)


def _said_yes(i: int) -> Mask:
    return Mask(column=f"a{i}", state=YES, equal=True)


def _base_masks(scan: Scan, i: int) -> tuple[Mask, ...]:
    # Elsewhere a row of weight zero is encoded as having no answer; a replicate may still weigh it.
    if scan.sampling.form == "replicates":
        return (answered(i), Mask(column="positive", state=1, equal=True))
    return (answered(i),)


def weighted_y(item: Item, i: int) -> Lane:
    """Sum weight times numerator: for a share, the weight of those who said yes."""
    return fixed("w", _said_yes(i)) if item.statistic == "proportion" else fixed(f"wy{i}")


def weighted_x(item: Item, i: int) -> Lane:
    """Sum weight times denominator: for all but ratios, the weight of those who answered."""
    return fixed(f"wx{i}") if item.statistic == "ratio" else fixed("w", answered(i))


def _squares(item: Item, i: int) -> Iterator[tuple[Key, Lane]]:
    y, x = weighted_y(item, i), weighted_x(item, i)
    if item.statistic == "proportion":
        yield ("wyy", i, 0), y
    else:
        yield ("wyy", i, 0), fixed(f"wyy{i}")
    yield ("wxy", i, 0), fixed(f"wxy{i}") if item.statistic == "ratio" else y
    yield ("wxx", i, 0), fixed(f"wxx{i}") if item.statistic == "ratio" else x


def _second_order(item: Item, i: int) -> Iterator[tuple[Key, Lane]]:
    binary = item.statistic == "proportion"
    yield ("yy", i, 0), fixed("w2", _said_yes(i)) if binary else fixed(f"yy{i}")
    yield ("xy", i, 0), fixed("w2", _said_yes(i)) if binary else fixed(f"xy{i}")
    ratio = item.statistic == "ratio"
    yield ("xx", i, 0), fixed(f"xx{i}") if ratio else fixed("w2", answered(i))


def _replicate(item: Item, i: int, j: int, side: Literal["y", "x"]) -> Lane:
    if item.statistic == "proportion":
        mask = _said_yes(i) if side == "y" else answered(i)
        return Lane(value=f"r{j}", scale="r", masks=(mask,))
    if side == "x" and item.statistic != "ratio":
        return Lane(value=f"r{j}", scale="r", masks=(answered(i),))
    return Lane(value=f"r{j}", factor=f"{side}{i}", scale=f"r*{side}{i}", masks=(answered(i),))

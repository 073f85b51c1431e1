"""Counts rounded to a base, and percentages made from what was rounded and nothing else."""

from __future__ import annotations

from social_evidence.errors import DefinitionError


def round_to_base(count: int, base: int) -> int:
    """Round a count to the nearest multiple of a base, halves up.

    Args:
        count: A count, 0 or more.
        base: 5 or 10, say; 1 changes nothing.

    Raises:
        DefinitionError: The base is below 1.

    Example:
        >>> round_to_base(13, 5)
        15
    """
    if base < 1:
        raise DefinitionError(f"Counts cannot be rounded to multiples of {base}.")
    return (2 * count + base) // (2 * base) * base


def share_of_rounded(numerator: int, denominator: int, base: int) -> float | None:
    """Give the share of two counts as the rounded counts give it.

    A share of the exact counts beside rounded ones would undo the rounding.

    Args:
        numerator: An exact count.
        denominator: An exact count.
        base: What both are rounded to.

    Returns:
        The share, 0 to 1 where the numerator is part of the denominator; None where the rounded
        denominator is zero.
    """
    below = round_to_base(denominator, base)
    return round_to_base(numerator, base) / below if below else None

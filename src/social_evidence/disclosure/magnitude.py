"""Dominance rules for sums of money: no contributor may be worked out by another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from social_evidence.errors import DefinitionError


@dataclass(frozen=True, slots=True, kw_only=True)
class DominanceRule:
    """What makes a sum unsafe.

    Attributes:
        fewest: Fewest contributors.
        shares: (how many of the largest, the share of the total they must not pass).
        p_percent: The rest without the two largest must be at least this share of the largest,
            or the second largest could work it out so closely; 0 for no such rule.
    """

    fewest: int = 3
    shares: tuple[tuple[int, float], ...] = ((1, 0.75), (2, 0.85))
    p_percent: float = 0.10


def dominance_faults(values: Sequence[float], rule: DominanceRule) -> tuple[str, ...]:
    """Say which rules a sum of contributions breaks.

    Args:
        values: Each contribution, 0 or more, in any order.
        rule: What to ask.

    Returns:
        Names of the rules broken: `fewer_than_<n>`, `dominance_<k>_<share in percent>`,
        `p_percent_<share in percent>`; none where the sum may be shown.

    Raises:
        DefinitionError: A contribution is negative: shares of the total would mean nothing.

    Source:
        Hundepool and others (2012), Statistical Disclosure Control, section 4.2.1.
    """
    if any(value < 0 for value in values):
        raise DefinitionError(
            "A contribution is negative, so shares of the total mean nothing. Judge gains and "
            "losses apart."
        )
    largest = sorted(values, reverse=True)
    total = sum(largest)
    faults = []
    if len(largest) < rule.fewest:
        faults.append(f"fewer_than_{rule.fewest}")
    for number, share in rule.shares:
        if sum(largest[:number]) > share * total:
            faults.append(f"dominance_{number}_{share * 100:.0f}")
    if rule.p_percent and largest and total - sum(largest[:2]) < rule.p_percent * largest[0]:
        faults.append(f"p_percent_{rule.p_percent * 100:.0f}")
    return tuple(faults)

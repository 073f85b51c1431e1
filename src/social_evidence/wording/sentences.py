"""Sentences made from one published row: the figure, its uncertainty, and what to keep in mind."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from social_evidence.errors import DefinitionError
from social_evidence.model.estimate import HIDDEN, Estimate
from social_evidence.wording.numbers import figure, number, range_text
from social_evidence.wording.status import status_sentence

FLAGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "approximate_groups": "The groups here only roughly match the usual ones.",
        "break": "A new series begins here: do not compare it with the one before.",
        "excludes_city_of_london": "The City of London is not in this figure.",
        "over_100": "It passes 100% because it sets two different counts side by side.",
        "provisional": "Its publisher may still revise this figure.",
        "revised": "This figure was revised.",
        "synthetic": "Synthetic: made up by a program. It describes nobody.",
    }
)
"""What each flag of the contract means to a reader."""

_WITHOUT_INTERVAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "administrative": "It was counted in full, so it has no sampling error; "
        "counts can still be wrong in other ways.",
        "published": "Its publisher gives no limits with it.",
    }
)
_NO_LIMITS: Final = "Its uncertainty could not be worked out."


def flag_sentence(flag: str) -> str:
    """Say what a flag means to a reader.

    Raises:
        DefinitionError: The flag is not one of the contract.
    """
    if flag not in FLAGS:
        raise DefinitionError(f"There is no flag {flag!r}; the contract has {', '.join(FLAGS)}.")
    return FLAGS[flag]


def figure_sentence(row: Estimate, *, decimals: int = 1) -> str:
    """Say a published figure with its uncertainty, or why there is none.

    Args:
        row: A published row; its numbers are as stored.
        decimals: Decimals of a percentage.

    Returns:
        One or two sentences, such as `57.4%, and with 95% confidence between 52.1% and 62.6%.`
    """
    if row.status in HIDDEN or row.estimate is None:
        return status_sentence(row.status, base=row.base)
    told = figure(row.estimate, row.unit, statistic=row.statistic, decimals=decimals)
    told += _counts(row)
    if row.lower is None or row.upper is None or row.level is None:
        told = f"{told}. {_WITHOUT_INTERVAL.get(row.method, _NO_LIMITS)}"
    else:
        limits = range_text(
            row.lower, row.upper, row.unit, statistic=row.statistic, decimals=decimals
        )
        told = f"{told}, and with {row.level:.0%} confidence {limits}."
    if row.status == "low_base":
        told = f"{told} {status_sentence(row.status)}"
    return told


def _counts(row: Estimate) -> str:
    if row.numerator is None or row.denominator is None:
        return ""
    return f" ({number(row.numerator)} over {number(row.denominator)})"

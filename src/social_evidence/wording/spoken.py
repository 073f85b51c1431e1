"""Shares as people say them (about 6 in 10) and the sentence a measure is known by."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from social_evidence.model.period import parse
from social_evidence.wording.numbers import ENGLISH, Templates, percent
from social_evidence.wording.periods import period_words

_NEAR: Final = Decimal("0.02")
_FRACTIONS: Final = (
    (Decimal("0.1"), "about 1 in 10"),
    (Decimal("0.2"), "about 1 in 5"),
    (Decimal("0.25"), "about 1 in 4"),
    (Decimal("0.3"), "about 3 in 10"),
    (Decimal(1) / 3, "about 1 in 3"),
    (Decimal("0.4"), "about 4 in 10"),
    (Decimal("0.5"), "about half"),
    (Decimal("0.6"), "about 6 in 10"),
    (Decimal(2) / 3, "about 2 in 3"),
    (Decimal("0.7"), "about 7 in 10"),
    (Decimal("0.75"), "about 3 in 4"),
    (Decimal("0.8"), "about 8 in 10"),
    (Decimal("0.9"), "about 9 in 10"),
)
_HEADS: Final = ("People", "Adults", "Residents", "Pupils")
_VERBS: Final = (("who are ", "are "), ("who ", ""), ("with ", "have "), ("in ", "are in "))


def about(value: float, templates: Templates = ENGLISH) -> str:
    """Say a share in words where a simple fraction lies within two points, else as a percentage.

    Args:
        value: A stored share.
        templates: The language.

    Returns:
        Text such as `about 6 in 10` or `47%`.
    """
    exact = Decimal(repr(value))
    distance, words = min((abs(exact - near), words) for near, words in _FRACTIONS)
    return words if distance <= _NEAR else percent(value, templates=templates)


def when(label: str) -> str:
    """Say when a figure is of, as it stands in a sentence.

    Args:
        label: A label of the estimates contract.

    Returns:
        Text such as `in 2021/22`, `in the 12 months to June 2023` or `on 1 December 2024`.
    """
    period = parse(label)
    words = period_words(label, short=True)
    if label.startswith("y"):
        return f"in the {words}"
    return f"{'on' if period.start == period.end else 'in'} {words}"


def told_of_people(title: str, share: str, place: str) -> str:
    """Turn a measure's title into a sentence about a share of people.

    Only titles of the plain kind can be turned (`Adults who …`, `People with …`): where the title
    says whom a share is of (`…, of all who look for work`, `… whose …`), the sentence would claim
    another base than the figure has.

    Args:
        title: The measure's title.
        share: The share in words, as `about` gives it.
        place: The place's name.

    Returns:
        A sentence without its full stop, such as `About 8 in 10 people in London agree that …`;
        empty where the title cannot be turned.
    """
    head, _, rest = title.partition(" ")
    if head not in _HEADS or " whose " in f" {rest}" or "," in rest:
        return ""
    for start, verb in _VERBS:
        if rest.startswith(start):
            whom = f"of {head.lower()}" if share.endswith(("half", "%")) else head.lower()
            told = f"{share} {whom} in {place} {verb}{rest.removeprefix(start)}"
            return told[:1].upper() + told[1:]
    return ""

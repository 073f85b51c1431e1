"""Shares as people say them (about 6 in 10) and the sentence a measure is known by."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from social_evidence.model.period import parse
from social_evidence.wording.numbers import ENGLISH, Templates, percent
from social_evidence.wording.periods import period_words

_NEAR: Final = Decimal("0.02")
_FRACTIONS: Final = (
    *((1, 10), (1, 5), (1, 4), (3, 10), (1, 3), (4, 10), (1, 2)),
    *((6, 10), (2, 3), (7, 10), (3, 4), (8, 10), (9, 10)),
)
_HEADS: Final = ("People", "Adults", "Residents", "Pupils")
_VERBS: Final = (("who are ", "are "), ("who ", ""), ("with ", "have "), ("in ", "are in "))


def simple_fraction(
    value: float, lower: float | None = None, upper: float | None = None
) -> tuple[int, int] | None:
    """Find the simple fraction that people would say for a share.

    A fraction that lies outside the share's own range would say what the range denies, so none is
    said then, however near it is.

    Args:
        value: A stored share.
        lower: Its stored lower limit; None where it has none.
        upper: Its stored upper limit.

    Returns:
        How many in how many, such as 6 and 10; None where none is within two points.
    """
    exact = Decimal(repr(value))
    distance, part, whole = min(
        (abs(exact - Decimal(part) / whole), part, whole) for part, whole in _FRACTIONS
    )
    said = Decimal(part) / whole
    is_denied = lower is not None and said < Decimal(repr(lower))
    is_denied |= upper is not None and said > Decimal(repr(upper))
    return None if distance > _NEAR or is_denied else (part, whole)


def about(
    value: float,
    lower: float | None = None,
    upper: float | None = None,
    *,
    decimals: int = 0,
    templates: Templates = ENGLISH,
) -> str:
    """Say a share in words where a simple fraction lies within two points, else as a percentage.

    Args:
        value: A stored share.
        lower: Its stored lower limit, which the words must not leave; None where it has none.
        upper: Its stored upper limit.
        decimals: Decimals of a percentage.
        templates: The language.

    Returns:
        Text such as `about 6 in 10` or `47%`.
    """
    found = simple_fraction(value, lower, upper)
    if found is None:
        return percent(value, decimals=decimals, templates=templates)
    part, whole = found
    return "about half" if whole == 2 else f"about {part} in {whole}"


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


def dated(sentence: str, at: str) -> str:
    """Make a sentence say when it is of.

    Args:
        sentence: A whole sentence.
        at: When, as `when` gives it; empty where there is no figure.
    """
    if not at or at in sentence:
        return sentence
    return f"{at[:1].upper()}{at[1:]}, {sentence[:1].lower()}{sentence[1:]}"


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

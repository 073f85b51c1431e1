"""A comparison as a sentence: how one figure stands to another, and how far it might."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from social_evidence.errors import DefinitionError
from social_evidence.model.comparison import Comparison
from social_evidence.model.estimate import HIDDEN
from social_evidence.wording.numbers import ENGLISH as NUMBERS
from social_evidence.wording.numbers import Direction, figure, points, pounds, range_text, short
from social_evidence.wording.status import status_sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How a language says verdicts; `{}` and names in braces stand for what is put in.

    clear: higher or lower, by a test. counted: the same of two counts in full. no_clear: with the
    range. equal: of two counts. unknown: nothing can be said, and why by the kind of reason.
    """

    higher: str
    lower: str
    clear: str
    counted: str
    equal: str
    no_clear: str
    from_to: str
    range: str
    one_side: str
    at_least: str
    no_difference: str
    ended: str
    untested: str


ENGLISH: Final = Words(
    higher="higher",
    lower="lower",
    clear="{side} is {size} {direction}{than}; it {range}, with {level} confidence.",
    counted="{side} is {size} {direction}{than}: counted, not estimated.",
    equal="{side} is the same{than}, to within {size}: counted, not estimated.",
    no_clear="No clear difference{than}: {side} {range}, with {level} confidence.",
    from_to=" than {other}",
    range="could be anything from {first} to {last}",
    one_side="could be anything {range} {direction}",
    at_least="{size} {direction}",
    no_difference="no different",
    ended="A new series begins here, so this change cannot be told.",
    untested="There is a difference of {size}, but whether it is more than chance cannot be told.",
)

VERDICTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "higher": "higher",
        "lower": "lower",
        "no_clear_difference": "no clear difference",
        "cannot_say": "cannot say",
    }
)
"""The verdict by itself, for a table or a mark; another language is another table."""


def verdict_words(verdict: str) -> str:
    """Say a verdict in a word or two.

    Raises:
        DefinitionError: It is not one of the contract.
    """
    if verdict not in VERDICTS:
        raise DefinitionError(f"There is no verdict {verdict!r}; there are {', '.join(VERDICTS)}.")
    return VERDICTS[verdict]


def verdict_sentence(
    row: Comparison,
    unit: str,
    *,
    side: str = "This",
    other: str = "",
    decimals: int = 1,
    words: Words = ENGLISH,
) -> str:
    """Say how one figure stands to another, with the range it might be in.

    The limits are those of this one comparison; whether it is called higher or lower also allows
    for all others of its family. Two intervals are never set against each other.

    Args:
        row: A published comparison; its numbers are as stored.
        unit: Unit of the two figures.
        side: What is judged: the figure compared, in a gap the group.
        other: What it is compared with; empty to leave that out.
        decimals: Decimals of percentage points.
        words: The language.

    Returns:
        A sentence such as `No clear difference from London: Camden could be anything from 3.1
        percentage points lower to 5.2 percentage points higher, with 95% confidence.`
    """
    if row.status in HIDDEN:
        is_end = row.kind == "change" and row.status == "not_applicable"
        return words.ended if is_end else status_sentence(row.status)
    if row.difference is None:
        return status_sentence("not_available")
    told = _Told(row, unit, decimals, words)
    than = words.from_to.format(other=other) if other else ""
    if row.verdict == "cannot_say":
        return words.untested.format(size=told.size(row.difference))
    if row.is_counted:
        clear = row.verdict in {"higher", "lower"}
        return (words.counted if clear else words.equal).format(
            side=side,
            size=told.size(row.difference),
            direction=told.direction(told.judged(row.difference)),
            than=than if clear else than.replace(" than ", " as "),
        )
    level = f"{row.level:.0%}" if row.level is not None else ""
    if row.verdict == "no_clear_difference":
        than = than.replace(" than ", " from ")
        return words.no_clear.format(side=side, than=than, range=told.range(), level=level)
    return words.clear.format(
        side=side,
        size=told.size(row.difference),
        direction=verdict_words(row.verdict),
        than=than,
        range=told.range(),
        level=level,
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """The numbers of one comparison as people read them; higher and lower instead of signs."""

    row: Comparison
    unit: str
    decimals: int
    words: Words

    def judged(self, value: float) -> float:
        """Turn a gap round: its difference is the reference less the group that is judged."""
        return -value if self.row.kind == "gap" else value

    def size(self, value: float, direction: Direction = "nearest") -> str:
        """Write how large a difference is, without its sign."""
        size = abs(value)
        if self.unit == "share":
            return points(size, direction, decimals=self.decimals)
        if self.unit == "pounds":
            return pounds(size, direction)
        if self.unit == "per_1000":
            return NUMBERS.per_1000.format(short(size, direction))
        return short(size, direction) if self.unit == "score" else figure(size, self.unit)

    def direction(self, value: float) -> str:
        """Say higher or lower."""
        return self.words.higher if value > 0 else self.words.lower

    def range(self) -> str:
        """Write the limits as two ends, each with its direction."""
        if self.row.lower is None or self.row.upper is None:
            return status_sentence("not_available")
        low, high = sorted((self.judged(self.row.lower), self.judged(self.row.upper)))
        if low > 0 or high < 0:
            near, far = sorted((abs(low), abs(high)))
            between = range_text(
                near, far, self.unit, statistic="difference", decimals=self.decimals
            )
            return self.words.one_side.format(range=between, direction=self.direction(low))
        # Never narrower than it is: each end is rounded away from the middle.
        first, last = self._end(low), self._end(high)
        return self.words.range.format(first=first, last=last)

    def _end(self, value: float) -> str:
        if value == 0:
            return self.words.no_difference
        size = self.size(value, "up")
        return self.words.at_least.format(size=size, direction=self.direction(value))

"""How one figure stands to another, in a word and in a sentence: the one place for such words.

Pages, plain text, charts and languages take their words from here, or are held to them by tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from social_evidence.errors import DefinitionError
from social_evidence.model.comparison import Comparison
from social_evidence.model.estimate import HIDDEN
from social_evidence.wording.numbers import ENGLISH as NUMBERS
from social_evidence.wording.numbers import (
    Direction,
    Templates,
    figure,
    points,
    pounds,
    range_text,
    short,
)
from social_evidence.wording.status import status_sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How a language says verdicts; `{}` and names in braces stand for what is put in.

    clear: higher or lower, by a test. counted: the same of two counts in full. equal: of two counts
    that are the same. no_clear: with the range. alone: where that range leaves out none. untested:
    a difference that nobody has tested.
    """

    higher: str
    lower: str
    clear: str
    counted: str
    equal: str
    no_clear: str
    alone: str
    from_to: str
    range: str
    one_side: str
    within: str
    at_least: str
    no_difference: str
    ended: str
    untested: str


ENGLISH: Final = Words(
    higher="higher",
    lower="lower",
    clear=(
        "{side} is {size} {direction}{than}; it could be anything {range}, with {level} confidence."
    ),
    counted="{side} is {size} {direction}{than}: counted, not estimated.",
    equal="{side} is the same{than}, to within {size}: counted, not estimated.",
    no_clear=(
        "{side} cannot be told apart{than}: it could be anything {range}, with {level} confidence."
    ),
    alone=(
        "{side} cannot be told apart{than}: taken by itself it could be anything {range}, "
        "with {level} confidence, but among so many comparisons that may be chance."
    ),
    from_to=" than {other}",
    range="from {first} to {last}",
    one_side="{range} {direction}",
    within="to within {size}",
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
"""The verdict inside a sentence; another language is another table."""

WORDS: Final[Mapping[tuple[str, bool], str]] = MappingProxyType(
    {
        ("higher", False): "Higher",
        ("lower", False): "Lower",
        ("no_clear_difference", False): "Cannot tell",
        ("cannot_say", False): "Cannot say",
        ("higher", True): "Higher",
        ("lower", True): "Lower",
        ("no_clear_difference", True): "The same",
        ("cannot_say", True): "Cannot say",
    }
)
"""Verdict and whether both sides were counted in full -> its word in a table or beside a mark.

What is counted says so beside the word. Two counts that differ by less than what is worth a word
are the same: a count leaves nothing that could not be told.
"""


def verdict_word(verdict: str, *, counted: bool = False) -> str:
    """Say a verdict in a word, for a table or a mark.

    Args:
        verdict: The release's.
        counted: Whether both sides were counted in full.

    Raises:
        DefinitionError: It is not one of the contract.
    """
    if (verdict, counted) not in WORDS:
        raise DefinitionError(f"There is no verdict {verdict!r}; there are {', '.join(VERDICTS)}.")
    return WORDS[verdict, counted]


def is_one_sided(row: Comparison) -> bool:
    """Whether a difference is not called clear although its own range leaves out none.

    The range is of one comparison by itself; the verdict allows for all of its family. Words that
    gave such a range without saying so would contradict their own verdict.
    """
    if row.verdict != "no_clear_difference" or row.lower is None or row.upper is None:
        return False
    return row.lower > 0.0 or row.upper < 0.0


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
        A sentence such as `Camden cannot be told apart from London: it could be anything from 3.1
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
            size=told.size(row.difference, "nearest" if clear else "up"),
            direction=told.direction(told.judged(row.difference)),
            than=than if clear else than.replace(" than ", " as "),
        )
    level = f"{row.level:.0%}" if row.level is not None else ""
    if row.verdict == "no_clear_difference":
        than = than.replace(" than ", " from ")
        unclear = words.alone if is_one_sided(row) else words.no_clear
        return unclear.format(side=side, than=than, range=told.range(), level=level)
    return words.clear.format(
        side=side,
        size=told.size(row.difference),
        direction=verdict_words(row.verdict),
        than=than,
        range=told.range(),
        level=level,
    )


def difference_words(
    row: Comparison, unit: str, *, decimals: int = 1, words: Words = ENGLISH
) -> str:
    """Say how far one figure may lie from another, with directions in place of signs.

    Args:
        row: A published comparison; its numbers are as stored.
        unit: Unit of the two figures.
        decimals: Decimals of points.
        words: The language.

    Returns:
        The range, such as `from 3 points lower to 5 points higher` or `between 2 and 7 points
        lower`; of two counts the difference, such as `0.3 points higher` or `to within 0.1
        points`; empty where there is neither.
    """
    if row.status in HIDDEN or row.difference is None:
        return ""
    told = _Told(row, unit, decimals, words, _POINTS)
    if row.lower is not None and row.upper is not None:
        return told.range()
    if row.verdict == "cannot_say" or not row.difference:
        return ""
    if row.verdict == "no_clear_difference":
        return words.within.format(size=told.size(row.difference, "up"))
    return f"{told.size(row.difference)} {told.direction(told.judged(row.difference))}"


_POINTS: Final = replace(
    NUMBERS,
    points="{} points",
    one_point="{} point",
    points_between="between {} and {} points",
)


@dataclass(frozen=True, slots=True)
class _Told:
    """The numbers of one comparison as people read them; higher and lower instead of signs."""

    row: Comparison
    unit: str
    decimals: int
    words: Words
    templates: Templates = NUMBERS

    def judged(self, value: float) -> float:
        """Turn a gap round: its difference is the reference less the group that is judged."""
        return -value if self.row.kind == "gap" else value

    def size(self, value: float, direction: Direction = "nearest") -> str:
        """Write how large a difference is, without its sign."""
        size = abs(value)
        if self.unit == "share":
            return points(size, direction, decimals=self.decimals, templates=self.templates)
        if self.unit == "pounds":
            return pounds(size, direction, self.templates)
        if self.unit == "per_1000":
            return self.templates.per_1000.format(short(size, direction, self.templates))
        if self.unit == "score":
            return short(size, direction, self.templates)
        return figure(size, self.unit, templates=self.templates)

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
                near,
                far,
                self.unit,
                statistic="difference",
                decimals=self.decimals,
                templates=self.templates,
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

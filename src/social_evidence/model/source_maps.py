"""How a source's columns are read: questions, groups, places and derived variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from social_evidence.errors import DefinitionError

Alikeness = Literal["same", "minor", "major"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparability:
    """How a source's question compares with the harmonised one: a verdict on each side of it.

    Attributes:
        wording: The words that are read or read out.
        scale: The answers offered.
        asked: Who is asked.
        mode: How it is asked: by an interviewer, on paper, on the web.
        recall: The time people think back over.
        note: What differs, in words.
    """

    wording: Alikeness = "same"
    scale: Alikeness = "same"
    asked: Alikeness = "same"
    mode: Alikeness = "same"
    recall: Alikeness = "same"
    note: str = ""

    @property
    def verdict(self) -> Alikeness:
        """The worst of the five; a major difference blocks the comparison."""
        sides = (self.wording, self.scale, self.asked, self.mode, self.recall)
        return max(sides, key=("same", "minor", "major").index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A raw (or derived) variable that answers a harmonised question.

    Attributes:
        variable: Column of the file, or a derived variable.
        answers: Raw code -> harmonised answer id; empty for a number. Codes are matched as text,
            so 1, 1.0 and "1" are one code.
        valid: Smallest and largest number accepted; a value beyond them is a fault of the file.
        wording: This source's own words where they differ.
        compares: How the question compares with the harmonised one; left out where it is the
            harmonised one itself.
    """

    variable: str
    answers: Mapping[str, str] = field(default_factory=dict)
    valid: tuple[float, ...] = ()
    wording: str = ""
    compares: Comparability | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMap:
    """How a source's variable falls into a breakdown's groups.

    Attributes:
        variable: Column of the file, or a derived variable.
        groups: Raw code -> group id; `unknown` where it is not known, and in a counted table `all`
            for the rows of everybody.
        bands: Group id -> [lowest, highest], both included, for numbers.
        equal_parts: Groups, lowest numbers first, of as many people each (thirds of income): the
            cuts are the weighted quantiles of everybody in the wave's file who has a number, and
            are then held fixed.
        approximate: Written where the groups do not quite match the harmonised ones.
    """

    variable: str
    groups: Mapping[str, str] = field(default_factory=dict)
    bands: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    equal_parts: tuple[str, ...] = ()
    approximate: str = ""

    def __post_init__(self) -> None:
        if [bool(self.groups), bool(self.bands), bool(self.equal_parts)].count(True) != 1:
            raise DefinitionError(
                f"The map of variable {self.variable!r} needs one of `groups` (codes), `bands` "
                "(numbers) and `equal_parts` (numbers cut into parts of as many people)."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """Where the rows of a source belong.

    Attributes:
        whole: Every row belongs to this area.
        columns: Otherwise: the first of these columns that is not blank, read as code or name.
        codes: Raw value -> area code, for values that are neither.
        left_out: Raw value -> the reason its rows belong to no area of ours; published in words.
        elsewhere: The reason every other area of the file belongs to none of ours, for a national
            file; empty refuses an area that is not known. Published in words, like left_out.
        sums: Areas that are the sum of their children because the source does not print them.
        flags: Area code -> flags its figures carry, for parts a source never covers.
        covers: Microdata: the larger areas the file is a sample of, where its columns name only
            smaller ones and not all of them (a survey that leaves out one borough). Without it a
            file that names only some areas of a larger one stands for none above them.
        gives: Kinds or codes of all areas that it is known to give figures of: where nothing of it
            can be read, these are published as not available. Empty: the city and what a measure
            compares it with.
        less: Area code -> [whole, part, ...]: the area is the whole less the parts (the rest of a
            country without its capital), for counts that do not print it.
    """

    whole: str = ""
    covers: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    elsewhere: str = ""
    sums: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    less: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A derived variable of a source.

    Attributes:
        expression: One SQL scalar expression over columns of the file.
        null_means: Inputs for which a null does not make the result null.
        note: What must be known to read it.
    """

    expression: str
    null_means: tuple[str, ...] = ()
    note: str = ""

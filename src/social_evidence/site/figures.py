"""A row as people read it: its figure, its range and its state, in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from social_evidence.model.comparison import Comparison
from social_evidence.model.comparison import Verdict as VerdictCode
from social_evidence.model.estimate import HIDDEN, Estimate
from social_evidence.wording import labels
from social_evidence.wording.numbers import ENGLISH, figure, range_text
from social_evidence.wording.status import status_sentence
from social_evidence.wording.verdicts import difference_words, is_one_sided, verdict_word

_TABLE: Final = replace(
    ENGLISH,
    between="{} to {}",
    points="{} points",
    one_point="{} point",
    points_between="{} to {} points",
)
_RANGE: Final = replace(_TABLE, per_1000="{}", people="{}")
_LABEL: Final = replace(_TABLE, percent="{}", points_between="{} to {}", per_1000="{}")
_WORST: Final = "D"
_WIDE: Final = 0.02
"""Shares with a narrower range are written with one decimal."""
_NO_RANGE: Final = {
    "administrative": "Counted in full",
    "published": "Its publisher gives no range",
    "modelled": "No range",
    "survey": "No range could be worked out",
}
_HIDDEN_WORDS: Final = {
    "protected": "Too few people to say",
    "not_asked": "Not asked",
    "not_available": "Not available",
    "not_applicable": "Does not apply",
}

OF_THE_PAGE: Final = frozenset({"synthetic", "excludes_city_of_london"})
"""Flags that a page tells of once, and not beside every figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A row in words.

    Attributes:
        row: The published row.
        value: Its figure, or why there is none.
        range: Its limits for a table, or why it has none; empty where there is no figure.
        label: Figure and limits for a label, such as `21% (19 to 23)`.
        markers: Bracketed letters of its status and flags, those of the whole page left out.
        is_shown: Whether there is a figure.
        href: Its permanent address, relative to the page.
    """

    row: Estimate
    value: str
    range: str
    label: str
    markers: str
    is_shown: bool
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How one figure stands to another, in words.

    Attributes:
        code: The release's verdict.
        word: Higher, Lower, Cannot tell or Cannot say; The same of two counts.
        size: The difference's range, or the difference of two counts; empty where none is known.
        is_counted: Whether both sides were counted in full.
        extent: The same in a sentence, with directions in place of signs.
        is_alone: Whether the range leaves out none and is yet no clear difference: it is of this
            comparison by itself, the verdict allows for all of its kind.
    """

    code: VerdictCode
    word: str
    size: str
    is_counted: bool
    extent: str = ""
    is_alone: bool = False

    @property
    def is_same(self) -> bool:
        """Whether two counts are the same, so that there is nothing that could not be told."""
        return self.is_counted and self.code == "no_clear_difference"


def decimals_of(row: Estimate, stated: int | None = None) -> int:
    """Say how many decimals people read of a share: none, or one where its range is narrow.

    Args:
        row: A row with a figure.
        stated: Decimals the measure asks for.
    """
    if stated is not None or row.unit != "share" or row.estimate is None:
        return stated or 0
    if row.lower is None or row.upper is None:
        hundredths = row.estimate * 100
        printed = row.method == "published" and abs(hundredths - round(hundredths)) < 1e-9
        return 0 if printed or row.method == "survey" else 1
    return 1 if row.upper - row.lower < _WIDE else 0


def tell(row: Estimate, decimals: int | None = None, href: str = "") -> Told:
    """Put a row into words.

    Args:
        row: A published row.
        decimals: Decimals the measure asks for; by default they follow from the range.
        href: The row's permanent address.
    """
    markers = _markers(row.status, row.flags, needs_care(row))
    if row.status in HIDDEN or row.estimate is None:
        words = _HIDDEN_WORDS.get(row.status) or status_sentence(row.status, base=row.base)
        return Told(
            row=row, value=words, range="", label=words, markers=markers, is_shown=False, href=href
        )
    places = decimals_of(row, decimals)
    is_gap = "difference" if row.statistic == "difference" else ""
    value = _value(row.estimate, row.unit, is_gap, places)
    limits, short = _limits(row.lower, row.upper, row.unit, is_gap, places)
    return Told(
        row=row,
        value=value,
        range=limits or _NO_RANGE.get(row.method, "No range"),
        label=f"{value} ({short})" if limits else value,
        markers=markers,
        is_shown=True,
        href=href,
    )


# Stored shares have three decimals, so that most figures of a release have been written before.
@lru_cache(maxsize=1 << 15)
def _value(estimate: float, unit: str, statistic: str, decimals: int) -> str:
    return figure(estimate, unit, statistic=statistic, decimals=decimals, templates=_TABLE)


@lru_cache(maxsize=1 << 16)
def _limits(
    lower: float | None, upper: float | None, unit: str, statistic: str, decimals: int
) -> tuple[str, str]:
    """Write limits for a table and for a label; empty where there are none."""
    if lower is None or upper is None:
        return "", ""
    return (
        range_text(lower, upper, unit, statistic=statistic, decimals=decimals, templates=_RANGE),
        range_text(lower, upper, unit, statistic=statistic, decimals=decimals, templates=_LABEL),
    )


def limits_words(lower: float, upper: float) -> str:
    """Write two shares as the ends of a range for a table, rounded away from each other."""
    return _limits(lower, upper, "share", "", 0)[0]


def range_sentence(row: Estimate, decimals: int | None = None) -> str:
    """Say how sure a shown figure is, in a sentence.

    Args:
        row: A row with a figure.
        decimals: Decimals the measure asks for.
    """
    limits = range_text(
        row.lower,
        row.upper,
        row.unit,
        statistic=row.statistic,
        decimals=decimals_of(row, decimals),
    )
    if row.lower is None or row.upper is None:
        if row.method == "administrative":
            return "It was counted in full, so it has no range; counts can be wrong in other ways."
        if row.method == "published":
            return "Its publisher gives no range with it."
        return "Too few people were asked to work out how sure it is, so take it with great care."
    if row.method == "administrative":
        return (
            f"It was counted in full. By chance alone such a count could well lie {limits}; "
            f"counts can be wrong in other ways.{_care(row)}"
        )
    return f"The true figure is very likely {limits}.{_care(row)}"


def needs_care(row: Estimate) -> bool:
    """Whether a shown figure is not to be relied on alone: few answers, or a wide range."""
    is_shown = row.estimate is not None and row.status not in HIDDEN
    return is_shown and (row.status == "low_base" or row.reliability == _WORST)


def _care(row: Estimate) -> str:
    if row.status == "low_base":
        return " It rests on few answers: use it with care."
    return " That is a wide range: use it with care." if needs_care(row) else ""


def verdict_of(one: Comparison | None, unit: str, decimals: int = 0) -> Verdict | None:
    """Put a comparison into words; None where there is none.

    Args:
        one: A comparison of the release.
        unit: Unit of the two figures.
        decimals: Decimals of percentage points.
    """
    if one is None:
        return None
    statistic = "difference" if unit == "share" else ""
    size = ""
    places = decimals
    if one.lower is not None and one.upper is not None:
        places = 1 if unit == "share" and one.upper - one.lower < _WIDE else decimals
        size = range_text(
            one.lower, one.upper, unit, statistic=statistic, decimals=places, templates=_TABLE
        )
    elif one.difference is not None:
        places = max(decimals, 1) if unit == "share" else decimals
        size = figure(one.difference, unit, statistic=statistic, decimals=places, templates=_TABLE)
    return Verdict(
        code=one.verdict,
        word=verdict_word(one.verdict, counted=one.is_counted),
        size=size,
        is_counted=one.is_counted,
        extent=difference_words(one, unit, decimals=places),
        is_alone=is_one_sided(one),
    )


@lru_cache(maxsize=1 << 10)
def _markers(status: str, flags: str, care: bool) -> str:
    """Letters beside a figure: flags that the whole page tells of are left out.

    What needs care bears one letter whatever the reason, as it is drawn dashed whatever the reason.
    """
    own = (flag for flag in flags.split(";") if flag not in OF_THE_PAGE)
    return labels.markers("low_base" if care else status, ";".join(own))

"""The sentences of a language: what a figure is, how sure it is, how it stands to another.

Each is one message with named places. Where words would have to agree with a name, the name stands
after a colon or in brackets, and where the meaning differs there is another whole message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from social_evidence.model.comparison import Comparison
from social_evidence.model.estimate import HIDDEN, Estimate
from social_evidence.wording.language import Language, message
from social_evidence.wording.language_figures import (
    Unit,
    about,
    between,
    figure_words,
    limits,
    period_words,
)
from social_evidence.wording.phrases import NOTHING, Phrase
from social_evidence.wording.verdicts import is_one_sided

STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "protected": message("Too few people to say"),
        "not_asked": message("Not asked"),
        "not_available": message("Not available"),
        "not_applicable": message("Does not apply"),
    }
)
"""Why a cell has no figure, in a table."""
_REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "protected": message("This figure is hidden to protect the people it is about."),
        "not_asked": message("This was not asked here in this period."),
        "not_available": message("This figure is not available from its source."),
        "not_applicable": message("A figure here would have no meaning."),
    }
)
_NO_RANGE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "administrative": message("Counted in full"),
        "published": message("Its publisher gives no range"),
        "modelled": message("No range"),
        "survey": message("No range could be worked out"),
    }
)
_VERDICTS: Final[Mapping[tuple[str, bool], str]] = MappingProxyType(
    {
        ("higher", False): message("Higher"),
        ("lower", False): message("Lower"),
        ("no_clear_difference", False): message("Cannot tell"),
        ("cannot_say", False): message("Cannot say"),
        ("higher", True): message("Higher (counted)"),
        ("lower", True): message("Lower (counted)"),
        ("no_clear_difference", True): message("The same (counted)"),
        ("cannot_say", True): message("Cannot say"),
    }
)
_COMPARED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "higher": (
            message("Compared with {other}: clearly higher."),
            message(
                "Compared with {other}: clearly higher; the difference is very likely {range}."
            ),
        ),
        "lower": (
            message("Compared with {other}: clearly lower."),
            message("Compared with {other}: clearly lower; the difference is very likely {range}."),
        ),
        "no_clear_difference": (
            message("Compared with {other}: we cannot tell."),
            message("Compared with {other}: we cannot tell; the difference could be {range}."),
        ),
    }
)
_ALONE: Final = message(
    "Compared with {other}: we cannot tell; taken by itself the difference could be {range}, but "
    "that may be chance."
)
"""Where the range of one comparison leaves out none, and its family's verdict does not follow."""
_COUNTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "higher": message("Compared with {other}: higher by {size}, counted in full."),
        "lower": message("Compared with {other}: lower by {size}, counted in full."),
    }
)
_FOUND: Final[Mapping[tuple[str, bool], str]] = MappingProxyType(
    {
        ("higher", False): message("Clearly higher than {other}: {names}."),
        ("lower", False): message("Clearly lower than {other}: {names}."),
        ("higher", True): message("Higher than {other}, counted in full: {names}."),
        ("lower", True): message("Lower than {other}, counted in full: {names}."),
    }
)
_WIDE: Final = 0.02
_WORST: Final = "D"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a headline is about, named in the language.

    group and reference: of a figure that is not everybody's; the reference of a gap.
    """

    title: Phrase
    place: Phrase
    group: Phrase = NOTHING
    reference: Phrase = NOTHING


def headline(language: Language, row: Estimate | None, unit: Unit, subject: Subject) -> Phrase:
    """Say the figure a measure is known by, in one sentence.

    Args:
        language: The language.
        row: The figure; None where there is none.
        unit: How it is read.
        subject: What it is about.
    """
    if row is None or row.estimate is None or row.status in HIDDEN:
        return language.say("{place}: there is no figure.", place=subject.place)
    said = {"place": subject.place, "period": period_words(language, row.period)}
    if row.statistic == "difference" and subject.reference:
        size = figure_words(language, abs(row.estimate), unit)
        groups = {"group": subject.group, "reference": subject.reference, "size": size}
        if row.estimate < 0:
            return language.say(
                "{place}, {period}: for the group “{group}” the rate is {size} above that for "
                "“{reference}”.",
                **said,
                **groups,
            )
        return language.say(
            "{place}, {period}: for the group “{group}” the rate is {size} below that for "
            "“{reference}”.",
            **said,
            **groups,
        )
    told = {**said, "title": subject.title, "value": figure_words(language, row.estimate, unit)}
    if subject.group:
        return language.say(
            "{title}: {value} (group “{group}”, {place}, {period}).", **told, group=subject.group
        )
    share = NOTHING
    if row.unit == "share" and not unit.is_points:
        share = about(language, row.estimate, row.lower, row.upper)
    if share:
        return language.say("{title}: {share}, {value} ({place}, {period}).", **told, share=share)
    return language.say("{title}: {value} ({place}, {period}).", **told)


def told_of_place(language: Language, row: Estimate | None, unit: Unit, place: Phrase) -> Phrase:
    """Say one figure of a place, where the title stands above it."""
    if row is None or row.estimate is None or row.status in HIDDEN:
        return language.say("{place}: there is no figure.", place=place)
    told = {
        "place": place,
        "period": period_words(language, row.period),
        "value": figure_words(language, row.estimate, unit),
    }
    share = NOTHING
    if row.unit == "share" and not unit.is_points:
        share = about(language, row.estimate, row.lower, row.upper)
    if share:
        return language.say("{place}, {period}: {share}, {value}.", **told, share=share)
    return language.say("{place}, {period}: {value}.", **told)


def certainty(language: Language, row: Estimate, unit: Unit) -> Phrase:
    """Say how sure a figure is, or why there is none, in one sentence."""
    if row.status in HIDDEN or row.estimate is None:
        reason = _REASONS.get(row.status)
        return language.say(reason or "Nobody who answered is in this group.")
    if row.lower is None or row.upper is None:
        if row.method == "administrative":
            return language.say(
                "It was counted in full, so it has no range; counts can be wrong in other ways."
            )
        if row.method == "published":
            return language.say("Its publisher gives no range with it.")
        return language.say(
            "Too few people were asked to work out how sure it is, so take it with great care."
        )
    told = between(language, row.lower, row.upper, unit)
    if row.method == "administrative":
        return language.say(
            "It was counted in full. By chance alone such a count could well lie {range}; counts "
            "can be wrong in other ways.",
            range=told,
        )
    return language.say("The true figure is very likely {range}.", range=told)


def caution(language: Language, row: Estimate) -> Phrase:
    """Say that a figure is to be used with care, where its release says so."""
    if row.status == "low_base":
        return language.say("This figure rests on few answers: use it with care.")
    if row.reliability == _WORST and row.estimate is not None:
        return language.say("The range is wide: use this figure with care.")
    return NOTHING


def in_table(language: Language, row: Estimate, unit: Unit) -> tuple[Phrase, Phrase]:
    """Write a figure and its range for a table; where there is none, why, and nothing."""
    if row.status in HIDDEN or row.estimate is None:
        reason = STATES.get(row.status)
        return language.say(reason or "No figure"), NOTHING
    value = figure_words(language, row.estimate, unit)
    if row.lower is None or row.upper is None:
        return value, language.say(_NO_RANGE.get(row.method, "No range"))
    return value, limits(language, row.lower, row.upper, unit)


def verdict_word(language: Language, one: Comparison | None) -> Phrase:
    """Say a verdict in a word or two; nothing where nobody has compared."""
    return NOTHING if one is None else language.say(_VERDICTS[one.verdict, one.is_counted])


def compared(language: Language, one: Comparison | None, unit: Unit, other: Phrase) -> Phrase:
    """Say how a figure stands to another, by the release's verdict.

    Args:
        language: The language.
        one: The comparison; None: nothing is said.
        unit: Unit of the two figures.
        other: What it is compared with: a place, a period.
    """
    if one is None:
        return NOTHING
    if one.status in HIDDEN or one.difference is None or one.verdict == "cannot_say":
        return language.say(
            "Compared with {other}: it cannot be said whether the figure differs.", other=other
        )
    read = _difference(one, unit)
    if one.is_counted:
        template = _COUNTED.get(one.verdict)
        if template is None:
            return language.say("Compared with {other}: the same, counted in full.", other=other)
        size = figure_words(language, abs(one.difference), read)
        return language.say(template, other=other, size=size)
    bare, ranged = _COMPARED[one.verdict]
    if one.lower is None or one.upper is None:
        return language.say(bare, other=other)
    # A gap is stored as the reference less the group, and its verdict is on the group.
    low, high = (-one.upper, -one.lower) if one.kind == "gap" else (one.lower, one.upper)
    said = _ALONE if is_one_sided(one) else ranged
    return language.say(said, other=other, range=between(language, low, high, read))


def found(
    language: Language,
    names: Mapping[tuple[str, bool], Sequence[Phrase]],
    other: Phrase,
    *,
    are_areas: bool,
) -> list[Phrase]:
    """Say which groups or boroughs differ from the whole, and for how many we cannot tell.

    Args:
        language: The language.
        names: (verdict, whether counted) -> names.
        other: What they are set against.
        are_areas: Boroughs, not groups.
    """
    said = [
        language.say(template, other=other, names=language.listed(names[key]))
        for key, template in _FOUND.items()
        if names.get(key)
    ]
    unclear = Decimal(len(names.get(("no_clear_difference", False), ())))
    if unclear and are_areas:
        said.append(
            language.count(
                "For {count} borough we cannot tell.",
                "For {count} boroughs we cannot tell.",
                unclear,
            )
        )
    elif unclear:
        said.append(
            language.count(
                "For {count} group we cannot tell.", "For {count} groups we cannot tell.", unclear
            )
        )
    return said


def _difference(one: Comparison, unit: Unit) -> Unit:
    """Choose how a difference is read: shares in points, with a decimal where it is narrow."""
    if unit.unit != "share":
        return Unit(unit.unit, "", unit.decimals)
    decimals = unit.decimals
    if one.lower is None or one.upper is None:
        decimals = max(decimals, 1)
    elif one.upper - one.lower < _WIDE:
        decimals = 1
    return Unit("share", "difference", decimals)

"""Figures, ranges and periods in a language: rounded where English rounds them, then written.

The number comes from `wording.numbers`, so that no language can show another figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from social_evidence.model.period import parse
from social_evidence.wording.language import Language
from social_evidence.wording.numbers import Templates, figure, range_text
from social_evidence.wording.phrases import NOTHING, Phrase
from social_evidence.wording.spoken import simple_fraction

_RAW: Final = Templates(
    decimal=".",
    thousands="",
    minus="-",
    percent="{}",
    less_than="<{}",
    more_than=">{}",
    points="{}",
    one_point="{}",
    points_between="{}|{}",
    between="{}|{}",
    per_1000="{}",
    pounds="{}{}",
    people="{}",
    one_person="{}",
    none="",
)
_AGES: Final = re.compile(r"(\d+) to (\d+)|(\d+) and over|Under (\d+)")


@dataclass(frozen=True, slots=True)
class Unit:
    """What a figure counts in, and with how many decimals it is read."""

    unit: str
    statistic: str = ""
    decimals: int = 0

    @property
    def is_points(self) -> bool:
        """Whether it is a difference of shares."""
        return self.unit == "share" and self.statistic == "difference"


def figure_words(
    language: Language, value: float | None, unit: Unit, *, bare: bool = False
) -> Phrase:
    """Write a stored estimate in its unit.

    Args:
        language: The language.
        value: As stored; None is no figure.
        unit: Its unit.
        bare: Without the words that follow a number, as beside a mark of a chart.
    """
    if value is None:
        return language.say("No figure")
    raw = figure(value, unit.unit, statistic=unit.statistic, decimals=unit.decimals, templates=_RAW)
    number = Decimal(raw.lstrip("<>"))
    written = _bare(language, number, unit) if bare else _in_unit(language, number, unit)
    if raw.startswith("<"):
        return language.say("less than {value}", value=written)
    if raw.startswith(">"):
        return language.say("more than {value}", value=written)
    return written


def between(language: Language, lower: float, upper: float, unit: Unit) -> Phrase:
    """Write stored limits as they stand in a sentence: `between 52% and 60%`."""
    first, last = _ends(lower, upper, unit)
    if unit.is_points:
        return language.count(
            "between {first} and {count} percentage point",
            "between {first} and {count} percentage points",
            last,
            first=language.number(first),
        )
    if unit.unit == "people":
        return language.count(
            "between {first} and {count} person",
            "between {first} and {count} people",
            last,
            first=language.number(first),
        )
    told = language.say(
        "between {first} and {last}",
        first=_bare(language, first, unit),
        last=_bare(language, last, unit),
    )
    return _rated(language, told, unit)


def limits(language: Language, lower: float, upper: float, unit: Unit) -> Phrase:
    """Write stored limits as they stand in a table: `52% to 60%`."""
    first, last = _ends(lower, upper, unit)
    return language.say(
        "{first} to {last}",
        first=_bare(language, first, unit),
        last=_bare(language, last, unit),
    )


def about(
    language: Language, value: float, lower: float | None = None, upper: float | None = None
) -> Phrase:
    """Say a share as people say it, `about 6 in 10`; nothing where no simple fraction is near.

    Args:
        language: The language.
        value: A stored share.
        lower: Its stored lower limit, which the words must not leave; None where it has none.
        upper: Its stored upper limit.
    """
    found = simple_fraction(value, lower, upper)
    if found is None:
        return NOTHING
    part, whole = found
    if whole == 2:
        return language.say("about half")
    return language.say(
        "about {part} in {whole}",
        part=language.number(Decimal(part)),
        whole=language.number(Decimal(whole)),
    )


def period_words(language: Language, label: str) -> Phrase:
    """Write a period in few words, as it stands in a table and in a sentence.

    Args:
        language: The language.
        label: A label of the estimates contract.
    """
    period = parse(label)
    if label[:2] in {"fy", "ay"}:
        years = [_split(language, year) for year in (period.start.year, period.end.year - 1)]
        return _span(language, years[0], years[1])
    if label.startswith("y"):
        return language.say(
            "{twelve} months to {month}",
            twelve=language.number(Decimal(12)),
            month=language.formats.month(period.end, alone=False),
        )
    return _plain_period(language, label, period.start, period.end)


def _plain_period(language: Language, label: str, start: date, end: date) -> Phrase:
    """Write a day, a month, a quarter, a year or a run of years."""
    if start == end:
        return Phrase((language.formats.day(start),))
    if len(label) == len("2016-09"):
        return Phrase((language.formats.month(start, alone=True),))
    if "Q" in label:
        return language.say(
            "{first_month} to {last_month}",
            first_month=language.formats.month(start, alone=True),
            last_month=language.formats.month(end, alone=True),
        )
    return _span(language, _year(language, start.year), _year(language, end.year))


def _span(language: Language, first: Phrase, last: Phrase) -> Phrase:
    return first if first == last else language.say("{first} to {last}", first=first, last=last)


def group_words(language: Language, name: str) -> Phrase:
    """Name a group; ages are written by rule, so that a file need not list every band."""
    found = _AGES.fullmatch(name)
    if found is None or language.has(name, "group"):
        return language.label("group", name)
    first, last, over, under = found.groups()
    if first:
        return language.say(
            "aged {first} to {last}", first=_age(language, first), last=_age(language, last)
        )
    if over:
        return language.say("aged {first} and over", first=_age(language, over))
    return language.say("aged under {first}", first=_age(language, under))


def _age(language: Language, digits: str) -> Phrase:
    return language.number(Decimal(digits))


def _ends(lower: float, upper: float, unit: Unit) -> tuple[Decimal, Decimal]:
    raw = range_text(
        lower,
        upper,
        unit.unit,
        statistic=unit.statistic,
        decimals=unit.decimals,
        templates=_RAW,
    )
    first, last = raw.split("|")
    return Decimal(first), Decimal(last)


def _in_unit(language: Language, value: Decimal, unit: Unit) -> Phrase:
    if unit.is_points:
        return language.count("{count} percentage point", "{count} percentage points", value)
    if unit.unit == "people":
        return language.count("{count} person", "{count} people", value)
    return _rated(language, _bare(language, value, unit), unit)


def _bare(language: Language, value: Decimal, unit: Unit) -> Phrase:
    """Write a number without the words that follow it."""
    if unit.unit == "share" and not unit.is_points:
        return language.digits(language.formats.percent(value))
    if unit.unit == "pounds":
        return language.digits(language.formats.pounds(value))
    return language.number(value)


def _rated(language: Language, told: Phrase, unit: Unit) -> Phrase:
    if unit.unit != "per_1000":
        return told
    return language.say(
        "{value} per {thousand}", value=told, thousand=language.number(Decimal(1000))
    )


def _year(language: Language, year: int) -> Phrase:
    return language.digits(language.formats.digits(str(year)))


def _split(language: Language, first: int) -> Phrase:
    return language.digits(language.formats.digits(f"{first}/{(first + 1) % 100:02d}"))

"""Charts in a language: every word on them is translated, or there is no chart but its table.

A drawing runs from left to right in every language: time and numbers grow to the right. The words
on it keep their own order.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from social_evidence.charts.dots import dot_plot
from social_evidence.charts.figure import key_list, sign_list
from social_evidence.charts.lines import line_chart
from social_evidence.charts.points import Chart, Lines, Point, Reference, Rows, Run, SeriesBreak
from social_evidence.charts.scales import Axis
from social_evidence.charts.words import ENGLISH as ENGLISH_WORDS
from social_evidence.charts.words import ChartWords
from social_evidence.model.estimate import Estimate
from social_evidence.site.drawings import markup
from social_evidence.site.language_model import Block, Line, Table
from social_evidence.site.points import middle
from social_evidence.wording.language import ENGLISH, Language
from social_evidence.wording.phrases import Phrase, apart

_FEWEST: Final = 2
NEEDED: Final = (
    *("dots", "lines", "name", "anchor", "break_name", "highest", "lowest", "first_last"),
    *("only_one", "broken", "hidden", "starts", "cut", "list_join", "key_plain", "key_clear"),
    *("key_unclear", "key_care", "key_modelled", "key_counted", "key_bare", "key_hidden"),
    *("key_reference", "key_reference_line", "key_higher", "key_lower", "key_cannot_tell"),
    *("key_cannot_say", "key_band", "key_past", "key_care_dot"),
)
"""The words of charts that pages in a language draw; a language without one draws none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A chart for a page: drawing and key, notes in words, its description.

    more: what the drawing itself asks to be said, such as where its scale begins.
    """

    svg: Markup
    key: Markup
    notes: tuple[Phrase, ...]
    description: Markup
    more: Markup


def chart_words(language: Language) -> ChartWords | None:
    """Give the words of charts in a language; None where any is missing."""
    said = {
        name: language.messages.get(("chart", str(getattr(ENGLISH_WORDS, name)))) for name in NEEDED
    }
    if language.code == ENGLISH:
        return ENGLISH_WORDS
    if not all(said.values()):
        return None
    return replace(ENGLISH_WORDS, **{name: forms[-1] for name, forms in said.items() if forms})


def trend(language: Language, table: Table, subject: Phrase) -> Drawn | None:
    """Draw a place over time, a run a series.

    Args:
        language: The language.
        table: Its figures, a block a series, the measure's own last.
        subject: What the chart is of.

    Returns:
        The chart; None where there are too few figures, or a word of it is missing.
    """
    words = chart_words(language)
    shown = [
        line for block in table.blocks for line in block.lines if line.row.estimate is not None
    ]
    if words is None or len(shown) < _FEWEST or _is_english(subject):
        return None
    last = table.blocks[-1]
    runs = tuple(_run(language, block, is_last=block is last) for block in table.blocks)
    drawn = line_chart(
        Lines(
            subject=apart(subject, language.direction),
            axis=axis_of(language, shown[-1].row),
            runs=runs,
            breaks=tuple(_breaks(language, table.blocks)),
        ),
        words,
    )
    band = language.say(
        "The band is the likely range ({level} interval).",
        level=language.digits(language.formats.percent(Decimal(95))),
    )
    return _drawn(drawn, words, (unit_words(language, shown[-1].row), band), "")


def groups(
    language: Language, table: Table, subject: Phrase, everybody: Line | None, place: Phrase
) -> Drawn | None:
    """Draw groups below each other around everybody's figure; None as for `trend`."""
    words = chart_words(language)
    lines = [(block, line) for block in table.blocks for line in block.lines]
    shown = [line for _, line in lines if line.row.estimate is not None]
    names = [name for block, line in lines for name in (block.heading, line.label)]
    if words is None or len(shown) < _FEWEST or any(map(_is_english, (*names, subject, place))):
        return None
    name = apart(place, language.direction)
    points = tuple(
        replace(
            _point(language, line),
            section=apart(block.heading, language.direction),
            verdict=line.comparison.verdict if line.comparison else "cannot_say",
        )
        for block, line in lines
    )
    rows = Rows(
        subject=apart(subject, language.direction),
        axis=axis_of(language, shown[0].row),
        points=points,
        reference=_reference(language, everybody, name),
    )
    bar = language.say(
        "The bar is the likely range ({level} interval); the dot is the best estimate.",
        level=language.digits(language.formats.percent(Decimal(95))),
    )
    return _drawn(dot_plot(rows, words), words, (unit_words(language, shown[0].row), bar), name)


def axis_of(language: Language, row: Estimate) -> Axis:
    """Choose the axis of a figure's unit, with the language's digits and marks."""
    sample = language.formats.number(Decimal("1234567.5"))
    marks = [letter for letter in sample if not letter.isdigit()]
    axis = Axis(
        decimal=marks[-1],
        thousands=marks[0],
        digits=language.formats.digits("0123456789"),
    )
    if row.unit == "share" and row.statistic == "difference":
        return replace(axis, factor=100.0, signed=True)
    if row.unit == "share":
        return replace(axis, factor=100.0, after="%", top=1.0)
    return replace(axis, before="£") if row.unit == "pounds" else axis


def unit_words(language: Language, row: Estimate) -> Phrase:
    """Say what a chart counts in."""
    if row.unit == "share" and row.statistic == "difference":
        return language.say("Percentage points behind the reference group.")
    if row.unit == "per_1000":
        return language.say("Per {thousand}.", thousand=language.number(Decimal(1000)))
    said = {
        "share": language.say("Per cent."),
        "score": language.say("Average."),
        "pounds": language.say("Pounds."),
        "people": language.say("People."),
    }
    return said.get(row.unit) or language.say("Number.")


def _drawn(chart: Chart, words: ChartWords, notes: tuple[Phrase, ...], reference: str) -> Drawn:
    return Drawn(
        svg=markup(chart.svg),
        key=markup(key_list(chart.key, words, reference=reference) + sign_list(chart.svg, words)),
        notes=tuple(filter(None, notes)),
        more=Markup(" ").join(chart.notes),
        description=Markup(" ").join(chart.description),
    )


def _run(language: Language, block: Block, *, is_last: bool) -> Run:
    name = language.say("This series") if is_last else language.say("Earlier series")
    return Run(
        name=apart(name, language.direction),
        points=tuple(_point(language, line) for line in block.lines),
        times=tuple(middle(line.row.period_start, line.row.period_end) for line in block.lines),
        role="now" if is_last else "past",
    )


def _point(language: Language, line: Line) -> Point:
    row = line.row
    is_shown = row.estimate is not None and not line.is_hidden
    told = line.drawn
    if is_shown and row.lower is not None:
        told = language.say("{value} ({range})", value=line.drawn, range=line.range)
    words = apart(told, language.direction)
    return Point(
        label=apart(line.label, language.direction),
        estimate=row.estimate,
        lower=row.lower,
        upper=row.upper,
        status=row.status,
        reliability=row.reliability,
        method=row.method,
        value=words if is_shown else "",
        word=apart(line.verdict, language.direction) if is_shown else words,
    )


def _reference(language: Language, everybody: Line | None, name: str) -> Reference | None:
    if everybody is None or everybody.row.estimate is None:
        return None
    row = everybody.row
    return Reference(
        label=name,
        estimate=everybody.row.estimate,
        lower=row.lower,
        upper=row.upper,
        value=apart(everybody.drawn, language.direction),
    )


def _breaks(language: Language, blocks: Sequence[Block]) -> list[SeriesBreak]:
    found = []
    for before, after in itertools.pairwise(blocks):
        ends, begins = before.lines[-1].row, after.lines[0].row
        time = middle(ends.period_start, ends.period_end)
        time += middle(begins.period_start, begins.period_end)
        is_same = ends.source == begins.source
        what = language.say("New series") if is_same else language.say("New source")
        since = language.say("from {period}", period=after.lines[0].label)
        found.append(
            SeriesBreak(
                time=time / 2,
                what=apart(what, language.direction),
                since=apart(since, language.direction),
            )
        )
    return found


def _is_english(phrase: Phrase) -> bool:
    """Whether any of a phrase's words are marked as English, which a drawing cannot mark."""
    return bool(phrase.language) or any(
        isinstance(part, Phrase) and _is_english(part) for part in phrase.parts
    )

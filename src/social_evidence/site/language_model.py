"""What a page in a language says, as frozen data: the same rows as the English page, told anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from social_evidence.model.comparison import Comparison
from social_evidence.model.estimate import HIDDEN, Estimate
from social_evidence.model.measure import Measure
from social_evidence.site.addresses import area_path, measure_path
from social_evidence.site.choices import Choices
from social_evidence.site.content import Place
from social_evidence.site.figures import decimals_of
from social_evidence.site.measure_model import Block as EnglishBlock
from social_evidence.site.measure_model import MeasureModel
from social_evidence.wording.language import Language
from social_evidence.wording.language_figures import Unit, figure_words, group_words, period_words
from social_evidence.wording.language_sentences import (
    Subject,
    caution,
    certainty,
    compared,
    found,
    headline,
    in_table,
    verdict_word,
)
from social_evidence.wording.phrases import NOTHING, Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a table: label, figure, range, people asked, how it stands to the whole.

    drawn: the figure as a chart has it, where the unit is said once. href: its permanent address,
    in English. path: the page its label leads to.
    """

    row: Estimate
    label: Phrase
    value: Phrase
    range: Phrase
    drawn: Phrase = NOTHING
    base: Phrase = NOTHING
    verdict: Phrase = NOTHING
    comparison: Comparison | None = None
    href: str = ""
    path: str = ""

    @property
    def is_hidden(self) -> bool:
        """Whether no figure may be shown."""
        return self.row.status in HIDDEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines under one heading."""

    heading: Phrase
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Blocks under one caption. against: head of the column of verdicts, where there is one."""

    caption: Phrase
    first: Phrase
    blocks: tuple[Block, ...]
    against: Phrase = NOTHING

    @property
    def is_compared(self) -> bool:
        """Whether any line has a verdict."""
        return any(line.verdict for block in self.blocks for line in block.lines)

    @property
    def is_asked(self) -> bool:
        """Whether any line tells how many people were asked."""
        return any(line.base for block in self.blocks for line in block.lines)


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells rows of a release in one language, for one page of its own."""

    language: Language
    choices: Choices
    page: str

    def place(self, place: Place) -> Phrase:
        """Name an area: official names stand in English where the language has no other."""
        return self.language.label("place", place.name)

    @property
    def city(self) -> Phrase:
        """Name the city."""
        return self.place(self.choices.site.city)

    def title(self, measure: Measure, part: str = "") -> Phrase:
        """Name a measure, or the part of it that a page is about."""
        shown = part or (measure.headline.part if measure.parts else "")
        if not shown:
            return self.language.label("measure", measure.title)
        name = self.choices.site.names.parts.get((measure.id, shown), measure.title)
        return self.language.label("part", name)

    def unit(self, row: Estimate) -> Unit:
        """Say how a row is read."""
        stated = self.choices.site.catalogue.measures[row.measure].decimals
        return Unit(row.unit, row.statistic, decimals_of(row, stated))

    def group(self, breakdown: str, group: str) -> Phrase:
        """Name a group; nothing for everybody."""
        name = self.choices.site.names.groups.get((breakdown, group), group)
        return NOTHING if breakdown == "all" else group_words(self.language, name)

    def subject(self, row: Estimate | None, title: Phrase, place: Phrase) -> Subject:
        """Name what a headline is about."""
        if row is None:
            return Subject(title=title, place=place)
        known = self.choices.site.catalogue.breakdowns.get(row.breakdown)
        is_gap = row.statistic == "difference" and known is not None
        return Subject(
            title=title,
            place=place,
            group=self.group(row.breakdown, row.group),
            reference=self.group(row.breakdown, known.reference) if is_gap and known else NOTHING,
        )

    def line(
        self, row: Estimate, label: Phrase, one: Comparison | None = None, *, path: str = ""
    ) -> Line:
        """Tell a row for a table."""
        unit = self.unit(row)
        value, limits = in_table(self.language, row, unit)
        is_shown = row.status not in HIDDEN and row.estimate is not None
        base = NOTHING
        if is_shown and row.base is not None:
            base = self.language.number(Decimal(row.base))
        return Line(
            row=row,
            label=label,
            value=value,
            range=limits,
            drawn=figure_words(self.language, row.estimate, unit, bare=True) if is_shown else value,
            base=base,
            verdict=verdict_word(self.language, one) if is_shown else NOTHING,
            comparison=one if is_shown else None,
            href=self.choices.addresses.href(row, self.page),
            path=path,
        )

    def verdict(self, one: Comparison | None, row: Estimate, other: Phrase) -> Phrase:
        """Say how a row stands to another."""
        measure = self.choices.site.catalogue.measures[row.measure]
        return compared(self.language, one, Unit(row.unit, "", measure.decimals or 0), other)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurePage:
    """What a measure's page says in a language.

    facts: how the headline stands to other places and to earlier periods. is_other: of each table
    of boroughs, whether its survey asks another question.
    """

    measure: Measure
    title: Phrase
    domain: Phrase
    lede: Phrase
    sure: Phrase
    care: Phrase
    facts: tuple[Phrase, ...]
    trend: Table | None
    groups: tuple[GroupTable, ...]
    boroughs: tuple[BoroughTable, ...]
    parts: Table | None
    is_survey: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTable:
    """Groups at one period of one series. finding: the release's verdicts, summed up."""

    table: Table
    finding: tuple[Phrase, ...]
    everybody: Line | None
    place: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class BoroughTable:
    """Boroughs side by side. is_other: their survey asks another question than the measure."""

    table: Table
    finding: tuple[Phrase, ...]
    is_other: bool


def measure_page(teller: Teller, model: MeasureModel) -> MeasurePage:
    """Tell a measure's page in a language.

    Args:
        teller: Tells rows in the language.
        model: The same page in English: its rows are told, no other.
    """
    say = teller.language.say
    measure = model.measure
    row = model.headline.row if model.headline else None
    unit = teller.unit(row) if row else Unit(measure.unit)
    title = teller.title(measure)
    domain = teller.language.label("domain", model.domain)
    return MeasurePage(
        measure=measure,
        title=teller.language.label("measure", measure.title),
        domain=domain,
        lede=headline(teller.language, row, unit, teller.subject(row, title, teller.city)),
        sure=certainty(teller.language, row, unit) if row else NOTHING,
        care=caution(teller.language, row) if row else NOTHING,
        facts=tuple(_facts(teller, row)) if row else (),
        trend=_trend(teller, model, title),
        groups=tuple(_groups(teller, model, title)),
        boroughs=tuple(_boroughs(teller, model, title)),
        parts=Table(
            caption=say("{title}: {place}", title=title, place=teller.city),
            first=say("Part"),
            blocks=(
                Block(
                    heading=NOTHING,
                    lines=tuple(
                        teller.line(one.told.row, teller.language.label("part", one.label))
                        for one in model.parts
                    ),
                ),
            ),
        )
        if model.parts
        else None,
        is_survey=row is not None and row.method == "survey",
    )


def _facts(teller: Teller, row: Estimate) -> Iterable[Phrase]:
    """Set the headline beside the rest of the country and the earlier periods."""
    figures = teller.choices.site.figures
    for place in teller.choices.site.places:
        one = figures.against_comparator(row, place.code)
        if one is not None and one.verdict != "cannot_say":
            yield teller.verdict(one, row, teller.place(place))
    for change in figures.changes_of(row):
        if change.verdict != "cannot_say":
            since = period_words(teller.language, change.period_from)
            yield teller.verdict(change, row, since)


def _trend(teller: Teller, model: MeasureModel, title: Phrase) -> Table | None:
    if not model.trend:
        return None
    say = teller.language.say
    return Table(
        caption=say("{title}: {place}, over time", title=title, place=teller.city),
        first=say("Period"),
        blocks=tuple(
            Block(
                heading=teller.language.label("series", block.heading),
                lines=tuple(
                    teller.line(line.told.row, period_words(teller.language, line.told.row.period))
                    for line in block.lines
                ),
            )
            for block in model.trend
        ),
    )


def _groups(teller: Teller, model: MeasureModel, title: Phrase) -> Iterable[GroupTable]:
    say = teller.language.say
    for shown in model.groups:
        blocks = tuple(_group_block(teller, block) for block in shown.blocks)
        row = shown.blocks[0].lines[0].told.row
        other = say("the reference group") if shown.is_gap else teller.city
        caption = say(
            "{title}: {place}, by group, {period}",
            title=title,
            place=teller.city,
            period=period_words(teller.language, row.period),
        )
        everybody = shown.everybody
        yield GroupTable(
            table=Table(
                caption=caption,
                first=say("Group"),
                blocks=blocks,
                against=say("Against {other}", other=other),
            ),
            finding=_finding(teller, blocks, other, are_areas=False),
            everybody=teller.line(everybody.row, teller.city) if everybody else None,
            place=other,
        )


def _group_block(teller: Teller, block: EnglishBlock) -> Block:
    site = teller.choices.site
    lines = []
    for line in block.lines:
        row = line.told.row
        known = site.catalogue.breakdowns.get(row.breakdown)
        one = (
            site.figures.against_reference(row, known.reference if known else "")
            if row.statistic == "difference"
            else site.figures.against_everybody(row)
        )
        lines.append(teller.line(row, teller.group(row.breakdown, row.group), one))
    return Block(heading=teller.language.label("breakdown", block.heading), lines=tuple(lines))


def _boroughs(teller: Teller, model: MeasureModel, title: Phrase) -> Iterable[BoroughTable]:
    site, say = teller.choices.site, teller.language.say
    for shown in model.boroughs:
        lines = tuple(
            teller.line(
                line.told.row,
                teller.language.label("place", line.label),
                site.figures.against_city(line.told.row, site.city.code),
                path=f"{teller.language.code}/{area_path(line.label)}",
            )
            for line in shown.block.lines
        )
        blocks = (Block(heading=NOTHING, lines=lines),)
        period = period_words(teller.language, lines[0].row.period)
        yield BoroughTable(
            table=Table(
                caption=say("{title}: by borough, {period}", title=title, period=period),
                first=say("Borough"),
                blocks=blocks,
                against=say("Against {other}", other=teller.city),
            ),
            finding=_finding(teller, blocks, teller.city, are_areas=True),
            is_other=shown.is_other,
        )


def _finding(
    teller: Teller, blocks: Sequence[Block], other: Phrase, *, are_areas: bool
) -> tuple[Phrase, ...]:
    names: dict[tuple[str, bool], list[Phrase]] = {}
    for block in blocks:
        for line in block.lines:
            if line.comparison is not None:
                key = (line.comparison.verdict, line.comparison.is_counted)
                names.setdefault(key, []).append(line.label)
    read: Mapping[tuple[str, bool], Sequence[Phrase]] = names
    return tuple(found(teller.language, read, other, are_areas=are_areas))


def language_path(language: Language, measure: Measure) -> str:
    """Address of a measure's page in a language."""
    return f"{language.code}/{measure_path(measure.id)}"

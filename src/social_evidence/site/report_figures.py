"""Figures of a report: chart, caption, finding, description and table, all from a release."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from social_evidence.charts.dots import dot_plot
from social_evidence.charts.points import Rows
from social_evidence.site import drawings
from social_evidence.site.addresses import measure_path, relative
from social_evidence.site.drawn import Drawing
from social_evidence.site.headline import part_title
from social_evidence.site.measure_model import Block, GroupFigure, Line, MeasureModel
from social_evidence.site.measure_page import measure_model, of_breakdowns
from social_evidence.site.points import point
from social_evidence.site.render import environment
from social_evidence.site.report_markup import Filled
from social_evidence.site.report_values import MissingFigure, ReportReader, UnfitForm
from social_evidence.site.select import is_shown
from social_evidence.site.shades import shades_of
from social_evidence.wording.periods import period_words
from social_evidence.wording.references import BOROUGHS, PARTS, PERIODS, Reference, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One chart of a figure with its table.

    Attributes:
        finding: What the release's verdicts say of it; empty where nothing was compared.
        drawing: The chart; none where there is too little to draw.
        caption: Of the table.
        blocks: Rows of the table.
        first: What its first column holds.
        against: What rows are set against.
        note: What must be known to read it.
    """

    finding: str = ""
    drawing: Drawing
    caption: str
    blocks: tuple[Block, ...]
    first: str
    against: str = ""
    note: str = ""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Rows of the table."""
        return tuple(line for block in self.blocks for line in block.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFigure:
    """One figure of a report: a panel, or several where years or sources differ.

    measures: title and page of what is shown.
    """

    panels: tuple[Panel, ...]
    measures: tuple[tuple[str, str], ...]

    @property
    def finding(self) -> str:
        """What the release's verdicts say, panel by panel."""
        return " ".join(filter(None, (panel.finding for panel in self.panels)))

    @property
    def is_shown(self) -> bool:
        """Whether any figure is shown."""
        return any(line.told.is_shown for panel in self.panels for line in panel.lines)


def block(read: ReportReader, reference: Reference, number: int) -> Filled:
    """Write a figure or a table of a report.

    Args:
        read: The report and its release.
        reference: What is asked for.
        number: Of the figure, counted from 1; not used for a table.

    Raises:
        DefinitionError: There is nothing to show and nobody has said what to write instead.
    """
    try:
        made = _shown(read, reference)
    except MissingFigure as missing:
        words = read.missing(reference, str(missing))
        return Filled(Markup('<p class="text">{}</p>\n').format(words.html), words.text, True)
    except UnfitForm as unfit:
        read.refuse(reference, str(unfit))
    is_chart = reference.form == "chart"
    template = environment().get_template("report_figure.html")
    html = template.render(
        figure=made,
        has_chart=is_chart,
        title=f"Figure {number}. {reference.title}".rstrip(". ") if is_chart else reference.title,
        id=f"figure-{number}" if is_chart else "",
        to=lambda path: relative(read.page, path),
    )
    return Filled(Markup(html), reference.title, True)  # noqa: S704 - the template escapes


def finding(read: ReportReader, reference: Reference) -> Filled:
    """Write which groups or boroughs differ, in sentences."""
    try:
        words = _said(read, reference)
    except MissingFigure as missing:
        return read.missing(reference, str(missing))
    except UnfitForm as unfit:
        read.refuse(reference, str(unfit))
    return Filled(Markup("{}").format(words), words)


def _shown(read: ReportReader, reference: Reference) -> ReportFigure:
    made = figure_of(read, reference)
    if not made.is_shown:
        raise MissingFigure("no figure in this release can be shown")
    return made


def _said(read: ReportReader, reference: Reference) -> str:
    words = figure_of(read, reference).finding
    if not words:
        raise MissingFigure("nothing was compared")
    return words


def figure_of(read: ReportReader, reference: Reference) -> ReportFigure:
    """Read one figure from the release.

    Raises:
        MissingFigure: The release has none of its measures.
        UnfitForm: Its measures do not go together in one figure.
    """
    one = reference.subjects[0]
    if len(reference.subjects) > 1 or one.by == (PARTS,):
        return _side_by_side(read, reference)
    if one.measure not in {measure.id for measure in read.choices.measures}:
        raise MissingFigure("no figure in this release")
    model = measure_model(read.choices, read.measure(one), one.part, page=read.page)
    if one.by == (PERIODS,):
        return _over_time(read, model)
    if one.by == (BOROUGHS,):
        return _across_boroughs(read, one, model)
    return _by_groups(read, one, model)


def _links(read: ReportReader, subjects: Iterable[Subject]) -> tuple[tuple[str, str], ...]:
    there = {measure.id for measure in read.choices.measures}
    return tuple(
        (read.measure(one).title, measure_path(one.measure))
        for one in {one.measure: one for one in subjects}.values()
        if one.measure in there
    )


def _over_time(read: ReportReader, model: MeasureModel) -> ReportFigure:
    city = read.site.city.name
    panel = Panel(
        finding=model.trend_finding,
        drawing=drawings.trend(model, city, read.site.mark),
        caption=f"{model.caption}, {city}, over time",
        blocks=model.trend,
        first="Period",
    )
    link = (model.measure.title, measure_path(model.measure.id))
    return ReportFigure(panels=(panel,), measures=(link,))


def _across_boroughs(read: ReportReader, one: Subject, model: MeasureModel) -> ReportFigure:
    site = read.site
    shown = next((f for f in model.boroughs if not f.is_other and f.city), None)
    shown = shown or next(iter(model.boroughs), None)
    if shown is None:
        raise MissingFigure("no borough has a figure in this release")
    classes = shades_of(
        model.measure,
        read.choices.borough_values(model.measure, one.part, shown.series),
        is_other=shown.is_other,
    )
    # The map by squares comes first; the outlines are drawn for the first choice alone.
    drawing = drawings.boroughs(shown, model, site.city.name, site.mark, site.geography, classes)
    beside = f" {site.city.name}: {shown.city.label}." if shown.city else ""
    panel = Panel(
        finding=shown.finding,
        drawing=drawing,
        caption=f"{model.caption}, by borough, {shown.period}",
        blocks=(shown.block,),
        first="Borough",
        against=f"Against {site.city.name}",
        note=f"{shown.source}.{beside} {shown.note}".strip(),
    )
    return ReportFigure(panels=(panel,), measures=_links(read, [one]))


def _by_groups(read: ReportReader, one: Subject, model: MeasureModel) -> ReportFigure:
    site = read.site
    chosen = [
        kept for shown in model.groups if (kept := of_breakdowns(shown, one.by, site.city.name))
    ]
    if not chosen:
        raise MissingFigure("no group has a figure in this release")
    panels = tuple(_group_panel(read, shown, model.caption) for shown in chosen)
    return ReportFigure(panels=panels, measures=_links(read, [one]))


def _group_panel(read: ReportReader, shown: GroupFigure, caption: str) -> Panel:
    city = read.site.city.name
    everybody = f" {city} as a whole: {shown.everybody.label}." if shown.everybody else ""
    return Panel(
        finding=shown.finding,
        drawing=drawings.groups(shown, caption, city, read.site.mark),
        caption=f"{caption}, by group, {city}, {shown.period}",
        blocks=shown.blocks,
        first="Group",
        against="Against the reference group" if shown.is_gap else "Against everybody",
        note=f"{shown.source}.{everybody}",
    )


def _side_by_side(read: ReportReader, reference: Reference) -> ReportFigure:
    """Set the city's figures of several measures, or of the parts of one, one below another."""
    site = read.site
    blocks = tuple(made for one in reference.subjects if (made := _block_of(read, one)) is not None)
    drawn = [line.told for own in blocks for line in own.lines if line.told.is_shown]
    if not drawn:
        raise MissingFigure("no figure in this release")
    if len({(told.row.unit, told.row.statistic == "difference") for told in drawn}) > 1:
        raise UnfitForm("these measures count in different units, so they cannot share a figure.")
    subject = reference.title or f"{blocks[0].heading}, {site.city.name}"
    rows = Rows(
        subject=subject,
        axis=drawings.axis_of(drawn[0]),
        points=tuple(
            point(line.label, line.told, section=_short(own.heading) if len(blocks) > 1 else "")
            for own in blocks
            for line in own.lines
        ),
    )
    notes = (site.mark, drawings.unit_note(drawn[0]), "The bar is the likely range (95% interval).")
    panel = Panel(
        drawing=Drawing.of(dot_plot(rows), subject, notes=notes),
        caption=subject,
        blocks=blocks,
        first="Measure",
    )
    return ReportFigure(panels=(panel,), measures=_links(read, reference.subjects))


def _short(heading: str) -> str:
    """Leave the sources to the table: a heading in a chart has little room."""
    return heading.partition(" (")[0]


def _block_of(read: ReportReader, one: Subject) -> Block | None:
    """Give the lines of one measure: its parts, or its headline; None where nothing is shown."""
    measure = read.measure(one)
    parts = [part.id for part in measure.parts] if one.by == (PARTS,) else [one.part]
    lines, sources = [], set()
    for part in parts:
        row = read.choices.headline(measure, part)
        if row is not None and is_shown(row):
            label = part_title(read.site, measure, part) if part else measure.title
            span = period_words(row.period, short=True)
            lines.append(Line(label=f"{label}, {span}", told=read.told(row)))
            sources.add(f"{read.site.names.series.get((measure.id, row.series), row.series)}")
    if not lines:
        return None
    return Block(heading=f"{measure.title} ({', '.join(sorted(sources))})", lines=tuple(lines))

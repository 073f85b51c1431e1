"""Tables: one page a measure with a table for each breakdown, and a page to build one's own.

Without a script the second is the index of the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from social_evidence.model.address import slug
from social_evidence.model.measure import Measure
from social_evidence.site.addresses import measure_path
from social_evidence.site.assets import TABLES, assigned
from social_evidence.site.choices import Choices
from social_evidence.site.initiative_content import initiative_files
from social_evidence.site.measure_model import Block, Line, MeasureModel
from social_evidence.site.measure_page import measure_model
from social_evidence.site.render import Page, clean, day
from social_evidence.site.select import groups_tables, headline_cell
from social_evidence.site.table_columns import columns_file, columns_path
from social_evidence.site.table_initiatives import (
    initiative_tables,
    titled,
    told_success_measures,
)
from social_evidence.site.table_model import ReadyTable, TablesModel, tables_path
from social_evidence.wording import labels

PATH: Final = "tables/index.html"
CHOICES: Final = "static/table-choices.js"
WORDS: Final = {
    "measures": "Measures",
    "initiatives": "What initiatives are judged by",
    "areas": "Areas",
    "breakdown": "Groups of people by",
    "groups": "Groups",
    "periods": "Periods",
    "all_areas": "All boroughs",
    "none_groups": "With none chosen, all of them.",
    "none_periods": "With none chosen, the latest of each series.",
    "all_periods": "All periods",
    "everybody": "Everybody",
    "measure": "Measure",
    "part": "Part",
    "area": "Area",
    "group": "Group",
    "period": "Period",
    "series": "Series",
    "figure": "Figure",
    "range": "Likely range",
    "base": "People asked",
    "status": "State",
    "count": "{count} figures.",
    "cut": "{count} figures; the first {most} are shown, and the CSV file holds all of them.",
    "nothing": "No figure of this choice has been published. Choose other groups or periods.",
    "start": "Choose one measure or more.",
    "missing": "The figures of “{title}” could not be loaded.",
    "csv": "Save this table as CSV",
    "copy": "Copy the link to this table",
    "copied": "The link is copied.",
    "link": "Link to this table",
    "files": "Every figure of “{title}” as a file",
    "cite": "Cite this table",
    "table": "Your table",
}
"""What the script of the table builder says."""


def table_pages(choices: Choices) -> Iterable[Page]:
    """Make the index, which is the table builder where scripts run, and a page each measure."""
    models = [_model(choices, measure) for measure in choices.measures]
    of_initiatives = list(initiative_tables(choices))
    yield Page(
        path=PATH,
        template="tables.html",
        title="Tables",
        summary="Build a table of your own, or take one that is ready.",
        section="Tables",
        scripts=(CHOICES, TABLES),
        says={
            "domains": [
                (labels.named(domain, labels.DOMAINS), domain, own)
                for domain in labels.DOMAINS
                if (own := [one for one in models if one.domain == domain])
            ],
            "initiatives": of_initiatives,
        },
    )
    for model in (*models, *of_initiatives):
        yield Page(
            path=model.path,
            template="table.html",
            title=f"Tables: {model.title}",
            section="Tables",
            says={
                "model": model,
                "downloads": choices.site.downloads.get(model.files, ()),
                "subject": choices.site.subjects[model.id],
            },
        )


def table_files(choices: Choices) -> Iterable[tuple[str, str]]:
    """Write what the table builder reads: its choices, and the rows of each measure."""
    site = choices.site
    boroughs = {place.code for place in site.boroughs}
    release = site.manifest
    yield (
        CHOICES,
        assigned(
            "tables",
            {
                "title": clean(site.title),
                "version": release.version,
                "created": day(release.created),
                "notices": [clean(notice) for notice in site.notices],
                "public": site.is_public,
                "city": site.city.code,
                "measures": [
                    [
                        m.id,
                        clean(m.title),
                        labels.named(m.domain, labels.DOMAINS),
                        columns_path(m.id),
                    ]
                    for m in choices.measures
                ],
                "initiatives": [
                    [success.id, clean(titled(initiative, success)), "", columns_path(success.id)]
                    for initiative, success in told_success_measures(choices)
                ],
                "areas": [
                    [place.code, clean(place.name), place.code in boroughs] for place in site.places
                ],
                "words": WORDS,
            },
        ),
    )
    for measure in choices.measures:
        yield columns_file(choices, measure.id, tables_path(measure.id), measure.id)
    for initiative, success in told_success_measures(choices):
        yield columns_file(
            choices, success.id, tables_path(success.id), initiative_files(initiative.id)
        )


def _model(choices: Choices, measure: Measure) -> TablesModel:
    path = tables_path(measure.id)
    own = measure_model(choices, measure, page=path)
    parts = [(own.caption if measure.parts else "", tuple(_tables(choices, own)))]
    for part in measure.parts:
        if part.id != measure.headline.part:
            model = measure_model(choices, measure, part.id, page=path)
            parts.append((model.title, tuple(_tables(choices, model))))
    return TablesModel(
        id=measure.id,
        title=measure.title,
        domain=measure.domain,
        files=measure.id,
        path=path,
        parts=tuple((title, tables) for title, tables in parts if tables),
        own_path=measure_path(measure.id),
    )


def _tables(choices: Choices, model: MeasureModel) -> Iterable[ReadyTable]:
    city = choices.site.city.name
    start = slug(model.part)
    if model.trend:
        caption = f"{model.caption}, {city}, over time"
        yield _ready(f"{start}.time", "Over time", caption, "Period", model.trend)
    for figure in model.groups:
        for block in figure.blocks:
            yield ReadyTable(
                id=f"{start}.{slug(block.lines[0].told.row.breakdown)}",
                heading=block.heading,
                caption=f"{model.caption}, by group, {city}, {figure.period}: {block.heading} "
                f"({figure.source})",
                first="Group",
                blocks=(Block(heading="", lines=block.lines, note=block.note),),
                against="Against the reference group" if figure.is_gap else "Against everybody",
            )
    yield from _crossed(choices, model)
    for at, shown in enumerate(model.boroughs):
        yield ReadyTable(
            id=f"{start}.boroughs{at + 1 if at else ''}",
            heading="Boroughs" if not at else "Boroughs, another survey",
            caption=f"{model.caption}, {shown.period}: {shown.source}",
            first="Borough",
            blocks=(shown.block,),
            against=f"Against {city}",
        )
    if model.others:
        caption = f"{model.caption}, {city}: not to be set against the rest"
        yield _ready(f"{start}.others", "Other sources", caption, "Period", model.others)


def _crossed(choices: Choices, model: MeasureModel) -> Iterable[ReadyTable]:
    """Give the tables of groups of groups."""
    site = choices.site
    order = {pair: at for at, pair in enumerate(site.names.groups)}
    cell = headline_cell(model.measure, model.part)
    rows = site.figures.of_measure(model.measure.id, site.city.code)
    preference = choices.preference(model.measure)
    for table in groups_tables(rows, cell, preference, order, crossed=True):
        lines = [row for row in table.rows if row.status != "not_asked"]
        first = table.rows[0]
        series = site.names.series.get((model.measure.id, first.series), first.series)
        yield ReadyTable(
            id=f"{slug(model.part)}.{slug(table.breakdown)}",
            heading=site.names.breakdowns.get(table.breakdown, table.breakdown),
            caption=f"{model.caption}, by group, {site.city.name}, "
            f"{site.names.periods.get(first.period, first.period)}: "
            f"{site.names.breakdowns.get(table.breakdown, table.breakdown)} ({series})",
            first="Group",
            blocks=(
                Block(
                    heading="",
                    lines=tuple(
                        Line(
                            label=site.names.groups.get((row.breakdown, row.group), row.group),
                            told=choices.told(row, model.path),
                        )
                        for row in lines
                    ),
                ),
            ),
        )


def _ready(id_: str, heading: str, caption: str, first: str, blocks: Sequence[Block]) -> ReadyTable:
    return ReadyTable(id=id_, heading=heading, caption=caption, first=first, blocks=tuple(blocks))

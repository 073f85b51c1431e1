"""Small pages to set into other people's pages: one measure, or one borough on one measure.

Each is pinned to its release and says when there is a newer one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from social_evidence.charts.dots import dot_plot
from social_evidence.charts.points import Rows
from social_evidence.model.address import slug
from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Measure
from social_evidence.site import drawings
from social_evidence.site.addresses import area_path, measure_path
from social_evidence.site.choices import Choices
from social_evidence.site.content import Place
from social_evidence.site.drawn import Drawing
from social_evidence.site.figures import Told, verdict_of
from social_evidence.site.measure_model import Block, Line, MeasureModel
from social_evidence.site.measure_page import measure_model
from social_evidence.site.points import point
from social_evidence.site.render import Page
from social_evidence.wording.periods import period_words
from social_evidence.wording.spoken import when


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedModel:
    """What a small page says.

    Attributes:
        title: What is measured, and where.
        sentence: The figure with its range, in words.
        drawing: The chart; none where there is too little to draw.
        caption: Of the table.
        blocks: Rows of the table, a block a series.
        first: What its first column holds.
        source: Whose survey or count it is.
        path: The page that tells more.
    """

    title: str
    sentence: str
    drawing: Drawing
    caption: str
    blocks: tuple[Block, ...]
    first: str
    source: str
    path: str


def embed_path(measure: str, area: str = "") -> str:
    """Address of a small page: of a measure, or of one borough on it, by the borough's name."""
    return f"embed/{slug(measure)}/{slug(area) + '/' if area else ''}index.html"


def embed_pages(choices: Choices) -> Iterable[Page]:
    """Make the small page of every measure, and of every borough that has a figure of it."""
    for measure in choices.measures:
        path = embed_path(measure.id)
        model = measure_model(choices, measure, page=path)
        if model.headline is not None:
            yield _page(path, _of_city(choices, model))
        for place in choices.site.boroughs:
            row = choices.of_borough(measure, "", place)
            if row is not None and row.estimate is not None:
                path = embed_path(measure.id, place.name)
                yield _page(path, _of_borough(choices, measure, place, row, path))


def _page(path: str, model: EmbedModel) -> Page:
    return Page(
        path=path,
        template="embed.html",
        title=model.title,
        summary=model.sentence,
        has_charts=True,
        says={"model": model},
    )


def _of_city(choices: Choices, model: MeasureModel) -> EmbedModel:
    site = choices.site
    row = model.headline.row if model.headline else None
    series = row.series if row else ""
    return EmbedModel(
        title=model.title,
        sentence=f"{model.dated} {model.sure}",
        drawing=drawings.trend(model, site.city.name, site.mark, height=220.0),
        caption=f"{model.caption}, {site.city.name}",
        blocks=model.trend or (Block(heading="", lines=()),),
        first="Period",
        source=site.names.series.get((model.measure.id, series), series),
        path=measure_path(model.measure.id),
    )


def _of_borough(
    choices: Choices, measure: Measure, place: Place, row: Estimate, path: str
) -> EmbedModel:
    site = choices.site
    city = choices.city_beside(row)
    beside = choices.told(city, path) if city is not None and city.period == row.period else None
    told = choices.told(row, path)
    verdict = verdict_of(site.figures.against_city(row, site.city.code), row.unit)
    lines = [Line(label=place.name, told=told, verdict=verdict)]
    if beside is not None:
        lines.append(Line(label=site.city.name, told=beside))
    return EmbedModel(
        title=f"{measure.title}: {place.name}",
        sentence=_sentence(told, place, beside, site.city.name),
        drawing=_drawing(lines, measure, site.city.name, site.mark, row),
        caption=f"{measure.title}, {period_words(row.period)}",
        blocks=(Block(heading="", lines=tuple(lines)),),
        first="Place",
        source=site.names.series.get((measure.id, row.series), row.series),
        path=area_path(place.name),
    )


def _sentence(told: Told, place: Place, beside: Told | None, city: str) -> str:
    row = told.row
    limits = f" ({told.range[:1].lower()}{told.range[1:]})" if row.lower is None else ""
    said = f"{told.label}{limits} in {place.name} {when(row.period)}."
    return f"{said} {city}: {beside.label}." if beside else said


def _drawing(lines: list[Line], measure: Measure, city: str, mark: str, row: Estimate) -> Drawing:
    subject = f"{measure.title}, {lines[0].label}, {period_words(row.period, short=True)}"
    rows = Rows(
        subject=subject,
        axis=drawings.axis_of(lines[0].told),
        points=(point(lines[0].label, lines[0].told, lines[0].verdict),),
        reference=drawings.reference(lines[1].told, city) if len(lines) > 1 else None,
    )
    notes = (mark, drawings.unit_note(lines[0].told))
    return Drawing.of(dot_plot(rows), subject, notes=notes, reference=city)

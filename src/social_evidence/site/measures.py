"""Measure pages put together: the model, its charts and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterable

from social_evidence.charts.points import Shades
from social_evidence.site import drawings
from social_evidence.site.addresses import domain_path, measure_path
from social_evidence.site.choices import Choices
from social_evidence.site.content import Revision
from social_evidence.site.figures import Told
from social_evidence.site.measure_model import Block, BoroughFigure, MeasureModel
from social_evidence.site.measure_page import measure_model
from social_evidence.site.over_time import over_time_path, runs_of
from social_evidence.site.render import Page
from social_evidence.site.revisions import RevisionLine, revision_lines
from social_evidence.site.shades import shades_of
from social_evidence.site.spread import ranked_rows, spread_path
from social_evidence.wording import labels

SECTION = "Measures"


def measure_pages(choices: Choices) -> Iterable[Page]:
    """Make the page of every measure the release has rows of, and of each of its parts."""
    for measure in choices.measures:
        yield _page(choices, measure_model(choices, measure))
        for part in measure.parts:
            if part.id != measure.headline.part:
                yield _page(choices, measure_model(choices, measure, part.id))


def _page(choices: Choices, model: MeasureModel) -> Page:
    site = choices.site
    measure = model.measure
    told = model.headline
    part = model.part if model.parts and model.part != measure.headline.part else ""
    return Page(
        path=model.path,
        template="measure.html",
        has_charts=True,
        title=model.title,
        summary=" ".join(filter(None, (model.dated, model.sure))),
        section=SECTION,
        says={
            "model": model,
            "domain_path": domain_path(measure.domain),
            "main_path": measure_path(measure.id),
            "gap_blocks": [pair.block for pair in model.gap],
            "gap_chart": drawings.gaps(model, site.city.name, site.mark),
            "parts_block": Block(heading="", lines=model.parts),
            "quality": quality_words(told) if told else "",
            "basis": basis_words(told) if told else "",
            "is_survey": told is not None and told.row.method == "survey",
            "downloads": site.downloads.get(measure.id, ()),
            "spread": spread_path(measure.id, part) if ranked_rows(choices, measure, part) else "",
            "over_time": (
                over_time_path(measure.id, part) if runs_of(choices, measure, part) else ""
            ),
            "ruler": drawings.headline_ruler(model, site.city.name),
            "trend_chart": drawings.trend(model, site.city.name, site.mark),
            "group_charts": [
                drawings.groups(shown, model.caption, site.city.name, site.mark)
                for shown in model.groups
            ],
            "map_charts": [
                drawings.boroughs(
                    shown,
                    model,
                    site.city.name,
                    site.mark,
                    site.geography,
                    _classes(choices, model, shown),
                )
                for shown in model.boroughs
            ],
            "history_lines": _history(model),
        },
    )


def _classes(choices: Choices, model: MeasureModel, shown: BoroughFigure) -> Shades:
    """Choose the classes of a measure's maps, in per cent or in points."""
    values = choices.borough_values(model.measure, model.part, shown.series)
    return shades_of(model.measure, values, is_other=shown.is_other)


def _history(model: MeasureModel) -> tuple[RevisionLine, ...]:
    if model.history is None:
        return ()
    revisions: tuple[Revision, ...] = model.history.revisions
    return revision_lines(revisions, model.history.told.row, model.measure.decimals)


def quality_words(told: Told) -> str:
    """Say how good a figure is, from its published reliability and the width of its range."""
    row = told.row
    grade = labels.RELIABILITIES.get(row.reliability or "", "")
    if row.lower is None or row.upper is None:
        return f"{told.range}."
    if row.unit == "share":
        width = round((row.upper - row.lower) * 100, 1)
        wide = f"The range is {width:g} point{'' if width == 1 else 's'} wide."
        return f"{grade}. {wide}" if grade else wide
    return f"{grade}." if grade else f"The range is {told.range}."


def basis_words(told: Told) -> str:
    """Say what a figure's range rests on."""
    row = told.row
    if row.method == "administrative":
        return "A count in full"
    return labels.VARIANCE_BASES.get(row.variance_basis, "None")

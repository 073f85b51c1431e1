"""A page in plain sentences: what large print, plain text and Braille are made from.

One text, so that a number is the same in all of them. It says in words what a page shows in
drawings: figures with their ranges, verdicts as published, and why a figure is not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from social_evidence.site.addresses import area_path
from social_evidence.site.areas import AreaModel, area_model
from social_evidence.site.choices import Choices
from social_evidence.site.content import SiteInput
from social_evidence.site.figures import Told, Verdict
from social_evidence.site.measure_model import Block, Line, MeasureModel
from social_evidence.site.measure_page import measure_model
from social_evidence.site.render import clean, day
from social_evidence.site.standing import Standing

TEXT = "summary.txt"
LARGE = "large.html"
BRAILLE = "summary.brf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What stands under one heading: sentences, then items of a list."""

    heading: str
    sentences: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    level: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A page in plain sentences.

    page: the page it is of. marks: what every page must bear, such as that figures are made up.
    """

    page: str
    title: str
    marks: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def folder(self) -> str:
        """Where the page and its other forms stand."""
        return self.page.removesuffix("index.html")


def summaries(choices: Choices) -> Iterable[Summary]:
    """Write the summary of every measure, of its parts and of every borough."""
    for measure in choices.measures:
        yield measure_summary(choices, measure_model(choices, measure))
        for part in measure.parts:
            if part.id != measure.headline.part:
                yield measure_summary(choices, measure_model(choices, measure, part.id))
    for place in choices.site.boroughs:
        yield area_summary(choices, area_model(choices, place))


def measure_summary(choices: Choices, model: MeasureModel) -> Summary:
    """Write the summary of a measure.

    Args:
        choices: The release.
        model: What the measure's page says.
    """
    city = choices.site.city.name
    first = Part(heading="", sentences=tuple(_opening(model)))
    parts = [first, *_trend(model, city), *_groups(model, city), *_boroughs(model, city)]
    parts += [_method(model), _end(choices.site, model.path)]
    return Summary(
        page=model.path,
        title=model.title,
        marks=choices.site.notices,
        parts=tuple(parts),
    )


def _opening(model: MeasureModel) -> Iterable[str]:
    yield model.lede
    told = model.headline
    if told is None:
        return
    yield f"{_figure(told)} {model.at}."
    yield model.sure
    if told.row.base is not None:
        yield f"{told.row.base:,} people were asked."
    for fact in model.facts:
        yield f"{fact.term}: {_verdict(fact.verdict)}."


def _trend(model: MeasureModel, city: str) -> Iterable[Part]:
    if not model.trend:
        return
    said = [model.trend_finding] if model.trend_finding else []
    if len(model.trend) > 1:
        said.append("Figures of one series are not to be set against those of another.")
    yield Part(heading=f"{city} over time", sentences=tuple(said))
    yield from (_part(block.heading, block) for block in model.trend)


def _groups(model: MeasureModel, city: str) -> Iterable[Part]:
    for shown in model.groups:
        everybody = (f"{city} as a whole: {_figure(shown.everybody)}.",) if shown.everybody else ()
        said = (shown.finding,) if shown.finding else ()
        yield Part(
            heading=f"By group, {shown.period}",
            sentences=(*said, *everybody, f"Source: {shown.source}."),
        )
        yield from (_part(block.heading, block) for block in shown.blocks)


def _boroughs(model: MeasureModel, city: str) -> Iterable[Part]:
    for shown in model.boroughs:
        said = [shown.finding] if shown.finding else []
        if shown.is_other:
            said.insert(0, "This survey asks another question.")
        if shown.city:
            said.append(f"{city}: {_figure(shown.city)}.")
        yield Part(
            heading=f"By borough, {shown.period}",
            sentences=(*said, f"Source: {shown.source}."),
            items=tuple(map(_line, shown.block.lines)),
        )


def _method(model: MeasureModel) -> Part:
    said = [model.measure.rationale]
    for note in model.notes:
        question = f" The question: “{note.question}”" if note.question else ""
        said.append(f"{note.name}.{question} Source: {note.publisher}.")
    return Part(heading="How it is measured", sentences=tuple(said))


def _part(heading: str, block: Block) -> Part:
    return Part(heading=heading, items=tuple(map(_line, block.lines)), level=3)


def _line(line: Line) -> str:
    said = f"{line.label}: {_figure(line.told)}."
    if not line.verdict or not line.told.is_shown:
        return said
    return f"{said} {line.verdict.word}{', counted' if line.verdict.is_counted else ''}."


def _figure(told: Told) -> str:
    """Write a figure with its range, or why it has neither."""
    if not told.is_shown:
        return told.value
    if told.row.lower is None:
        return f"{told.value}, {told.range[:1].lower()}{told.range[1:]}"
    return told.label


def _verdict(verdict: Verdict) -> str:
    extent = f", {verdict.extent}" if verdict.extent else ""
    after = ", counted" if verdict.is_counted else ", taken by itself" if verdict.is_alone else ""
    return f"{verdict.word}{extent}{after}"


def area_summary(choices: Choices, model: AreaModel) -> Summary:
    """Write the summary of a borough's profile."""
    city = choices.site.city.name
    parts = [Part(heading="", sentences=(model.lede, model.counts))]
    for domain in model.domains:
        items = tuple(_standing(one, city) for one in domain.standings)
        parts.append(Part(heading=domain.name, items=items))
    if model.changes:
        items = tuple(f"{title}. {sentence}" for title, _, sentence in model.changes)
        parts.append(Part(heading="What changed", items=items))
    path = area_path(model.place.name)
    return Summary(
        page=path,
        title=model.place.name,
        marks=choices.site.notices,
        parts=(*parts, _end(choices.site, path)),
    )


def _standing(one: Standing, city: str) -> str:
    if one.told is None:
        return f"{one.title}: no figure."
    other_question = " (another question)" if one.note else ""
    said = f"{one.title}{other_question}, {one.period}: {_figure(one.told)}."
    if one.other:
        span = f", {one.other_period}" if one.other_period else ""
        said += f" {city}{span}: {_figure(one.other)}."
    if one.verdict and one.told.is_shown:
        said += f" Against {city}: {one.verdict.word.lower()}."
    return said


def _end(site: SiteInput, path: str) -> Part:
    told = [f"{site.title}, release {site.manifest.version} of {day(site.manifest.created)}."]
    if site.is_public:
        told.append(f"This page for good: /r/{site.manifest.version}/{path}")
    if site.geography:
        told += site.geography.attribution
    return Part(heading="Where this comes from", sentences=tuple(told))


def cleaned(texts: Sequence[str]) -> tuple[str, ...]:
    """Take out what pages never hold, and join what was broken over lines."""
    return tuple(" ".join(clean(text).split()) for text in texts)

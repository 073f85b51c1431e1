"""Ready-made tables of initiatives: each success measure over time, by group and by borough."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from social_evidence.model.address import slug
from social_evidence.model.breakdown import ALL
from social_evidence.model.estimate import Estimate
from social_evidence.model.initiative import Initiative, SuccessMeasure
from social_evidence.model.initiative_row import NO_WAVE, WAVES, uncrossed
from social_evidence.site.choices import Choices
from social_evidence.site.initiative_content import initiative_files, success_measures_of
from social_evidence.site.measure_model import Block, Line
from social_evidence.site.table_model import ReadyTable, TablesModel, tables_path
from social_evidence.wording import labels
from social_evidence.wording.periods import period_words

_NONE_ASKED: Final = "not_asked"


def told_success_measures(choices: Choices) -> Iterator[tuple[Initiative, SuccessMeasure]]:
    """Give the success measures that the release has rows of, by initiative."""
    there = {measure for measure, _ in choices.site.figures.by_place}
    for initiative, success in success_measures_of(choices.site.catalogue):
        if success.id in there:
            yield initiative, success


def titled(initiative: Initiative, success: SuccessMeasure) -> str:
    """Name a success measure by itself, outside its initiative's page."""
    return f"{initiative.title}: {success.title}"


def initiative_tables(choices: Choices) -> Iterator[TablesModel]:
    """Make the page of tables of every success measure that has rows."""
    for initiative, success in told_success_measures(choices):
        path = tables_path(success.id)
        yield TablesModel(
            id=success.id,
            title=titled(initiative, success),
            path=path,
            own_path=choices.site.subjects[success.id].path,
            files=initiative_files(initiative.id),
            parts=tuple(_parts(choices, success, path)),
        )


def _parts(
    choices: Choices, success: SuccessMeasure, path: str
) -> Iterator[tuple[str, tuple[ReadyTable, ...]]]:
    """Give the tables of each reading, the headline first."""
    site = choices.site
    areas = [site.city, *site.boroughs]
    rows = [
        row for place in areas for row in site.figures.by_place.get((success.id, place.code), ())
    ]
    parts = sorted({row.part for row in rows}, key=lambda part: (part != ALL, part))
    for part in parts:
        title = site.names.parts.get((success.id, part), success.title)
        own = [row for row in rows if row.part == part]
        yield title if len(parts) > 1 else "", tuple(_tables(choices, title, own, path))


def _tables(
    choices: Choices, title: str, rows: Sequence[Estimate], path: str
) -> Iterator[ReadyTable]:
    site = choices.site
    of_city = [row for row in rows if row.area == site.city.code]
    start = slug(rows[0].part)
    whole = [row for row in of_city if _breakdown(row) == ALL]
    if whole:
        yield ReadyTable(
            id=f"{start}.time",
            heading="Over time",
            caption=f"{title}, {site.city.name}, over time",
            first="Period",
            blocks=_blocks(choices, whole, path, lambda row: period_words(row.period, short=True)),
        )
    for breakdown in dict.fromkeys(map(_breakdown, of_city)):
        own = _newest([row for row in of_city if _breakdown(row) == breakdown])
        if breakdown != ALL:
            name = site.names.breakdowns.get(breakdown, breakdown)
            yield ReadyTable(
                id=f"{start}.{slug(breakdown)}",
                heading=name,
                caption=f"{title}, {site.city.name}, {period_words(own[0].period)}: {name}",
                first="Group",
                blocks=_blocks(choices, own, path, lambda row: _group(site.names.groups, row)),
            )
    boroughs = [row for row in rows if row.area != site.city.code and _breakdown(row) == ALL]
    if boroughs:
        newest = _newest(boroughs)
        yield ReadyTable(
            id=f"{start}.boroughs",
            heading="Boroughs",
            caption=f"{title}, {period_words(newest[0].period)}, by borough",
            first="Borough",
            blocks=_blocks(choices, newest, path, lambda row: site.names.areas[row.area]),
        )


def _newest(rows: Sequence[Estimate]) -> Sequence[Estimate]:
    """Keep the latest period that has a figure, else the latest."""
    shown = [row for row in rows if row.estimate is not None]
    last = max(shown or rows, key=lambda row: (row.period_end, row.period_start))
    return [row for row in rows if row.period == last.period]


def _blocks(
    choices: Choices, rows: Iterable[Estimate], path: str, label: Callable[[Estimate], str]
) -> tuple[Block, ...]:
    """Part rows by when people were asked."""
    order = {pair: at for at, pair in enumerate(choices.site.names.groups)}
    ranked = sorted(
        (row for row in rows if row.status != _NONE_ASKED),
        key=lambda row: (
            WAVES.index(_wave(row)),
            order.get((row.breakdown, row.group), len(order)),
            row.period_end,
            row.period_start,
            label(row),
        ),
    )
    return tuple(
        Block(
            heading=labels.WAVES[wave] if wave != NO_WAVE else "",
            lines=tuple(Line(label=label(row), told=choices.told(row, path)) for row in own),
        )
        for wave, own in groupby(ranked, key=_wave)
    )


def _breakdown(row: Estimate) -> str:
    return uncrossed(row.breakdown, row.group)[0]


def _wave(row: Estimate) -> str:
    return uncrossed(row.breakdown, row.group)[2]


def _group(names: Mapping[tuple[str, str], str], row: Estimate) -> str:
    """Name a group without its wave, which stands above it."""
    name = names.get((row.breakdown, row.group), row.group)
    return name.removeprefix(labels.joined_groups((labels.WAVES[_wave(row)], "")))

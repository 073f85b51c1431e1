"""The sheets of a workbook that are not figures by measure: cover, contents, headlines, sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.model.estimate import HIDDEN, Estimate
from social_evidence.publish.content import Content, MeasureText, SourceText
from social_evidence.publish.figure_columns import NOT_THERE, WITHOUT_MEANING, referring
from social_evidence.publish.notes import citation, dataset_title
from social_evidence.publish.sheets import (
    Column,
    Line,
    Shape,
    Sheet,
    Table,
    number_column,
    text_column,
    texts,
)
from social_evidence.publish.workbook_notes import NOTE_NUMBERS, reference_line, titled
from social_evidence.wording import labels as words
from social_evidence.wording.columns import column_title
from social_evidence.wording.sentences import figure_sentence

_READING: Final = (
    (
        "Each sheet has its title in the first cell and one table, marked as a table, with one row "
        "of headings and no blank or merged cells. Nothing is hidden, frozen or filtered."
    ),
    "Cells hold numbers as they are published. A share runs from 0 to 1: 0.574 is 57.4%.",
    "Names and codes stand side by side; the codes are those of every other format.",
)


def cover_sheet(content: Content, about: str) -> Sheet:
    """Say what the workbook is, of which release, and how to read and cite it."""
    licence = content.licence.name or "not stated"
    created = content.manifest.created
    lines = (
        Line(text=dataset_title(content), style="title"),
        *(Line(text=notice, style="notice") for notice in content.notices),
        Line(text=about),
        Line(text="Release", style="heading"),
        Line(text=f"Version {content.version}, made on {created}. State: {content.state}."),
        Line(text=f"Publisher: {content.publisher or 'not stated'}. Licence: {licence}."),
        Line(text="How to read it", style="heading"),
        *(Line(text=text) for text in _READING),
        Line(text="How to cite it", style="heading"),
        Line(text=citation(content)),
        Line(text="Where to go", style="heading"),
        Line(text="Contents: every sheet, with a link", link="Contents"),
        Line(text="Notes: what headings refer to", link="Notes"),
        Line(text="Markers: the letters that stand where there is no number", link="Markers"),
    )
    return Sheet(name="Cover", lines=lines)


def contents_sheet(content: Content, listed: Sequence[tuple[Sheet, str]]) -> Sheet:
    """List the sheets after this one, each with a link to it."""
    names = [sheet.name for sheet, _ in listed]
    table = Table(
        name="t_contents",
        columns=(
            text_column("Sheet", names, links=names),
            text_column("What it holds", [about for _, about in listed], widest=110),
            number_column("Rows", [s.table.rows if s.table else None for s, _ in listed]),
        ),
    )
    lines = (
        Line(text="Contents", style="title"),
        *(Line(text=notice, style="notice") for notice in content.notices),
        Line(text="This sheet lists the other sheets; the name of each leads to it."),
    )
    return Sheet(name="Contents", lines=lines, table=table)


def headline_sheet(content: Content, names: Mapping[str, str]) -> Sheet | None:
    """Give every measure's own figure of the whole city, latest first known.

    Args:
        content: The release.
        names: Measure -> the sheet of its figures.
    """
    found = [(m, row) for m in content.measures if (row := _headline(content, m)) is not None]
    if not found:
        return None
    table = Table(name="t_headlines", columns=tuple(_headline_columns(content, found, names)))
    about = Line(
        text="Each measure's own figure, for the whole place and the latest period that has one."
    )
    lines = titled("Headline figures", content, about, reference_line())
    return Sheet(name="Headlines", lines=lines, table=table)


def _headline(content: Content, measure: MeasureText) -> Estimate | None:
    part, breakdown, group, statistic = measure.headline
    cities = [area.code for area in content.areas if area.kind == "city"]
    area = cities[0] if cities else content.areas[0].code
    rows = content.estimates
    wanted = {
        "measure": measure.id,
        "part": part,
        "area": area,
        "breakdown": breakdown,
        "group": group,
        "statistic": statistic,
    }
    for name, value in wanted.items():
        rows = rows.filter(pc.equal(rows[name], value))
    known = rows.filter(pc.is_valid(rows["estimate"]))
    rows = known if known.num_rows else rows
    if not rows.num_rows:
        return None
    ordered = rows.sort_by([("period_end", "descending"), ("period_start", "descending")])
    return Estimate(**ordered.slice(0, 1).to_pylist()[0])


def _headline_columns(
    content: Content, found: Sequence[tuple[MeasureText, Estimate]], names: Mapping[str, str]
) -> Iterable[Column]:
    labels = content.labels
    rows = [row for _, row in found]
    yield text_column("Domain", [measure.domain_name for measure, _ in found])
    titles = [measure.title for measure, _ in found]
    yield text_column("Measure", titles, widest=70, links=[names[m.id] for m, _ in found])
    yield text_column("Measure code", [row.measure for row in rows])
    yield text_column("Part", [labels.parts.get((r.measure, r.part), r.part) for r in rows])
    yield text_column("Part code", [row.part for row in rows])
    yield text_column("Period", [labels.periods[row.period] for row in rows])
    yield text_column("Period code", [row.period for row in rows])
    yield text_column("Area", [labels.areas[row.area] for row in rows])
    yield text_column("Area code", [row.area for row in rows])
    yield text_column("Breakdown", [labels.breakdowns[row.breakdown] for row in rows])
    yield text_column("Breakdown code", [row.breakdown for row in rows])
    yield text_column(_heading("group"), [labels.groups[r.breakdown, r.group] for r in rows])
    yield text_column("Group code", [row.group for row in rows])
    yield text_column("Statistic", [labels.statistics[row.statistic] for row in rows])
    yield text_column("Statistic code", [row.statistic for row in rows])
    yield text_column("Unit", [measure.unit_name for measure, _ in found])
    for name in ("estimate", "lower", "upper", "base"):
        yield _headline_numbers(name, rows)
    yield text_column("In words", [figure_sentence(row) for row in rows], widest=90)
    yield text_column(_heading("status"), [labels.statuses[row.status] for row in rows])
    yield text_column("Markers", [words.markers(row.status, row.flags) for row in rows])
    yield text_column("Source", [labels.sources.get(row.source, row.source) for row in rows])
    yield text_column("Source code", [row.source for row in rows])


def _heading(name: str) -> str:
    return referring(column_title(name), name, NOTE_NUMBERS)


def _headline_numbers(name: str, rows: Sequence[Estimate]) -> Column:
    values = [getattr(row, name) for row in rows]
    absent = [_why_absent(row, name) for row in rows]
    numbers = pa.array(values, pa.int64() if name == "base" else pa.float64())
    shape: Shape = "whole" if name == "base" else "number"
    absences = texts(absent)
    return Column(heading=_heading(name), values=numbers, words=absences, shape=shape, width=16)


def _why_absent(row: Estimate, name: str) -> str:
    if row.status in HIDDEN:
        return words.MARKERS[row.status]
    is_given_elsewhere = name != "base" and row.method != "administrative" and row.base != 0
    return NOT_THERE if is_given_elsewhere else WITHOUT_MEANING


def sources_sheet(content: Content) -> Sheet:
    """List the sources: who publishes them, of when, and where they break."""
    sources = content.sources
    table = Table(
        name="t_sources",
        columns=(
            text_column("Source", [source.title for source in sources], widest=70),
            text_column("Source code", [source.id for source in sources]),
            text_column("Publisher", [source.publisher for source in sources]),
            text_column("Licence", [source.licence for source in sources], widest=50),
            text_column("Web address", [source.url for source in sources], widest=50),
            text_column("Periods in use", [_periods(content, source) for source in sources]),
            number_column("Files read", [len(source.files) for source in sources]),
            text_column("Ended", [source.ended for source in sources], widest=50),
            text_column("Known breaks", [" ".join(s.breaks) for s in sources], widest=90),
            text_column("Notes", [" ".join(source.notes) for source in sources], widest=90),
        ),
    )
    return Sheet(name="Sources", lines=titled("Sources", content), table=table)


def _periods(content: Content, source: SourceText) -> str:
    rows = content.estimates.filter(pc.equal(content.estimates["source"], source.id))
    if not rows.num_rows:
        return ""
    first = rows.sort_by([("period_start", "ascending")])["period"][0].as_py()
    last = rows.sort_by([("period_end", "descending")])["period"][0].as_py()
    names = content.labels.periods
    return names[first] if first == last else f"{names[first]} to {names[last]}"


def releases_sheet(content: Content) -> Sheet | None:
    """List the releases of the evidence base: what changed in each, and why."""
    if not content.history:
        return None
    rows = content.history
    kinds = sorted({kind for row in rows for kind in row.counts})
    table = Table(
        name="t_releases",
        columns=(
            text_column("Version", [row.version for row in rows]),
            text_column("Made on", [row.created for row in rows]),
            text_column("State", [row.state for row in rows]),
            *(
                number_column(f"Figures {kind}", [row.counts.get(kind, 0) for row in rows])
                for kind in kinds
            ),
            text_column("Reasons given", [" ".join(row.notes) for row in rows], widest=90),
            text_column("Why withdrawn", [row.reason for row in rows], widest=60),
        ),
    )
    return Sheet(name="Releases", lines=titled("Releases", content), table=table)

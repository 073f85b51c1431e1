"""A release as accessible workbooks, .xlsx and .ods: figures in one, comparisons in the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.publish import ods, xlsx
from social_evidence.publish.content import Content, MeasureText
from social_evidence.publish.figure_sheets import comparison_sheets, estimate_sheets
from social_evidence.publish.files import PublishedFile, described
from social_evidence.publish.initiative_sheet import initiative_sheet
from social_evidence.publish.notes import dataset_title
from social_evidence.publish.sheets import Sheet, Workbook
from social_evidence.publish.workbook_front import (
    contents_sheet,
    cover_sheet,
    headline_sheet,
    releases_sheet,
    sources_sheet,
)
from social_evidence.publish.workbook_notes import NOTE_NUMBERS, markers_sheet, notes_sheet
from social_evidence.publish.workbook_quality import SHEETS, quality_sheets

FOLDER: Final = "workbooks"
OWN_SHEETS: Final = (
    *("Cover", "Contents", "Notes", "Markers", "Headlines", "Initiatives"),
    *SHEETS,
    *("Sources", "Releases"),
)
"""Sheets that are not of one measure."""

_FIGURES: Final = (
    "Every published figure with its limits, its base, its status and its reliability: a sheet for "
    "each measure, one row a figure."
)
_INITIATIVE: Final = (
    "Every published number of what it is judged by, with its limits, its base and its status."
)
_COMPARISONS: Final = (
    "Differences between published figures, each with its limits and a verdict: a sheet for each "
    "measure, one row a comparison."
)


def figures_workbook(content: Content) -> Workbook:
    """Lay out the workbook of figures."""
    figures = list(estimate_sheets(content, NOTE_NUMBERS, OWN_SHEETS))
    first = {one.measure: one.sheet.name for one in reversed(figures)}
    listed: list[tuple[Sheet | None, str]] = [
        (notes_sheet(content), "What headings refer to."),
        (markers_sheet(content), "The letters that stand where there is no number."),
        (headline_sheet(content, first), "Each measure's own figure, the latest."),
        *((one.sheet, one.about) for one in figures),
        (initiative_sheet(content, NOTE_NUMBERS), "What initiatives are judged by."),
        *quality_sheets(content),
        (sources_sheet(content), "Where the figures come from, and where they break."),
        (releases_sheet(content), "What changed in each release, and why."),
    ]
    return _workbook(content, _FIGURES, listed)


def comparisons_workbook(content: Content) -> Workbook:
    """Lay out the workbook of comparisons."""
    rows = content.named_comparisons
    listed: list[tuple[Sheet | None, str]] = [
        (notes_sheet(content), "What headings refer to."),
        (markers_sheet(content), "The letters that stand where there is no number."),
    ]
    sheets = comparison_sheets(content, rows, NOTE_NUMBERS, OWN_SHEETS)
    listed += [(one.sheet, one.about) for one in sheets]
    return _workbook(content, _COMPARISONS, listed)


def measure_workbook(content: Content, measure: MeasureText) -> Workbook:
    """Lay out the workbook of one measure's figures, for those who want no more than that."""
    named = {series.source for series in measure.series}
    sources = tuple(source for source in content.sources if source.id in named)
    own = replace(content, measures=(measure,), sources=sources)
    figures = list(estimate_sheets(own, NOTE_NUMBERS, OWN_SHEETS))
    first = {one.measure: one.sheet.name for one in reversed(figures)}
    listed = [
        (notes_sheet(own), "What headings refer to."),
        (markers_sheet(own), "The letters that stand where there is no number."),
        (headline_sheet(own, first), "The measure's own figure, the latest."),
        *((one.sheet, one.about) for one in figures),
        (sources_sheet(own), "Where the figures come from, and where they break."),
    ]
    return _workbook(own, f"{measure.title}: {_FIGURES}", listed)


def initiative_workbook(content: Content, initiative: str) -> Workbook | None:
    """Lay out the workbook of one initiative's numbers; None where it has none."""
    rows = content.named_initiatives
    kept = pc.equal(rows["initiative"].cast(pa.string()), initiative)
    source = tuple(one for one in content.sources if one.id == initiative)
    own = replace(content, named_initiatives=rows.filter(kept), measures=(), sources=source)
    sheet = initiative_sheet(own, NOTE_NUMBERS)
    if sheet is None:
        return None
    listed: list[tuple[Sheet | None, str]] = [
        (notes_sheet(own), "What headings refer to."),
        (markers_sheet(own), "The letters that stand where there is no number."),
        (sheet, "What the initiative is judged by."),
    ]
    return _workbook(own, f"{content.labels.initiatives[initiative]}: {_INITIATIVE}", listed)


def _workbook(content: Content, about: str, listed: Iterable[tuple[Sheet | None, str]]) -> Workbook:
    there = [(sheet, told) for sheet, told in listed if sheet is not None]
    front = (cover_sheet(content, about), contents_sheet(content, there))
    return Workbook(
        title=dataset_title(content),
        subject=" ".join([*content.notices, about]),
        created=date.fromisoformat(content.manifest.created),
        sheets=(*front, *(sheet for sheet, _ in there)),
    )


def write_xlsx(
    content: Content, folder: Path, _files: Iterable[PublishedFile] = ()
) -> tuple[PublishedFile, ...]:
    """Write the workbooks as .xlsx into `workbooks/`."""
    return _write(content, folder, "xlsx", xlsx.write_book)


def write_ods(
    content: Content, folder: Path, _files: Iterable[PublishedFile] = ()
) -> tuple[PublishedFile, ...]:
    """Write the workbooks as .ods into `workbooks/`."""
    return _write(content, folder, "ods", ods.write_book)


def _write(
    content: Content, folder: Path, kind: str, write: Callable[[Workbook, Path], None]
) -> tuple[PublishedFile, ...]:
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    books = [("figures", "Workbook of figures", _FIGURES, figures_workbook)]
    if content.comparisons.num_rows:
        books.append(("comparisons", "Workbook of comparisons", _COMPARISONS, comparisons_workbook))
    paths = [f"{FOLDER}/{name}.{kind}" for name, *_ in books]
    # Joining and compressing text leave Python free: two books take little longer than one.
    with ThreadPoolExecutor(max_workers=len(books)) as pool:
        list(
            pool.map(
                lambda path, made: write(made(content), folder / path),
                paths,
                [made for *_, made in books],
            )
        )
    return tuple(
        described(folder, path, title, about)
        for path, (_, title, about, _) in zip(paths, books, strict=True)
    )

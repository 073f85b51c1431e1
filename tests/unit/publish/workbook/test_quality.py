"""The quality report on its page and in the workbook: the same numbers, nothing where none is."""

from __future__ import annotations

import dataclasses
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from social_evidence.app.quality import quality_json
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.provenance import Quality
from social_evidence.publish.content import Content
from social_evidence.publish.quality_page import quality_page, write_quality
from social_evidence.publish.quality_tables import quality_tables
from social_evidence.publish.workbooks import figures_workbook
from social_evidence.store.tables import to_estimates


@pytest.fixture(scope="module")
def told(content: Content) -> Content:
    """The release with the report that a build gives it."""
    rows = to_estimates(content.estimates)
    report = quality_json(Catalogue(title="t"), [], rows, Quality())
    since = {"since": "2026.0.0", "kinds": {"added": 4}, "causes": {"weights": 2}, "notes": []}
    return dataclasses.replace(content, quality={**report, "revisions": since})


class Reader(HTMLParser):
    """Collects the tables of a page, row by row, and what a screen reader goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        self.inside = tag in {"td", "th"}

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.tables[-1][-1].append(data)


@pytest.fixture
def page(told: Content) -> Reader:
    reader = Reader()
    reader.feed(quality_page(told))
    return reader


def test_cells_of_a_measure_add_up(told: Content) -> None:
    rows = next(one for one in quality_tables(told) if one.name == "Quality").rows
    by_code = {row[1]: row for row in rows}
    assert by_code["trust"][2:7] == (7, 6, 4, 3, 1)
    assert by_code["crime"][2:7] == (2, 2, 2, 1, 1)
    assert by_code["crime"][7] == 0.5


def test_every_table_of_the_report_but_long_ones_is_on_the_page(
    told: Content, page: Reader
) -> None:
    tables = [table for table in quality_tables(told) if not table.is_long]
    assert [len(rows) for rows in page.tables] == [len(table.rows) + 1 for table in tables]
    assert page.tables[0][0] == [head for head, _ in tables[0].heads]


def test_the_page_can_be_read_by_ear(page: Reader) -> None:
    assert page.tags[0] == ("html", {"lang": "en-GB"})
    heads = [attributes for tag, attributes in page.tags if tag == "th"]
    assert all(head.get("scope") in {"col", "row"} for head in heads)
    assert sum(tag == "caption" for tag, _ in page.tags) == len(page.tables)
    assert not [tag for tag, _ in page.tags if tag in {"script", "img"}]


def test_a_name_that_looks_like_markup_stays_text(told: Content) -> None:
    labels = dataclasses.replace(told.labels, measures={"trust": "<script>alert(1)</script>"})
    text = quality_page(dataclasses.replace(told, labels=labels))
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_the_workbook_has_the_report_in_sheets(told: Content) -> None:
    names = [sheet.name for sheet in figures_workbook(told).sheets]
    assert [name for name in names if name in {"Quality", "Coverage", "Checks"}] == [
        "Quality", "Coverage", "Checks"
    ]  # fmt: skip


def test_a_release_without_a_report_says_so_and_has_no_tables(content: Content) -> None:
    text = quality_page(dataclasses.replace(content, quality={}))
    assert "does not state its coverage" in text
    assert "<table>" not in text


def test_the_report_is_published_as_the_release_holds_it(told: Content, tmp_path: Path) -> None:
    files = write_quality(told, tmp_path)
    assert [file.path for file in files] == ["quality.html", "quality.json"]
    assert json.loads((tmp_path / "quality.json").read_bytes()) == json.loads(
        json.dumps(dict(told.quality))
    )


def test_the_limits_of_the_letters_are_the_releases_own(content: Content) -> None:
    rule = {"width": [0.04, 0.08, 0.125], "relative_error": [0.03, 0.1, 0.2]}
    own = dataclasses.replace(content, quality={"reliability": {"rule": rule, "by_measure": []}})
    notes = next(sheet for sheet in figures_workbook(own).sheets if sheet.name == "Notes")
    assert notes.table
    text = " ".join(notes.table.columns[1].values.to_pylist())
    assert "at most 4 points apart, B at most 8, C at most 12.5, else D" in text
    assert "at most 3% of the figure" in text
    usual = next(sheet for sheet in figures_workbook(content).sheets if sheet.name == "Notes")
    assert usual.table
    assert "at most 5 points apart" in " ".join(usual.table.columns[1].values.to_pylist())

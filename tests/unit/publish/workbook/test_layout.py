"""A release laid out as workbooks: every rule of the guidance, every figure, every absence said."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest

from social_evidence.publish.content import Content
from social_evidence.publish.sheets import Sheet, Table, Workbook
from social_evidence.publish.workbook_notes import NOTE_NUMBERS
from social_evidence.publish.workbooks import comparisons_workbook, figures_workbook


@pytest.fixture(scope="module")
def figures(content: Content) -> Workbook:
    return figures_workbook(content)


@pytest.fixture(scope="module")
def compared(content: Content) -> Workbook:
    return comparisons_workbook(content)


def table(book: Workbook, name: str) -> Table:
    found = next(sheet.table for sheet in book.sheets if sheet.name == name)
    assert found is not None
    return found


def cells(found: Table, heading: str) -> list[object]:
    column = next(one for one in found.columns if one.heading.split(" [note")[0] == heading)
    values = column.values.to_pylist()
    words = column.words.to_pylist() if column.words is not None else [None] * len(values)
    return [word if value is None else value for value, word in zip(values, words, strict=True)]


def test_sheets_come_in_reading_order(figures: Workbook) -> None:
    names = [sheet.name for sheet in figures.sheets]
    assert names[:5] == ["Cover", "Contents", "Notes", "Markers", "Headlines"]
    assert {"trust", "crime", "Sources"} <= set(names)


def test_every_sheet_has_a_title_first_and_bears_the_mark(figures: Workbook) -> None:
    for sheet in figures.sheets:
        assert sheet.lines[0].style == "title"
        assert "Synthetic" in sheet.lines[1].text


def test_every_other_sheet_is_in_the_contents_with_a_link(figures: Workbook) -> None:
    listed = table(figures, "Contents")
    others = [sheet.name for sheet in figures.sheets[2:]]
    assert cells(listed, "Sheet") == others
    assert listed.columns[0].links == tuple(others)


def test_every_link_leads_to_a_sheet(figures: Workbook, compared: Workbook) -> None:
    for book in (figures, compared):
        names = {sheet.name for sheet in book.sheets}
        assert {target for sheet in book.sheets for target in targets(sheet)} <= names


def targets(sheet: Sheet) -> set[str]:
    found = {line.link for line in sheet.lines if line.link}
    for column in sheet.table.columns if sheet.table else ():
        found |= set(filter(None, column.links))
    return found


def test_every_note_is_referred_to_and_every_reference_has_a_note(
    figures: Workbook, compared: Workbook
) -> None:
    referred = {
        int(number)
        for book in (figures, compared)
        for sheet in book.sheets
        for column in (sheet.table.columns if sheet.table else ())
        for number in re.findall(r"\[note (\d+)\]", column.heading)
    }
    assert referred == set(NOTE_NUMBERS.values())


def test_every_bracketed_letter_is_explained(figures: Workbook, compared: Workbook) -> None:
    explained = set(cells(table(figures, "Markers"), "Marker"))
    used: set[str] = set()
    for book in (figures, compared):
        for sheet in book.sheets[4:]:
            for column in sheet.table.columns if sheet.table else ():
                words = column.words.to_pylist() if column.words is not None else []
                letters = " ".join(filter(None, words))
                used |= set(re.findall(r"\[\w\]", letters))
    assert used <= explained
    assert {"[c]", "[w]", "[x]", "[z]"} <= used


def test_an_absent_number_says_why(figures: Workbook) -> None:
    found = table(figures, "trust")
    by_status = dict(
        zip(
            cells(found, "Status"),
            cells(found, "Estimate (share, from 0 to 1)"),
            strict=True,
        )
    )
    assert by_status["Hidden to protect people"] == "[c]"
    assert by_status["Not asked"] == "[w]"
    assert by_status["Not available"] == "[x]"
    assert by_status["Not applicable"] == "[z]"
    assert isinstance(by_status["Few answers, use with care"], float)


def test_the_group_that_is_not_known_keeps_its_base(figures: Workbook) -> None:
    found = table(figures, "trust")
    bases = dict(zip(cells(found, "Group code"), cells(found, "Base"), strict=True))
    assert bases["unknown"] == 3


def test_a_figure_counted_in_full_has_no_limits_and_says_so(figures: Workbook) -> None:
    found = table(figures, "crime")
    headings = [column.heading for column in found.columns]
    assert not [heading for heading in headings if heading.startswith("Lower")]
    sheet = next(one for one in figures.sheets if one.name == "crime")
    assert any("no row has a number there: lower limit" in line.text for line in sheet.lines)
    assert cells(found, "Numerator") == [24147.0, "[c]"]


def test_every_column_of_a_name_stands_before_its_code(figures: Workbook) -> None:
    headings = [column.heading.split(" [note")[0] for column in table(figures, "trust").columns]
    for name in ("Series", "Period", "Area", "Breakdown", "Group", "Statistic"):
        assert headings.index(f"{name} code") == headings.index(name) + 1


def test_a_headline_leads_to_its_measure(figures: Workbook) -> None:
    found = table(figures, "Headlines")
    at = cells(found, "Measure code").index("trust")
    assert found.columns[1].links[at] == "trust"
    assert cells(found, "Estimate")[at] == 0.614
    assert "57.2%" in str(cells(found, "In words")[at])


def test_comparisons_keep_verdicts_and_hide_what_is_hidden(compared: Workbook) -> None:
    found = table(compared, "trust")
    assert cells(found, "Verdict") == ["No clear difference", "Cannot say"]
    heading = "Difference (share, from 0 to 1)"
    assert cells(found, heading) == [-0.01, "[c]"]


def test_texts_that_look_like_formulas_are_texts(figures: Workbook) -> None:
    columns = [column for column in table(figures, "trust").columns if column.shape == "text"]
    kinds = {column.values.type for column in columns}
    assert all(pa.types.is_dictionary(kind) or pa.types.is_string(kind) for kind in kinds)
    assert "+Female" in cells(table(figures, "trust"), "Group")

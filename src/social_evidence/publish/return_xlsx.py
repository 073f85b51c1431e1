"""Write the form of a return as .xlsx: locked but for what is filled in, and checked as typed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

from xlsxwriter import Workbook

from social_evidence.model.return_form import (
    GUIDANCE,
    HEADINGS,
    HIDDEN,
    PEOPLE,
    PEOPLE_HEADINGS,
    RETURN,
    ROWS_FOR_PEOPLE,
    YES_NO,
    FormLine,
    ReturnForm,
)

_LONG_AGO: Final = dt.datetime(1980, 1, 1)  # noqa: DTZ001 - the same form gives the same bytes
_WIDTHS: Final = (20, 52, 24, 34, 14, 40, 40, 12, 12)
_NUMBER: Final = HEADINGS.index("Number")
_FREE: Final = range(_NUMBER, _NUMBER + 3)
_GROUP: Final = HEADINGS.index("Group")
_HIDDEN_FROM: Final = HEADINGS.index("dimension")


def write_xlsx(form: ReturnForm, path: Path) -> None:
    """Write a form; the same form gives the same bytes.

    Args:
        form: What is asked.
        path: The file; it is replaced.
    """
    with Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": f"{form.title}, {form.period}", "created": _LONG_AGO})
        styles = _styles(book)
        _guidance(book.add_worksheet(GUIDANCE), form, styles)
        _return(book.add_worksheet(RETURN), form, styles)
        if form.with_people:
            _people(book.add_worksheet(PEOPLE), form, styles)
        hidden = book.add_worksheet(HIDDEN)
        for row, (name, value) in enumerate(form.facts):
            hidden.write_string(row, 0, name)
            hidden.write_string(row, 1, value)
        hidden.protect()
        hidden.very_hidden()


def _styles(book: Any) -> dict[str, Any]:
    wrapped = {"text_wrap": True, "valign": "top"}
    return {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "text": book.add_format(wrapped),
        "head": book.add_format({**wrapped, "bold": True, "bottom": 2}),
        "total": book.add_format({**wrapped, "bold": True, "top": 1}),
        "input": book.add_format({"locked": False, "bg_color": "#FFF7D6", "border": 1}),
    }


def _guidance(sheet: Any, form: ReturnForm, styles: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 100)
    for row, line in enumerate(form.guidance):
        sheet.write_string(row, 0, line, styles["text" if row else "title"])
    sheet.protect()


def _return(sheet: Any, form: ReturnForm, styles: dict[str, Any]) -> None:
    for column, (heading, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True)):
        hidden = {"hidden": True} if column >= _HIDDEN_FROM else {}
        sheet.set_column(column, column, width, None, hidden)
        sheet.write_string(0, column, heading, styles["head"])
    for row, line in enumerate(form.lines, start=1):
        style = styles["total" if line.is_total else "text"]
        shown = (line.success_measure, line.title, line.by, line.group)
        for column, text in enumerate(shown):
            sheet.write_string(row, column, text, style)
        if not line.code:
            sheet.write_blank(row, _GROUP, None, styles["input"])
        for column in _FREE:
            sheet.write_blank(row, column, None, styles["input"])
        sheet.write_string(row, _HIDDEN_FROM, line.dimension)
        sheet.write_string(row, _HIDDEN_FROM + 1, line.code)
        sheet.data_validation(row, _NUMBER, row, _NUMBER, _rule(line))
    sheet.freeze_panes(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _rule(line: FormLine) -> dict[str, Any]:
    if line.shape == "yes_no":
        return {
            "validate": "list",
            "source": list(YES_NO),
            "error_title": "yes or no",
            "error_message": "Choose yes or no; leave it empty if you cannot say.",
        }
    return {
        "validate": "integer" if line.shape == "whole" else "decimal",
        "criteria": ">=",
        "value": 0,
        "error_title": "A number",
        "error_message": "Type a number of 0 or more; leave it empty if you do not know it.",
    }


def _people(sheet: Any, form: ReturnForm, styles: dict[str, Any]) -> None:
    for column, heading in enumerate(PEOPLE_HEADINGS):
        sheet.set_column(column, column, 40, styles["input"])
        sheet.write_string(0, column, heading, styles["head"])
    rule = {"validate": "list", "source": list(form.with_people)}
    sheet.data_validation(1, 0, ROWS_FOR_PEOPLE, 0, rule)
    sheet.protect()

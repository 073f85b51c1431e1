"""The sheet of initiatives: every number of their success measures, one row a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from social_evidence.model.initiative_row import INITIATIVE_KEY
from social_evidence.publish.content import Content
from social_evidence.publish.figure_columns import number_column_of, text_columns
from social_evidence.publish.sheets import Line, Sheet, Table
from social_evidence.publish.workbook_notes import titled
from social_evidence.wording.columns import column_title

NAME: Final = "Initiatives"
_NUMBERS: Final = ("estimate", "lower", "upper", "base", "numerator", "denominator")
_TEXTS: Final = ("status", "flags", "measure", "part", "caveat")


def initiative_sheet(content: Content, notes: Mapping[str, int]) -> Sheet | None:
    """Lay out the initiatives table; None where the release has none.

    Args:
        content: The release.
        notes: Note -> its number.
    """
    rows = content.named_initiatives
    if not rows.num_rows:
        return None
    rows = rows.combine_chunks()
    columns = text_columns(rows, INITIATIVE_KEY, "initiatives", notes)
    numbers = (number_column_of(rows, name, column_title(name), unit="count") for name in _NUMBERS)
    columns += [column for column in numbers if column is not None]
    columns += text_columns(rows, _TEXTS, "initiatives", notes)
    lines = titled(
        NAME,
        content,
        Line(
            text=f"This sheet has one table of {rows.num_rows:,} rows, one number of a success "
            f"measure a row. Release {content.version}."
        ),
        Line(
            text="Shares run from 0 to 1. They are about people who take part, but where the "
            "caveat says that a number is about residents."
        ),
    )
    return Sheet(name=NAME, lines=lines, table=Table(name="t_initiatives", columns=tuple(columns)))

"""A small workbook with everything a workbook may have."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from social_evidence.publish.sheets import Column, Line, Sheet, Table, Workbook, text_column


@pytest.fixture
def book() -> Workbook:
    figures = Table(
        name="t_figures",
        columns=(
            text_column("Group", ["Women", "=1+1", "  two  blanks ", "עברית"]),
            Column(
                heading="Estimate",
                values=pa.array([0.574, None, 1e-05, 0.1 + 0.2]),
                words=pa.array(["[z]", "[c]", "[z]", "[z]"]),
                shape="share",
            ),
            Column(
                heading="Base [note 1]",
                values=pa.array([1234, None, 0, 2**53], pa.int64()),
                words=pa.array(["[z]"] * 4),
                shape="whole",
            ),
            Column(
                heading="Day", values=pa.array([date(2016, 12, 1 + n) for n in range(4)]),
                shape="date",
            ),
        ),
    )  # fmt: skip
    contents = Table(
        name="t_contents",
        columns=(
            text_column("Sheet", ["Figures", "Cover"], links=["Figures", ""]),
            text_column("What it holds", ["Numbers & <marks>", ""]),
        ),
    )
    return Workbook(
        title="A town & its people",
        subject="Synthetic",
        created=date(2026, 11, 22),
        sheets=(
            Sheet(
                name="Cover",
                lines=(
                    Line(text="A town", style="title"),
                    Line(text="SYNTHETIC", style="notice"),
                    Line(text="Contents", link="Contents"),
                ),
            ),
            Sheet(
                name="Contents", lines=(Line(text="Contents", style="title"),), table=contents
            ),
            Sheet(
                name="Figures",
                lines=(Line(text="Figures", style="title"), Line(text="Notes say more.")),
                table=figures,
            ),
        ),
    )  # fmt: skip

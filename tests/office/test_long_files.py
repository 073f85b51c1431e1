"""Many returns in one delimited file: what was written is what is read."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.app.returns_read import read_returns
from social_evidence.model.return_form import LONG_COLUMNS

TODAY = dt.date(2026, 11, 22)
CAMPAIGNS = "citizenship_and_integration_initiative"
COUNTS = st.integers(0, 10**6)
# Of each organisation: counts by sex, or none, and a total where there are none.
WRITTEN = st.lists(st.one_of(st.tuples(COUNTS, COUNTS, COUNTS), COUNTS), max_size=8)


def _lines(number: int, counts: tuple[int, int, int] | int) -> list[list[object]]:
    known = [CAMPAIGNS, "CII-CAMP", f"GB-CHC-{number}", "2026Q1"]
    if isinstance(counts, int):
        return [[*known, "all", "all", counts, "", ""]]
    parts = zip(("female", "male", "unknown"), counts, strict=True)
    return [
        [*known, "all", "all", sum(counts), "", ""],
        *([*known, "sex", code, count, "", ""] for code, count in parts),
    ]


@settings(max_examples=60, deadline=None)
@given(
    written=WRITTEN,
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-16"]),
)
def test_what_was_written_is_read(london, written, delimiter, encoding):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "returns.csv"
        with path.open("w", encoding=encoding, newline="") as stream:
            writer = csv.writer(stream, delimiter=delimiter)
            writer.writerow(LONG_COLUMNS)
            for number, counts in enumerate(written):
                writer.writerows(_lines(number, counts))
        read = read_returns(path, london, today=TODAY)
    assert read.faults == ()
    assert [found.organisation for found in read.returns] == [
        f"GB-CHC-{number}" for number in range(len(written))
    ]
    for found, counts in zip(read.returns, written, strict=True):
        parts = () if isinstance(counts, int) else counts
        assert found.value == (sum(parts) if parts else counts)
        assert tuple(cell.value for cell in found.cells) == parts


@settings(max_examples=40, deadline=None)
@given(text=st.text(min_size=1, max_size=12))
def test_whatever_stands_in_a_number_is_a_count_or_a_fault(london, text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "returns.csv"
        with path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(LONG_COLUMNS)
            writer.writerow([*_lines(1, 0)[0][:6], text, "", ""])
        read = read_returns(path, london, today=TODAY)
    if read.returns:
        (found,) = read.returns
        assert found.value >= 0
        assert found.value.is_integer()
        assert text.strip().isdecimal() or float(text) == found.value
    elif text.strip():
        assert len(read.faults) == 1
        assert text.strip() not in read.faults[0].reason or len(text.strip()) < 6

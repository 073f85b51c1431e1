"""The page on workbooks names the markers and the sheets that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from social_evidence.publish.workbooks import OWN_SHEETS
from social_evidence.wording.labels import MARKERS


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "spreadsheets.md").read_text(encoding="utf-8")


def test_every_marker_is_explained_and_no_other(page: str) -> None:
    told = re.findall(r"`(\[\w\])`", page)
    assert sorted(told) == sorted(MARKERS.values())


def test_every_sheet_that_is_not_of_a_measure_is_named(page: str) -> None:
    assert [name for name in OWN_SHEETS if name not in page] == []

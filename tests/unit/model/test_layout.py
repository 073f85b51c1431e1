"""A layout refuses what no file could satisfy."""

from __future__ import annotations

import pytest

from social_evidence.errors import DefinitionError
from social_evidence.model.layout import MARKERS, Layout


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"encoding": "utf8000"}, "encoding 'utf8000'"),
        ({"encoding": "base64"}, "encoding 'base64'"),
        ({"delimiter": ""}, "delimiter must be one character"),
        ({"delimiter": "\n"}, "delimiter must be one character"),
        ({"quote": "''"}, "quote must be one character"),
        ({"thousands": ".,"}, "thousands must be one character"),
        ({"decimal": ";"}, "decimal must be one of"),
        ({"decimal": ".", "thousands": "."}, "decimal and thousands"),
        ({"delimiter": '"'}, "delimiter and quote"),
        ({"header_fill": "right"}, "header_fill must be one of"),
        ({"unnamed_columns": "drop"}, "unnamed_columns must be one of"),
        ({"header_rows": (0,)}, "header_rows must count up from 1"),
        ({"header_rows": (2, 2)}, "header_rows must count up from 1"),
        ({"header_rows": ()}, "headers must name every column"),
        ({"first_row": -1}, "count from 1"),
        ({"first_row": 1}, "must come after header row 1"),
        ({"last_row": 1}, "before the first row 2"),
        ({"headers": {"0": "a"}}, "column position"),
        ({"headers": {"2": " "}}, "blank name"),
        ({"max_unpacked_bytes": 0}, "max_unpacked_bytes"),
        ({"text_columns": ("a",), "number_columns": ("a",)}, "both"),
    ],
)
def test_an_impossible_layout_is_refused(fields: dict, words: str) -> None:
    with pytest.raises(DefinitionError, match=words):
        Layout(**fields)


def test_the_usual_layout_needs_no_fields() -> None:
    layout = Layout()
    assert layout.start_row == 2
    assert Layout(header_rows=(3, 4)).start_row == 5
    assert Layout(header_rows=(), headers={"1": "a"}).start_row == 1


def test_the_markers_of_published_tables_are_known() -> None:
    assert {".", "..", "x", "c", "u", "z", ":", "~", "low", "[c]", "-", "*", "!"} <= set(MARKERS)

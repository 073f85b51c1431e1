"""Where a field of a definition stands in its text."""

from __future__ import annotations

import pytest

from social_evidence.catalogue.lines import line_of

TEXT = """kind = "microdata"
to_confirm = { "design.weight" = "?" }
[[files]]
path = "a.tab"
columns = { weight = "xw" }
[[files]] # the second
path = "b.tab"
[files.columns]
weight = "yw"
[design]
weight = "w"
[items]
good = { variable = "Q1" }
"odd id" = { variable = "Q2" }
[items.bad]
variable = "Q3"
[breakdowns.age]
bands.young = [0, 20]
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("kind", 1),
        ("design.weight", 11),
        ("items.good.variable", 13),
        ("items.bad.variable", 16),
        ("items.bad", 15),
        ("files[1].columns.weight", 5),
        ("files.2.path", 7),
        ("breakdowns.age.bands.young", 18),
        ("breakdowns.sex.groups", 0),
        ("nowhere", 0),
    ],
)
def test_a_field_is_found_on_its_line_or_by_the_nearest_table_around_it(path, line):
    assert line_of(TEXT, path) == line

"""The primary rules, held against the verdicts of the `disclosure` reference set, cell by cell."""

import csv

import pytest

from social_evidence.disclosure.primary import CellSize, PrimaryRule, primary_statuses

SET = "disclosure"
RULES = {
    "primary_lt10": PrimaryRule(threshold=10, zeros="show"),
    "primary_lt3": PrimaryRule(threshold=3, zeros="show"),
    "numerator_lt3_or_complement_lt3": PrimaryRule(threshold=1, zeros="show", part_minimum=3),
}


@pytest.mark.parametrize("column", RULES)
def test_cells_are_hidden_where_the_reference_hides_them(golden_folder, golden_tally, column):
    path = golden_folder(SET) / "expected_cells.csv"
    if not path.is_file():
        pytest.skip("the set has no expected_cells.csv")
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    cells = [CellSize(base=int(row["n"]), part=int(row["yes"])) for row in rows]
    hidden = [status == "protected" for status in primary_statuses(cells, RULES[column])]
    golden_tally.compared(SET, len(rows))
    assert hidden == [row[column] == "1" for row in rows]

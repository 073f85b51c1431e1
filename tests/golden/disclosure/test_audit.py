"""What an attacker can work out, held against the exact intervals of the `disclosure` set.

The set publishes tables of areas by groups with their margins under several patterns of hiding,
in the long form a release has, and says for each hidden cell what remains possible. A protection
of our own must leave every hidden cell wide enough, without hiding much more than other programs.
"""

from __future__ import annotations

import csv
import itertools

import numpy as np
import pytest
from scipy import sparse

from social_evidence.disclosure.attack import LinkedCounts, intervals
from social_evidence.disclosure.secondary import Protection, protect

SET = "disclosure"
CITY, ALL = "City", "all"
THRESHOLD, WIDTH = 10, 5
MARGIN = "Total"


@pytest.fixture(scope="module")
def folder(golden_folder):
    found = golden_folder(SET)
    if not (found / "expected_audit.csv").is_file():
        pytest.skip("the set has no expected_audit.csv")
    return found


def read(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def linked(counts, sums):
    """Put counts and (total, parts) sums, by the cells' names, into arrays."""
    place = {cell: at for at, cell in enumerate(counts)}
    matrix = sparse.lil_array((len(sums), len(counts)), dtype=np.int64)
    for row, (total, parts) in enumerate(sums):
        matrix[row, place[total]] = 1
        for part in parts:
            matrix[row, place[part]] = -1
    return LinkedCounts(
        counts=np.array(list(counts.values()), dtype=np.int64),
        sums=sparse.csr_array(matrix),
        smallest=np.zeros(len(counts), dtype=np.int64),
    )


def test_every_hidden_cells_interval_is_the_one_worked_out_elsewhere(folder, golden_tally):
    true = {
        (row["area"], row["breakdown"], row["group"]): int(row["n"])
        for row in read(folder / "expected_cells.csv")
    }
    expected = read(folder / "expected_audit.csv")
    for pattern in dict.fromkeys(row["pattern"] for row in expected):
        published = read(folder / f"published_{pattern}.csv")
        cells = [(row["area"], row["breakdown"], row["group"]) for row in published]
        areas = sorted({area for area, _, _ in cells} - {CITY})
        groups = {b: [g for a, c, g in cells if a == CITY and c == b] for _, b, _ in cells}
        sums = [
            ((area, ALL, ALL), [(area, breakdown, group) for group in own])
            for breakdown, own in groups.items()
            if breakdown != ALL
            for area in (*areas, CITY)
        ]
        sums += [
            ((CITY, breakdown, group), [(area, breakdown, group) for area in areas])
            for breakdown, own in groups.items()
            for group in own
        ]
        hidden = np.array([row["suppressed"] == "1" for row in published])
        found = intervals(linked({cell: true[cell] for cell in cells}, sums), hidden)
        ours = {
            (cells[cell][0], cells[cell][2]): (int(low), int(high))
            for cell, low, high in zip(found.cells, found.lower, found.upper, strict=True)
        }
        theirs = {
            (row["area"], row["group"]): (int(row["int_lower"]), int(row["int_upper"]))
            for row in expected
            if row["pattern"] == pattern
        }
        golden_tally.compared(SET, 2 * len(theirs))
        assert ours == theirs, pattern


@pytest.mark.parametrize(
    ("name", "dimensions"),
    [
        ("area_x_eth", [("area", "eth")]),
        (
            "area_x_eth_plus_area_x_sex_x_eth",
            [("area", "eth"), ("area", "sex", "eth")],
        ),
    ],
)
def test_our_protection_is_safe_and_hides_little(folder, golden_tally, name, dimensions):
    people = read(folder / "persons.csv")
    order = ("area", "sex", "eth")
    values = {one: sorted({person[one] for person in people}) for one in order}
    cells = sorted(
        {
            cell
            for crossed in dimensions
            for cell in itertools.product(
                *([*values[one], MARGIN] if one in crossed else [MARGIN] for one in order)
            )
        }
    )
    counts = {
        cell: sum(
            all(own in (MARGIN, person[one]) for own, one in zip(cell, order, strict=True))
            for person in people
        )
        for cell in cells
    }
    sums = []
    for cell in cells:
        for at, one in enumerate(order):
            parts = [(*cell[:at], value, *cell[at + 1 :]) for value in values[one]]
            if cell[at] == MARGIN and all(part in counts for part in parts):
                sums.append((cell, parts))
    table = linked(counts, sums)
    primary = (table.counts > 0) & (table.counts < THRESHOLD)
    hidden = protect(
        Protection(
            linked=table,
            primary=primary,
            cost=1 + 0.05 * np.log1p(table.counts),
            judged=np.ones(len(cells), dtype=bool),
            width=WIDTH,
        )
    )
    assert hidden[primary].all()
    assert intervals(table, hidden).width.min() >= WIDTH
    yardsticks = {
        row["task"]: int(row["hidden"])
        for row in read(folder / "anchor_utility.csv")
        if row["tool"].startswith("GaussSuppression")
    }
    golden_tally.compared(SET, 1)
    assert hidden.sum() <= 1.2 * yardsticks[name]

"""Cell keys, rounding and dominance, held against the `disclosure` set cell by cell."""

from __future__ import annotations

import csv
from collections import defaultdict

import numpy as np
import pytest

from social_evidence.disclosure.base_rounding import round_to_base
from social_evidence.disclosure.cell_key import cell_keys, noise_table, perturbed
from social_evidence.disclosure.magnitude import DominanceRule, dominance_faults

SET = "disclosure"


@pytest.fixture(scope="module")
def folder(golden_folder):
    return golden_folder(SET)


def read(path):
    if not path.is_file():
        pytest.skip(f"the set has no {path.name}")
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_noise_table_is_the_reference(folder, golden_tally):
    rows = read(folder / "ptable_D3_V1.csv")
    table = noise_table(3, 1.0)
    for row in rows:
        count, noise = int(row["count_class"]), int(row["noise"])
        assert table.probability[count, noise + 3] == pytest.approx(
            float(row["probability"]), abs=1e-9
        )
        keys = range(int(row["ckey_from"]), int(row["ckey_to"]) + 1)
        assert {int(table.noise[count, key]) for key in keys} <= {noise}
    golden_tally.compared(SET, 2 * len(rows))


def test_perturbed_counts_are_the_reference(folder, golden_tally):
    rows = read(folder / "expected_cells.csv")
    counts = np.array([int(row["n"]) for row in rows])
    keys = np.array([int(row["ckey"]) for row in rows])
    found = perturbed(counts, keys, noise_table(3, 1.0))
    golden_tally.compared(SET, len(rows))
    assert found.tolist() == [int(row["n_perturbed"]) for row in rows]


def test_cell_keys_of_people_are_the_reference(folder, golden_tally):
    people = read(folder / "persons.csv")
    expected = {
        row["area"]: int(row["ckey"])
        for row in read(folder / "expected_cells.csv")
        if row["breakdown"] == "all" and row["area"] != "City"
    }
    areas = sorted(expected)
    cells = np.array([areas.index(person["area"]) for person in people])
    records = np.array([int(person["rkey"]) for person in people])
    golden_tally.compared(SET, len(areas))
    found = cell_keys(records, cells, len(areas))
    assert dict(zip(areas, found.tolist(), strict=True)) == expected


@pytest.mark.parametrize("base", [3, 5, 10])
def test_rounded_counts_are_the_reference(folder, golden_tally, base):
    rows = read(folder / "expected_cells.csv")
    golden_tally.compared(SET, len(rows))
    found = [round_to_base(int(row["n"]), base) for row in rows]
    assert found == [int(row[f"rounded{base}"]) for row in rows]


def test_dominance_verdicts_are_the_reference(folder, golden_tally):
    contributions = defaultdict(list)
    for row in read(folder / "contributors.csv"):
        contributions[row["cell"]].append(float(row["value"]))
    rules = ("dominance_1_75", "dominance_2_85", "p_percent_10", "fewer_than_3")
    for row in read(folder / "expected_magnitude.csv"):
        faults = dominance_faults(contributions[row["cell"]], DominanceRule())
        golden_tally.compared(SET, len(rules))
        assert {rule for rule in rules if row[rule] == "1"} == set(faults), row["cell"]

"""Rules of initiatives as data: small tables, pseudonyms, strength of a design."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from scipy import sparse

from social_evidence.disclosure.attack import LinkedCounts, intervals
from social_evidence.disclosure.base_rounding import round_to_base
from social_evidence.disclosure.pseudonym import pseudonym
from social_evidence.disclosure.secondary import Protection, protect
from social_evidence.methods.evaluation.strength import DesignFacts, maryland_level, strength


def linked(table):
    """A table with its totals: every cell and margin an attacker sees, and how they add up."""
    rows, columns = table.shape
    counts = np.concatenate([table.ravel(), table.sum(axis=1), table.sum(axis=0)])
    sums = np.zeros((rows + columns, counts.size), dtype=np.int64)
    for row in range(rows):
        sums[row, row * columns : (row + 1) * columns] = -1
        sums[row, table.size + row] = 1
    for column in range(columns):
        sums[rows + column, column : table.size : columns] = -1
        sums[rows + column, table.size + rows + column] = 1
    smallest = np.zeros(counts.size, dtype=np.int64)
    return LinkedCounts(counts, sparse.csr_array(sums), smallest)


def ranges(table, hidden):
    """Cell -> what an attacker can bound it by."""
    mask = np.zeros(linked(table).counts.size, dtype=bool)
    places = [row * table.shape[1] + column for row, column in hidden]
    mask[places] = True
    found = intervals(linked(table), mask)
    return {
        cell: [float(found.lower[at]), float(found.upper[at])]
        for cell, place in zip(hidden, places, strict=True)
        for at in np.flatnonzero(found.cells == place)
    }


def named(cells):
    return {tuple(int(part) for part in name.split(",")): own for name, own in cells.items()}


def test_small_tables_are_attacked_as_told(evaluation_set, golden_tally):
    cases = evaluation_set.json("disclosure_cases.json")
    for case in cases:
        table = np.array(case["table"])
        primary = [tuple(cell) for cell in case["primary"]]
        is_small = (table > 0) & (table < case["threshold"])
        assert sorted(map(tuple, np.argwhere(is_small).tolist())) == sorted(primary)
        assert round_to_base(table, case["base"]).tolist() == case["rounded_to_base"]
        alone = ranges(table, primary)
        assert alone == named(case["attacker_intervals_primary_only"])
        assert case["primary_only_is_safe"] == all(low < high for low, high in alone.values())
        if case["attacker_intervals_after"] is not None:
            more = [tuple(cell) for cell in case["least_total_complementary_example"]]
            after = ranges(table, primary + more)
            expected = named(case["attacker_intervals_after"])
            assert {cell: after[cell] for cell in primary} == expected
        golden_tally.compared("evaluation", 3 + len(primary))


def test_our_choice_leaves_every_small_cell_wide_enough(evaluation_set):
    for case in evaluation_set.json("disclosure_cases.json"):
        table = np.array(case["table"])
        counts = linked(table)
        primary = np.zeros(counts.counts.size, dtype=bool)
        for row, column in case["primary"]:
            primary[row * table.shape[1] + column] = True
        if not primary.any():
            continue
        cost = np.where(np.arange(primary.size) < table.size, 1.0, np.inf)
        judged = np.ones(primary.size, dtype=bool)
        hidden = protect(Protection(linked=counts, primary=primary, cost=cost, judged=judged))
        found = intervals(counts, hidden)
        assert (found.width >= 5).all()
        assert (hidden & primary).sum() == primary.sum()


def test_pseudonyms(evaluation_set, golden_tally):
    vectors = evaluation_set.json("pseudonym_vectors.json")
    key = vectors["key_utf8"].encode()
    for case in vectors["cases"]:
        assert pseudonym(case["identifier"], case["purpose"], key) == case["pseudonym"]
    golden_tally.compared("evaluation", len(vectors["cases"]))


def test_strength_of_designs(evaluation_set, golden_tally):
    known = {field.name for field in fields(DesignFacts)}
    cases = evaluation_set.json("evidence_strength_cases.json")["cases"]
    for case in cases:
        assert set(case["design"]) <= known
        facts = DesignFacts(**case["design"])
        assert maryland_level(facts) == case["maryland_level"]
        assert strength(facts).level <= case["maryland_level"]
    golden_tally.compared("evaluation", len(cases))

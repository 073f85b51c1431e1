"""What a scan refuses when it is built, and how it is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.errors import DataError, DefinitionError, DesignError
from social_evidence.plan.faults import check_faults
from social_evidence.plan.lanes import fixed_point_scale, lanes
from social_evidence.plan.parts import parts
from social_evidence.plan.scan import Column, Dimension, Group, Item, Sampling, Scan


def dimension(name: str, size: int, *, whole: bool = False) -> Dimension:
    groups = tuple(Group(id=str(code), codes=(code,)) for code in range(size))
    everybody = (Group(id="all", codes=tuple(range(size + 1))),) if whole else ()
    return Dimension(id=name, sql=name, size=size, groups=groups + everybody)


def scan(**changes) -> Scan:
    asked = {
        "source": "test",
        "columns": tuple(
            Column(name=name) for name in ("w", "h", "psu", "q", "area", "sex", "age")
        ),
        "sampling": Sampling(form="clustered", weight="w", strata=("h",), psu=("psu",)),
        "items": (Item(id="q", statistic="proportion", y="q"),),
        "dimensions": (dimension("area", 33, whole=True), dimension("sex", 2), dimension("age", 9)),
        "cells": (("area",), ("area", "sex"), ("age", "area")),
    }
    return Scan(**(asked | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"cells": (("are",),)}, "'are' is not declared. Did you mean 'area'"),
        ({"cells": (("area", "area"),)}, "stands twice"),
        ({"cells": (("area", "sex"), ("sex", "area"))}, "stands twice"),
        ({"cells": ()}, "nothing is asked"),
        ({"crosses": (("q", "q"),)}, "unclustered form only"),
        ({"columns": (Column(name="w"), Column(name="W"))}, "stands twice"),
        ({"sampling": Sampling(form="unclustered", weight="weight")}, "'weight' is not declared"),
    ],
)
def test_a_scan_that_contradicts_itself_is_refused_when_built(changes, message):
    with pytest.raises(DefinitionError, match=message):
        scan(**changes)


@pytest.mark.parametrize(
    ("form", "psu", "replicates"),
    [
        ("clustered", (), ()),
        ("unclustered", ("psu",), ()),
        ("replicates", (), ()),
        ("clustered", ("psu",), ("r",)),
    ],
)
def test_a_design_whose_parts_contradict_its_form_is_refused(form, psu, replicates):
    with pytest.raises(DefinitionError, match="contradict each other"):
        Sampling(form=form, psu=psu, replicates=replicates)


def test_a_ratio_needs_a_denominator_and_only_a_ratio_has_one():
    with pytest.raises(DefinitionError, match="a ratio has a denominator"):
        Item(id="r", statistic="ratio", y="a")
    with pytest.raises(DefinitionError, match="a mean has none"):
        Item(id="m", statistic="mean", y="a", x="b")


@pytest.mark.parametrize("codes", [(), (3,), (-1,), (0, 0)])
def test_a_group_of_impossible_codes_is_refused(codes):
    with pytest.raises(DefinitionError, match="group 'g'"):
        Dimension(id="d", sql="d", size=2, groups=(Group(id="g", codes=codes),))


def test_the_leading_dimensions_are_those_of_every_set():
    assert scan().leading == ("area",)
    assert scan(cells=(("area",), ("sex",))).leading == ()


def test_the_same_column_is_never_summed_twice():
    item = Item(id="q", statistic="proportion", y="q", squares=True)
    found = lanes(scan(items=(item,)))
    assert len(set(found.lanes)) == len(found.lanes) == 4
    assert found.place["wyy", 0, 0] == found.place["y", 0, 0]
    assert found.place["wxx", 0, 0] == found.place["x", 0, 0]


@given(st.integers(1, 10**9), st.floats(1e-200, 1e200))
def test_no_sum_of_all_rows_leaves_62_bits_and_at_most_two_are_wasted(rows, largest):
    scale = fixed_point_scale(rows, largest)
    total = rows * int(largest * 2.0**scale) if scale > 0 else rows * largest * 2.0**scale
    assert total <= 2**61
    assert total > 2**59 or scale == 1000 or largest * 2.0**scale < 2**20


def test_the_scale_follows_the_contract_also_at_powers_of_two():
    assert fixed_point_scale(8, 4.0) == 61 - 5
    assert fixed_point_scale(8, 4.1) == 61 - 6
    assert fixed_point_scale(10, 1.0) == 61 - 4
    assert fixed_point_scale(10, 0.0) == 0


def test_a_scan_that_fits_is_one_part():
    found = parts(scan(), lanes=10, rows=10_000, blocks=500, units=500)
    assert [part.codes for part in found] == [None]
    assert found[0].final


@given(st.integers(1, 10**7), st.integers(1, 10**5), st.integers(10**3, 10**9))
def test_parts_cover_every_set_and_leading_code_once_in_order(rows, blocks, budget):
    asked = scan()
    found = parts(asked, lanes=20, rows=rows, blocks=blocks, units=500, budget=budget)
    for place in range(len(asked.cells)):
        own = [part for part in found if place in part.sets]
        assert [part.final for part in own] == [False] * (len(own) - 1) + [True]
        if own[0].codes is None:
            assert len(own) == 1
        else:
            assert [code for part in own for code in part.codes] == list(range(34))


def test_a_table_too_large_is_cut_by_area_so_that_a_part_stays_within_budget():
    found = parts(scan(), lanes=50, rows=10**7, blocks=165_000, units=5_000, budget=2**26)
    assert len(found) > 10
    per_code = [165_000 / 34 * cells * 8 * 50 for cells in (1, 3, 10)]
    assert all(
        sum(per_code[place] for place in part.sets) * len(part.codes) <= 2**26
        for part in found
        if len(part.codes) > 1
    )


COUNTS = {
    "rows": 10, "no_weight": 0, "negative": 0, "endless": 0, "no_stratum": 0, "no_psu": 0,
    "y0": 0, "e0": 0, "d0": 0, "d1": 0, "d2": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ({"rows": 0}, DataError, "no rows"),
        ({"no_weight": 3}, DesignError, "'w' is missing on 3 rows.*outside_population"),
        ({"negative": 2}, DesignError, "'w' is negative on 2 rows"),
        ({"endless": 1}, DesignError, "infinite or not a number on 1 rows"),
        ({"no_stratum": 4}, DesignError, r"stratum \(h\) is missing on 4 rows"),
        ({"no_psu": 5}, DesignError, r"PSU \(psu\) is missing on 5 rows"),
        ({"fq": 6}, DataError, "'q' is infinite or not a number on 6 rows"),
        ({"e0": 6}, DataError, "item 'q' is infinite or not a number on 6 rows"),
        ({"y0": 7}, DataError, "7 rows are neither 0 nor 1 nor null"),
        ({"d1": 8}, DataError, "dimension 'sex' has a code outside 0 to 1 on 8 rows"),
    ],
)
def test_each_fault_of_a_table_stops_with_its_count_and_place(fault, error, words):
    with pytest.raises(error, match=words) as caught:
        check_faults(scan(), COUNTS | fault, "survey.sav")
    assert "survey.sav" in str(caught.value)


def test_missing_weights_declared_outside_the_population_are_counted():
    declared = Sampling(
        form="unclustered", weight="w", strata=("h",), missing_weight="outside_population"
    )
    assert check_faults(scan(sampling=declared), COUNTS | {"no_weight": 3}, "t") == 3
    with pytest.raises(DesignError, match="no row has a weight"):
        check_faults(scan(sampling=declared), COUNTS | {"no_weight": 10}, "t")

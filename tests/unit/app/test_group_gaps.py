"""Gaps: which group each is set against, and the gaps of printed figures."""

from __future__ import annotations

import pytest

from social_evidence.app.figures import Figure, Numbers
from social_evidence.app.group_gaps import counted_gaps, reference_group
from social_evidence.model.breakdown import Breakdown, Group
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Measure, Series
from social_evidence.model.period import parse
from social_evidence.model.source import Source
from social_evidence.model.source_table import Quantity

CATALOGUE = Catalogue(
    title="t",
    breakdowns={
        "sex": Breakdown(
            id="sex",
            title="Sex",
            reference="men",
            groups=(Group(id="women", label="Women"), Group(id="men", label="Men")),
        ),
        "age": Breakdown(
            id="age",
            title="Age",
            groups=(Group(id="young", label="Young"), Group(id="old", label="Old")),
        ),
    },
)
SERIES = Series(source="table", value_quantity="n")
MEASURE = Measure(
    id="work_gap",
    version=1,
    title="Gaps in work",
    domain="equality",
    theme="Work",
    rationale="Why.",
    direction="lower_is_better",
    unit="share",
    statistic="proportion",
    series=(SERIES,),
    breakdowns=("sex", "age", "age*sex"),
    gap=True,
    vary="sex",
)
SOURCE = Source(
    id="table",
    kind="published",
    title="Table",
    publisher="p",
    licence="l",
    how_to_get="h",
    files=(),
    quantities={"n": Quantity(title="n", column="n")},
)


def printed(breakdown, group, estimate, **more):
    fields = {
        "measure": MEASURE,
        "series": SERIES,
        "source": SOURCE,
        "period": parse("2014"),
        "area": "L",
        "breakdown": breakdown,
        "group": group,
        "statistic": "proportion",
        "numbers": Numbers(estimate=estimate, lower=0.1, upper=0.9, level=0.95),
        "method": "published",
        "variance_basis": "published",
    }
    return Figure(**{**fields, **more})


def gaps_of(*figures):
    return {(gap.area, gap.group): gap for gap in counted_gaps(CATALOGUE, MEASURE, figures)}


@pytest.mark.parametrize(
    ("breakdown", "group", "against"),
    [
        ("sex", "women", "men"),
        ("sex", "men", ""),
        ("sex", "unknown", ""),
        ("all", "all", ""),
        ("age", "young", ""),
        ("age*sex", "young * women", "young * men"),
        ("age*sex", "young * men", ""),
        ("age*sex", "unknown * women", ""),
    ],
)
def test_a_group_is_set_against_the_reference_of_what_varies(breakdown, group, against):
    assert reference_group(CATALOGUE, MEASURE, breakdown, group) == against


def test_a_gap_of_printed_figures_is_the_reference_less_the_group_without_limits():
    gaps = gaps_of(printed("sex", "women", 0.610), printed("sex", "men", 0.843))
    assert set(gaps) == {("L", "women")}
    gap = gaps["L", "women"]
    assert gap.statistic == "difference"
    assert gap.numbers == Numbers(estimate=pytest.approx(0.233))
    assert gap.variance_basis == "none"
    assert gap.made_of == (("2014", "L", "sex", "men"), ("2014", "L", "sex", "women"))


def test_areas_are_not_set_against_each_other():
    gaps = gaps_of(printed("sex", "women", 0.6), printed("sex", "men", 0.8, area="M"))
    assert not gaps


@pytest.mark.parametrize("missing", ["women", "men"])
def test_a_gap_of_which_one_side_is_not_printed_is_not_available(missing):
    figures = [
        printed("sex", group, 0.7)
        if group != missing
        else printed("sex", group, None, status="not_available")
        for group in ("women", "men")
    ]
    gap = gaps_of(*figures)["L", "women"]
    assert gap.status == "not_available"
    assert gap.numbers.estimate is None


def test_groups_that_a_table_does_not_ask_of_have_no_gap():
    gaps = gaps_of(
        printed("sex", "women", None, status="not_asked"),
        printed("sex", "men", None, status="not_asked"),
    )
    assert not gaps


def test_a_gap_carries_the_flags_of_both_sides():
    gaps = gaps_of(
        printed("sex", "women", 0.6, flags=frozenset({"provisional"})),
        printed("sex", "men", 0.8, flags=frozenset({"synthetic"})),
    )
    assert gaps["L", "women"].flags == {"provisional", "synthetic"}

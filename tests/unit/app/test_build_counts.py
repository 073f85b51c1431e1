"""Figures of counts: which areas and periods a denominator covers, and which interval applies."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from scipy import stats

from social_evidence.app import build_counts, counts_reading
from social_evidence.app.counts_reading import CountsSource
from social_evidence.errors import DataError, DefinitionError
from social_evidence.model.area import Area, AreaTree
from social_evidence.model.breakdown import Breakdown, Group
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Measure, Series
from social_evidence.model.source import Source
from social_evidence.model.source_maps import Areas
from social_evidence.model.source_table import Quantity
from social_evidence.plan.counted import Address, Cell, sum_areas

TREE = AreaTree.from_areas(
    [
        Area(code="E", name="England", kind="comparator"),
        Area(code="L", name="London", kind="city", parent="E"),
        Area(code="1", name="One", kind="borough", parent="L"),
        Area(code="2", name="Two", kind="borough", parent="L"),
        Area(code="C", name="City of London", kind="borough", parent="L"),
    ]
)
BREAKDOWNS = {
    "sex": Breakdown(
        id="sex", title="Sex", groups=(Group(id="women", label="W"), Group(id="men", label="M"))
    ),
    "strand": Breakdown(
        id="strand",
        title="Strand",
        groups=(Group(id="race", label="R"), Group(id="faith", label="F")),
        partition=False,
    ),
}
CATALOGUE = Catalogue(title="t", areas=TREE, breakdowns=BREAKDOWNS)
EXCLUDES = ("excludes_city_of_london",)


def cells(numbers):
    return {
        Address(*key) if isinstance(key, tuple) else Address(key, "2020"): (
            value if isinstance(value, Cell) else Cell(number=float(value))
        )
        for key, value in numbers.items()
    }


def counted(name, sums=(), flags=None, **quantities):
    source = Source(
        id=name,
        kind="counts",
        title=name,
        publisher="p",
        licence="l",
        how_to_get="h",
        files=(),
        areas=Areas(sums=sums, flags=flags or {}),
        quantities={q: Quantity(title=q, column=q) for q in quantities},
        published_openly=True,
    )
    printed = {q: cells(numbers) for q, numbers in quantities.items()}
    summed = {q: sum_areas(found, sums, TREE, source.areas.flags) for q, found in printed.items()}
    return CountsSource(source, summed, printed, (), ())


def figures(own, below=None, *, statistic="ratio", unit="share", breakdowns=(), areas=(), **given):
    series = Series(
        source=own.source.id,
        id=own.source.id,
        numerator_quantity="n",
        **{
            "denominator_quantity": "d",
            "denominator_source": below.source.id if below else "",
            **given,
        },
    )
    measure = Measure(
        id="m",
        version=1,
        title="m",
        domain="outcomes",
        theme="t",
        rationale="r",
        direction="neutral",
        unit=unit,
        statistic=statistic,
        series=(series,),
        breakdowns=breakdowns,
        areas=areas,
    )
    read = {one.source.id: one for one in (own, below) if one}
    made = build_counts.figures(CATALOGUE, measure, series, read)
    return {(f.period.label, f.area, f.group): f for f in made}


def test_a_city_summed_without_one_borough_is_divided_by_the_others():
    own = counted("police", sums=("L",), n={"1": 3, "2": 5})
    below = counted("people", d={"1": 10, "2": 20, "C": 70, "L": 100})
    city = figures(own, below)["2020", "L", "all"]
    assert (city.numbers.numerator, city.numbers.denominator) == (8.0, 30.0)
    assert city.flags == frozenset(EXCLUDES)


def test_a_printed_city_that_leaves_a_borough_out_is_divided_by_the_others():
    own = counted("police", flags={"L": EXCLUDES}, n={"L": 9})
    below = counted("people", d={"1": 10, "2": 20, "C": 70, "L": 100})
    assert figures(own, below)["2020", "L", "all"].numbers.denominator == 30.0


def test_a_printed_city_that_leaves_nothing_out_is_divided_by_its_own_figure():
    own = counted("register", n={"1": 3, "L": 9})
    below = counted("people", d={"1": 10, "2": 20, "C": 70, "L": 100})
    assert figures(own, below)["2020", "L", "all"].numbers.denominator == 100.0


def test_a_denominator_that_is_not_printed_is_added_up_from_its_parts():
    own = counted("register", n={"L": 9})
    below = counted("people", d={"1": 10, "2": 20, "C": 70})
    assert figures(own, below)["2020", "L", "all"].numbers.denominator == 100.0


def test_a_missing_part_of_the_denominator_leaves_no_figure():
    own = counted("police", sums=("L",), n={"1": 3, "2": 5})
    below = counted("people", d={"1": 10, "C": 70})
    city = figures(own, below)["2020", "L", "all"]
    assert (city.status, city.numbers.estimate) == ("not_available", None)


def test_a_financial_year_is_divided_by_its_first_years_people_and_no_other():
    own = counted("police", n={("1", "fy2019-20"): 3, ("1", "fy2020-21"): 4})
    below = counted("people", d={("1", "2019"): 1000, ("1", "2018"): 999})
    found = figures(
        own, below, statistic="rate", unit="per_1000", denominator_period="mid_year_of_first"
    )
    assert found["fy2019-20", "1", "all"].numbers.estimate == 3.0
    assert found["fy2020-21", "1", "all"].status == "not_available"


def test_a_share_of_counts_has_wilsons_limits():
    own = counted("register", n={"1": 30}, d={"1": 100})
    numbers = figures(own, statistic="proportion", numerator_within_denominator=True)[
        "2020", "1", "all"
    ].numbers
    z = stats.norm.ppf(0.975)
    centre, half = (30 + z * z / 2) / (100 + z * z), z / (100 + z * z) * math.sqrt(21 + z * z / 4)
    assert (numbers.lower, numbers.upper) == pytest.approx((centre - half, centre + half))
    assert (numbers.interval_method, numbers.level) == ("wilson", 0.95)


def test_a_share_whose_numerator_is_not_part_of_its_denominator_is_refused():
    own = counted("register", n={"1": 30}, d={"1": 100})
    with pytest.raises(DefinitionError, match="numerator_within_denominator"):
        figures(own, statistic="proportion")
    over = counted("register", n={"1": 130}, d={"1": 100})
    with pytest.raises(DataError, match="measure 'm', series 'register'"):
        figures(over, statistic="proportion", numerator_within_denominator=True)


def test_a_denominator_with_limits_carries_its_error():
    own = counted("home_office", n={"1": 50})
    below = counted("aps", d={"1": Cell(number=1000.0, lower=804.0, upper=1196.0)})
    figure = figures(own, below)["2020", "1", "all"]
    error = 100.0 / stats.norm.ppf(0.975) * 1.96
    assert figure.numbers.standard_error == pytest.approx(0.05 * error / 1000, rel=1e-3)
    assert (figure.numbers.interval_method, figure.variance_basis) == ("delta", "published")


def test_a_rate_over_an_estimate_carries_the_chance_of_its_events_too():
    own = counted("police", n={"1": 50, "2": 0})
    limits = Cell(number=1000.0, lower=804.0, upper=1196.0)
    below = counted("aps", d={"1": limits, "2": limits})
    found = figures(own, below, statistic="rate", unit="per_1000")
    numbers = found["2020", "1", "all"].numbers
    error = 100 / stats.norm.ppf(0.975) * 1.96
    expected = 50 * math.sqrt(1 / 50 + (error / 1000) ** 2)
    assert (numbers.estimate, numbers.interval_method) == (50.0, "delta")
    assert numbers.standard_error == pytest.approx(expected)
    none = found["2020", "2", "all"].numbers
    assert (none.estimate, none.standard_error, none.upper) == (0.0, None, None)


def test_a_denominators_limits_are_read_at_their_own_level():
    own = counted("home_office", n={"1": 50})
    below = counted("aps", d={"1": Cell(number=1000.0, lower=900.0, upper=1100.0)})
    wide = replace(below.source, quantities={"d": Quantity(title="d", column="d", level=0.9)})
    numbers = figures(own, replace(below, source=wide))["2020", "1", "all"].numbers
    assert numbers.standard_error == pytest.approx(0.05 * 100 / stats.norm.ppf(0.95) / 1000)


def test_a_city_that_leaves_a_printed_borough_out_leaves_it_out_above_and_below_the_line():
    own = counted("police", sums=("L",), flags={"L": EXCLUDES}, n={"1": 3, "2": 5, "C": 7})
    below = counted("people", d={"1": 10, "2": 20, "C": 70, "L": 100})
    city = figures(own, below)["2020", "L", "all"]
    assert (city.numbers.numerator, city.numbers.denominator) == (8.0, 30.0)
    assert city.flags == frozenset(EXCLUDES)


def test_groups_that_do_not_partition_are_divided_by_everybody():
    own = counted("police", n={("1", "2020", "strand", "race"): 4})
    below = counted("people", d={"1": 1000})
    found = figures(own, below, breakdowns=("strand",), statistic="rate", unit="per_1000")
    assert found["2020", "1", "race"].numbers.estimate == 4.0
    assert found["2020", "1", "faith"].status == "not_available"


def test_a_crossing_keeps_the_part_that_divides_people_in_its_denominator():
    women = {("1", "2020", "sex", "women"): 500, "1": 1000}
    below = counted("people", d=women)
    for crossing, group in (("sex*strand", "women * race"), ("strand*sex", "race * women")):
        own = counted("police", n={("1", "2020", crossing, group): 4})
        found = figures(own, below, breakdowns=(crossing,), statistic="rate", unit="per_1000")
        assert found["2020", "1", group].numbers.estimate == 8.0


def test_a_crossing_is_found_whatever_the_order_of_its_parts():
    own = counted("police", n={("1", "2020", "sex*strand", "women * race"): 4})
    below = counted("people", d={("1", "2020", "sex", "women"): 500})
    found = figures(own, below, breakdowns=("strand*sex",), statistic="rate", unit="per_1000")
    assert found["2020", "1", "race * women"].numbers.estimate == 8.0
    assert found["2020", "1", "race * men"].status == "not_available"


def test_people_of_unknown_group_keep_their_row_in_a_crossing_of_another_order():
    own = counted("register", n={("1", "2020", "sex*strand", "unknown * race"): 4, "1": 9})
    found = figures(
        own, breakdowns=("strand*sex",), statistic="count", unit="people", denominator_quantity=""
    )
    assert found["2020", "1", "race * unknown"].status == "not_applicable"


def test_groups_that_partition_need_a_denominator_of_their_own():
    own = counted("register", n={("1", "2020", "sex", "women"): 4})
    below = counted("people", d={"1": 1000, ("1", "2020", "sex", "women"): 500})
    assert figures(own, below, breakdowns=("sex",))["2020", "1", "women"].numbers.denominator == 500
    without = counted("people", d={"1": 1000})
    assert figures(own, without, breakdowns=("sex",))["2020", "1", "women"].status == (
        "not_available"
    )


def test_a_breakdown_the_table_lacks_is_not_asked():
    own = counted("register", n={"1": 4}, d={"1": 5})
    assert figures(own, breakdowns=("sex",))["2020", "1", "men"].status == "not_asked"


def test_kinds_of_areas_ask_for_areas_nobody_has():
    own = counted("register", n={"1": 4, "E": 9}, d={"1": 5, "E": 10})
    found = figures(own, areas=("borough",))
    assert {area for _, area, _ in found} == {"1", "2", "C"}
    assert found["2020", "C", "all"].status == "not_available"
    with pytest.raises(DefinitionError, match="nearest known is 'borough'"):
        figures(own, areas=("boroughs",))


def test_a_period_the_series_names_must_be_there():
    own = counted("register", n={"1": 4}, d={"1": 5})
    with pytest.raises(DataError, match="'2019', which source 'register' does not hold"):
        figures(own, periods=("2019",))


def test_figures_over_a_denominator_of_nobody_do_not_exist():
    own = counted("register", n={"1": 0}, d={"1": 0})
    assert figures(own)["2020", "1", "all"].numbers.estimate is None


def test_a_count_has_neither_denominator_nor_interval():
    own = counted("register", n={"1": 4})
    numbers = figures(own, statistic="count", unit="people", denominator_quantity="")[
        "2020", "1", "all"
    ].numbers
    assert (numbers.estimate, numbers.denominator, numbers.interval_method) == (4.0, None, "none")


def test_printed_sums_are_checked_and_differences_told():
    own = counted("register", n={"1": 3, "2": 5, "C": 1, "L": 10, "E": 99})
    (check,) = counts_reading.addition_checks(CATALOGUE, own)
    assert (check.area, check.printed, check.added, check.agrees) == ("L", 10.0, 9.0, False)


def test_sums_of_a_table_that_is_not_open_are_not_published_by_their_check():
    own = counted("register", n={"1": 3, "2": 5, "C": 1, "L": 9})
    kept = replace(own, source=replace(own.source, published_openly=False))
    assert list(counts_reading.addition_checks(CATALOGUE, kept)) == []

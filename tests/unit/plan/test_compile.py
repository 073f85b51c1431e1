"""Definitions become one scan: items merged, areas grouped, codes resolved against the file."""

from __future__ import annotations

import pytest

from social_evidence.errors import DataError, DefinitionError
from social_evidence.model.area import Area, AreaTree
from social_evidence.model.breakdown import Breakdown, Group
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Measure, Series
from social_evidence.model.source import Source, SourceDesign, SourceFile
from social_evidence.model.source_maps import Areas, Derived, GroupMap, Item
from social_evidence.plan.compile import compile_wave
from social_evidence.plan.needs import Wanted, Wave, is_asked, needs
from social_evidence.plan.sampling import form_of, unit_scan

TREE = AreaTree.from_areas(
    [
        Area(code="UK", name="United Kingdom", kind="country"),
        Area(code="L", name="London", kind="city", parent="UK"),
        Area(code="1", name="One", kind="borough", parent="L"),
        Area(code="2", name="Two", kind="borough", parent="L"),
        Area(code="rest_of_uk", name="Rest", kind="comparator", parent="UK"),
    ]
)
BREAKDOWNS = {
    "sex": Breakdown(
        id="sex", title="Sex", groups=(Group(id="women", label="W"), Group(id="men", label="M"))
    ),
    "age": Breakdown(
        id="age", title="Age", groups=(Group(id="young", label="Y"), Group(id="old", label="O"))
    ),
}
CATALOGUE = Catalogue(title="Town", breakdowns=BREAKDOWNS, areas=TREE)
OBSERVED = {
    "belong": [1.0, 2.0, 3.0],
    "SEX": ["F", "M"],
    "AGEBAND": [1, 2],
    "place": ["one", "2"],
    "asked": [1, 2],
}
WAVE = Wave(file="survey.csv", period="2018", observed=OBSERVED)


def source(**given):
    fields = {
        "id": "survey",
        "kind": "microdata",
        "title": "Survey",
        "publisher": "Town",
        "licence": "open",
        "how_to_get": "ask",
        "files": (SourceFile(path="survey.csv", wave="2018"),),
        "design": SourceDesign(weight="w", strata=("stratum",), psu="psu"),
        "missing": {"*": (-9,)},
        "items": {
            "belong": Item(variable="belong", answers={"1": "yes", "2": "no", "3": "unsure"}),
            "asked": Item(variable="asked", answers={"1": "yes", "2": "no"}),
            "score": Item(variable="score", valid=(0, 10)),
        },
        "breakdowns": {
            "sex": GroupMap(variable="SEX", groups={"F": "women", "M": "men"}),
            "age": GroupMap(variable="AGEBAND", groups={"1": "young", "2": "old"}),
        },
        "areas": Areas(columns=("place",)),
    }
    return Source(**{**fields, **given})


def measure(name="belonging", statistic="proportion", breakdowns=("sex",), **given):
    share = {"item": "belong", "denominator": ("yes", "no"), "numerator": ("yes",)}
    series = Series(source="survey", id="survey", **{**share, **given})
    return Wanted(
        measure=Measure(
            id=name,
            version=1,
            title=name,
            domain="outcomes",
            theme="Belonging",
            rationale="r",
            direction="higher_is_better",
            unit="share",
            statistic=statistic,
            series=(series,),
            breakdowns=breakdowns,
        ),
        series=series,
    )


def number(**given):
    return {"item": "score", "denominator": (), "numerator": (), **given}


def compiled(*wanted, src=None, wave=WAVE):
    return compile_wave(CATALOGUE, src or source(), wave, wanted or (measure(),))


def test_a_share_counts_its_numerator_over_its_denominator_and_leaves_the_rest_null():
    (item,) = compiled().scan.items
    assert (
        item.y == 'case when "belong" in (1.0) then 1 when "belong" in (2.0) then 0 else null end'
    )
    assert item.where is None


def test_measures_that_share_an_item_are_scanned_once():
    found = compiled(measure("a"), measure("b", breakdowns=("age",)))
    assert len(found.scan.items) == 1
    assert [reading.item for reading in found.readings] == ["i0", "i0"]


def test_every_breakdown_and_crossing_is_a_set_of_cells_asked_once():
    found = compiled(
        measure("a", breakdowns=("sex", "sex*age")), measure("b", breakdowns=("age*sex",))
    )
    assert found.scan.cells == (("area",), ("area", "sex"), ("area", "sex", "age"))


def test_a_breakdown_the_source_lacks_is_not_scanned():
    assert compiled(measure(breakdowns=("tenure",))).scan.cells == (("area",),)
    assert not is_asked(source(), "sex*tenure")


def test_areas_go_up_to_the_city_and_not_to_a_country_the_file_does_not_cover():
    areas = compiled().scan.dimension("area")
    assert {group.id: group.codes for group in areas.groups} == {"1": (0,), "2": (1,), "L": (0, 1)}


def test_a_country_whose_every_part_is_named_is_given():
    wave = Wave(file="f", period="2018", observed={**OBSERVED, "place": ["London", "Rest"]})
    groups = compiled(wave=wave).scan.dimension("area").groups
    assert {group.id for group in groups} == {"L", "rest_of_uk", "UK"}


def test_a_country_is_not_given_by_its_rest_alone():
    found = compiled(wave=Wave(file="f", period="2018", observed={**OBSERVED, "place": ["Rest"]}))
    assert found.areas == ("rest_of_uk",)


def test_the_first_filled_area_column_places_a_row():
    src = source(areas=Areas(columns=("place", "region")))
    wave = Wave(file="f", period="2018", observed={**OBSERVED, "region": ["London"]})
    sql = compiled(src=src, wave=wave).scan.dimension("area").sql
    assert sql.startswith('case when "place" is null then case when "region" in (\'London\')')


def test_people_without_a_group_are_the_group_unknown():
    dimension = compiled().scan.dimension("sex")
    assert [(group.id, group.codes) for group in dimension.groups] == [
        ("women", (0,)),
        ("men", (1,)),
        ("unknown", (2,)),
    ]


def test_bands_are_read_by_their_limits():
    bands = GroupMap(variable="AGE", bands={"young": (16, 24), "old": (25, 120)})
    src = source(breakdowns={"age": bands})
    dimension = compiled(measure(breakdowns=("age",)), src=src).scan.dimension("age")
    assert '"AGE" between 16 and 24 then 0' in dimension.sql
    need = needs(src, [measure(breakdowns=("age",))])
    assert need.ranges == {("AGE", "breakdown 'age'"): ((16, 24), (25, 120))}
    assert "AGE" not in need.coded


@pytest.mark.parametrize(
    ("variable", "held", "said"),
    [
        ("belong", [1, 7], "column 'belong' holds the code '7'"),
        ("SEX", ["F", "D"], "column 'SEX' holds the code 'D'"),
        ("place", ["Three"], "'Three' is no area we know"),
    ],
)
def test_a_code_nobody_mapped_stops_the_build(variable, held, said):
    wave = Wave(file="survey.csv", period="2018", observed={**OBSERVED, variable: held})
    with pytest.raises(DataError, match=f"survey.csv: .*{said}"):
        compiled(wave=wave)


def test_the_universe_is_who_counts():
    found = compiled(measure(universe={"asked": ("yes",)}))
    assert found.scan.items[0].where == '("asked" in (1))'


def test_answer_codes_are_missing_everywhere_but_in_the_design():
    columns = {column.name: column.missing for column in compiled().scan.columns}
    assert columns["belong"] == (-9,)
    assert columns["psu"] == columns["stratum"] == columns["w"] == ()


def test_missing_codes_of_the_file_join_those_of_the_source():
    wave = Wave(file="f", period="2018", observed=OBSERVED, missing={"belong": {8.0}})
    columns = {column.name: column for column in compiled(wave=wave).scan.columns}
    assert columns["belong"].missing == (8.0, -9)


def test_means_and_ratios_of_numbers_ask_for_squares():
    found = compiled(
        measure("m", "mean", **number()),
        measure("r", "ratio", **number(denominator_item="score")),
    )
    assert [(i.statistic, i.y, i.x, i.squares) for i in found.scan.items] == [
        ("mean", '"score"', None, True),
        ("ratio", '"score"', '"score"', True),
        ("proportion", found.scan.items[2].y, None, False),
    ]
    assert found.readings[1].weights == "i2"
    assert needs(source(), [measure("m", "mean", breakdowns=(), **number())]).ranges == {
        ("score", "item 'score'"): ((0, 10),)
    }


def test_a_quantile_is_no_item_of_the_scan():
    found = compiled(measure("q", "quantile", **number(quantile=0.5)))
    assert found.scan is None
    assert found.quantiles[0].value == '"score"'


def test_derived_variables_come_after_those_they_build_on():
    src = source(
        derived={
            "b": Derived(expression="a + 1"),
            "a": Derived(expression="x * 2"),
            "unused": Derived(expression="zz"),
        },
        items={"belong": Item(variable="b", answers={"1": "yes", "2": "no", "3": "unsure"})},
    )
    need = needs(src, [measure(breakdowns=())])
    assert [derived.name for derived in need.derived] == ["a", "b"]
    assert "x" in need.columns
    assert not {"a", "b", "zz"} & set(need.columns)


def test_derived_variables_in_a_circle_are_refused():
    src = source(
        derived={"a": Derived(expression="b"), "b": Derived(expression="a")},
        items={"belong": Item(variable="a", answers={"1": "yes", "2": "no"})},
    )
    with pytest.raises(DefinitionError, match="circle"):
        needs(src, [measure(breakdowns=())])


@pytest.mark.parametrize(
    ("design", "unit", "form", "psu", "strata"),
    [
        (SourceDesign(weight="w", strata=("s",), psu="p"), "people", "clustered", ("p",), ("s",)),
        (
            SourceDesign(weight="w", household="h", basis="households"),
            "people",
            "clustered",
            ("h",),
            (),
        ),
        (
            SourceDesign(weight="w", household="h", basis="households"),
            "households",
            "unclustered",
            (),
            (),
        ),
        (SourceDesign(weight="w", strata=("s",)), "people", "unclustered", (), ("s",)),
        (
            SourceDesign(weight="w", strata=("s",), psu="p", basis="assumed_deff"),
            "people",
            "unclustered",
            (),
            (),
        ),
        (
            SourceDesign(weight="w", replicates=("r1", "r2"), replicate_method="brr"),
            "people",
            "replicates",
            (),
            (),
        ),
    ],
)
def test_the_design_decides_the_form_of_the_scan(design, unit, form, psu, strata):
    src = source(design=design, base_unit=unit)
    sampling = compiled(src=src).scan.sampling
    assert form_of(src) == sampling.form == form
    assert (sampling.psu, sampling.strata) == (psu, strata)


def test_units_of_disclosure_are_counted_by_a_scan_of_their_own():
    src = source(disclosure_unit="household")
    scan = compiled(src=src).scan
    assert "household" in {column.name for column in scan.columns}
    assert unit_scan(src, scan).sampling.psu == ("stratum", "psu", "household")


def test_a_household_that_is_the_psu_needs_no_second_scan():
    src = source(design=SourceDesign(weight="w", household="h", basis="households"))
    assert unit_scan(src, compiled(src=src).scan) is None
    openly = source(disclosure_unit="household", published_openly=True)
    assert unit_scan(openly, compiled(src=openly).scan) is None


def test_one_area_for_every_row_needs_no_dimension():
    found = compiled(src=source(areas=Areas(whole="L")))
    assert found.scan.cells == ((), ("sex",))
    assert found.address(("sex",), ("women",), "sex") == ("L", "women")


def test_a_crossing_names_its_groups_in_the_measures_own_order():
    found = compiled(measure(breakdowns=("sex*age",)))
    address = found.address(("area", "sex", "age"), ("1", "women", "old"), "age*sex")
    assert address == ("1", "old * women")


def test_an_item_the_source_does_not_ask_is_refused_with_the_nearest():
    with pytest.raises(DefinitionError, match=r"item .belonging.*nearest known is .belong."):
        compiled(measure(item="belonging"))


def test_rows_outside_the_population_stay_in_the_design():
    src = source(rows={"place": ("one",)})
    assert compiled(src=src).scan.universe == "(\"place\" in ('one'))"
    blank = source(rows={"place": ("one", "")})
    assert compiled(src=blank).scan.universe == '("place" in (\'one\') or "place" is null)'


def test_rows_that_nobody_has_leave_no_empty_population():
    with pytest.raises(DataError, match=r"no row has 'f' in column 'SEX'.*nearest known is 'F'"):
        compiled(src=source(rows={"SEX": ("f",)}))


@pytest.mark.parametrize(
    "design",
    [
        {"weights_sum_to": "sample"},
        {"basis": "assumed_deff", "deff": 2.0, "deff_origin": "handbook"},
    ],
)
def test_a_total_needs_weights_of_the_population_and_a_design(design):
    src = source(design=SourceDesign(weight="w", **design))
    with pytest.raises(DefinitionError, match=r"measure 'earned'.*total"):
        compiled(measure("earned", "total", **number()), src=src)


def test_a_count_of_respondents_is_no_statistic_of_a_survey():
    with pytest.raises(DefinitionError, match="'count' cannot be computed"):
        compiled(measure("c", "count", **number()))

"""Each row breaks the sound catalogue in one place and says what must be told."""

# ruff: noqa: E501 - a table is read one row a line

from __future__ import annotations

import pytest

from social_evidence.catalogue.load import examine

SURVEY = "sources/town_survey.toml"
COUNTS = "sources/town_counts.toml"
TRUST = "measures/participation/trusting.toml"
VOTERS = "measures/participation/registered.toml"

PERIOD = 'form = "year" }\n\n[quantities]\nvoters = { title = "People on the register", column = '
WIDE = PERIOD.replace(" }", ", wide = true }").replace(", column", ", from_column")

FAULTS = [
    # file, what stands there, what is written instead, field, words of the message
    (TRUST, "direction =", "directon =", "directon", "Did you mean 'direction'?"),
    (TRUST, "direction =", "directon =", "direction", "is missing"),
    (TRUST, '"higher_is_better"', '"higher_is_beter"', "direction", "Did you mean 'higher_is_better'"),
    (TRUST, "version = 1", 'version = "1"', "version", "must be a whole number, got '1'"),
    (TRUST, "version = 1", "version = true", "version", "got true"),
    (TRUST, '["most"]', '"most"', "series[1].numerator", "must be a list"),
    (TRUST, '["2020", "2022"]', "[2020]", "series[1].periods[1]", "got 2020. Put it in quotes."),
    (TRUST, "trust = ", "turst = ", "examples[1].answers.turst", "Did you mean 'trust'?"),
    (TRUST, '"numerator"', '"denominator"', "examples[1].falls", "in the numerator"),
    (TRUST, '"outside"', '"numerator"', "examples[2].falls", "outside the base"),
    (TRUST, '= "most", asked', '= "mots", asked', "examples[1].answers.trust", "'most'?"),
    (TRUST, 'numerator = ["most"]', 'numerator = ["never_thought"]', "", "leaves out"),
    (TRUST, '["most", "some"]', '["most", "som"]', "series[1].denominator", "mean 'some'"),
    (TRUST, 'item = "trust"', 'item = "trusts"', "series[1].item", "mean 'trust'"),
    (TRUST, '"town_survey"', '"town_servey"', "series[1].source", "mean 'town_survey'"),
    (TRUST, '"town_survey"', '"town_counts"', "series[1].item", "'town_counts' is 'counts'"),
    (TRUST, 'statistic = "proportion"\n', 'statistic = "rate"\n', "series[1].source", "gives no rate"),
    (TRUST, 'source = "town_survey"', 'id = "mine"\nsource = "town_survey"', "series[1].id", "out"),
    (TRUST, '"2022"]', '"2021"]', "series[1].periods", "no period of source"),
    (TRUST, '"2022"]', '"22"]', "series[1].periods", "is not a period"),
    (TRUST, "asked_today = [", "asked_tody = [", "series[1].universe.asked_tody", "asked_today"),
    (TRUST, '["yes"]', '["yess"]', "series[1].universe.asked_today", "mean 'yes'"),
    (TRUST, 'item = "trust"', 'item = "trust"\nflags = ["braek"]', "series[1].flags", "'break'"),
    (TRUST, '"sex", "age_band",', '"sexes", "sex", "age_band",', "breakdowns", "mean 'sex'"),
    (TRUST, '"age_band*sex"', '"age_bnd*sex"', "breakdowns", "mean 'age_band'"),
    (TRUST, '"borough", "T1"', '"borough", "T9"', "areas", "'T9' is no area"),
    (TRUST, '"women", stat', '"woman", stat', "headline.group", "mean 'women'"),
    (TRUST, '{ breakdown = "sex"', '{ breakdown = "six"', "headline.breakdown", "mean 'sex'"),
    (TRUST, 'statistic = "proportion" }', 'statistic = "mean" }', "headline.statistic", "gives"),
    (TRUST, "headline = {", 'headline = { part = "x",', "headline.part", "no part 'x'"),
    (TRUST, 'unit = "share"', 'unit = "score"', "unit", "proportion is in share"),
    (TRUST, 'unit = "share"', 'unit = "share"\nmap_limits = [0.2, 0.1]', "map_limits", "does not rise"),
    (TRUST, 'unit = "share"', 'unit = "share"\nmap_limits = [20.0, 40.0]', "map_limits", "as 0.25"),
    (TRUST, 'unit = "share"', 'unit = "share"\nmap_limits = [0.1, 0.2, 0.3, 0.4, 0.5]', "map_limits", "6 classes"),
    (TRUST, "0.005", "0", "published[1].tolerance", "above 0"),
    (TRUST, 'area = "T1"', 'area = "T2"', "published[1].area", "'T2' is no area"),
    (TRUST, "tolerance =", 'spread = "ward"\ntolerance =', "published[1].spread", "no kind of areas"),
    (TRUST, "tolerance =", 'statistic = "difference"\ntolerance =', "published[1].statistic", "gives"),
    (TRUST, '"16_44 * women"', '"16_44 * wimen"', "published[1].group", "mean 'women'"),
    (TRUST, '"16_44 * women"', '"women"', "published[1].group", "one group of each"),
    (TRUST, '"Town report 2020, page 3"', '" "', "published[1].reference", "blank"),
    (TRUST, "breakdowns = [", 'gap = true\nbreakdowns = ["age_band"]\nnotes = [', "gap", "behind"),
    (VOTERS, '= "voters"', '= "voter"', "series[1].numerator_quantity", "mean 'voters'"),
    (VOTERS, 'denominator_quantity = "adults"', "", "series[1].denominator_quantity", "missing"),
    (VOTERS, '= "adults"', '= "adults"\nitem = "trust"', "series[1].item", "kind 'microdata'"),
    (VOTERS, '= "adults"', '= "adults"\ndenominator_source = "x"', "series[1].denominator_source", ""),
    (VOTERS, '"ratio"', '"proportion"', "series[1].numerator_within_denominator", "is missing"),
    (SURVEY, '"Open Government Licence v3.0"', '""', "licence", "is blank"),
    (SURVEY, '"town/2020.csv"', '"/town/2020.csv"', "files[1].path", "is absolute"),
    (SURVEY, '"town/2020.csv"', "'C:\\town\\2020.csv'", "files[1].path", "is absolute"),
    (SURVEY, '"town/2020.csv"', '"town/../../x.csv"', "files[1].path", "leaves the sources"),
    (SURVEY, '"town/2020.csv"', '""', "files[1].path", "is blank"),
    (SURVEY, ', wave = "2022"', "", "files[2].wave", "is missing"),
    (SURVEY, '"2022" }', '"2020" }', "combine", "several files are for one period (2020)"),
    (SURVEY, '"2022" }', '"2022", sha256 = "abc" }', "files[2].sha256", "64 hexadecimal"),
    (SURVEY, 'weight = "weight"', 'weight = "street"', "design", "named 2 times"),
    (SURVEY, 'psu = "street"', 'lonely_psu = "average"', "design.statement", "is missing"),
    (SURVEY, 'strata = ["stratum"]\npsu = "street"', "", "design.basis", "neither strata nor psu"),
    (SURVEY, 'psu = "street"', 'basis = "households"', "design.household", "is missing"),
    (SURVEY, 'psu = "street"', 'basis = "replicates"', "design.replicates", "are needed"),
    (SURVEY, 'psu = "street"', 'replicates = ["r1"]', "design.basis", "must be 'replicates'"),
    (SURVEY, 'psu = "street"', 'basis = "assumed_deff"', "design.deff", "deff_origin"),
    (SURVEY, 'psu = "street"', 'basis = "weights_only"', "design.statement", "is missing"),
    (SURVEY, 'columns = ["part"]', "", "areas", "needs `whole`"),
    (SURVEY, '"S1" }', '"S2" }', "areas.codes", "'S2' is no area"),
    (SURVEY, "satisfaction > 7", "(select 1) > 7", "derived.happy.expression", ""),
    (SURVEY, "else 0 end", "else count(*) end", "derived.happy.expression", ""),
    (SURVEY, '0 end"', '0 end"\nnull_means = ["satisfactoin"]', "derived.happy.null_means", "stand"),
    (SURVEY, '2 = "some"', '2 = "somme"', "items.trust.answers.2", "mean 'some'"),
    (SURVEY, "trust = {", "thrust = {", "items.thrust", "mean 'trust'"),
    (SURVEY, "[0, 10]", "[10, 0]", "items.life_satisfaction.valid", "[smallest, largest]"),
    (SURVEY, "valid = [0, 10]", 'answers = { 1 = "a" }', "items.life_satisfaction.answers", "number"),
    (SURVEY, ', answers = { 1 = "yes", 2 = "no" }', "", "items.asked_today.answers", "yes, no"),
    (SURVEY, "sex = {", "sax = {", "breakdowns.sax", "mean 'sex'"),
    (SURVEY, '2 = "women"', '2 = "womin"', "breakdowns.sex.groups", "mean 'women'"),
    (SURVEY, "[45, 120]", "[44, 120]", "breakdowns.age_band.bands.45_over", "inside '16_44'"),
    (SURVEY, "[45, 120]", "[45]", "breakdowns.age_band.bands.45_over", "[lowest, highest]"),
    (SURVEY, "45_over = [", "45_ower = [", "breakdowns.age_band.bands", "mean '45_over'"),
    (SURVEY, ', groups = { 1 = "men", 2 = "women" }', "", "breakdowns.sex", "`groups` (codes)"),
    (COUNTS, '"T1"]', '"N1"]', "areas.sums", "no areas below"),
    (COUNTS, '["provisional"]', '["provisonal"]', "areas.flags.T1", "mean 'provisional'"),
    (COUNTS, "flags = {", 'left_out = { Airport = "" }, flags = {', "areas.left_out.Airport", "why"),
    (COUNTS, 'period = { column = "Year", form = "year" }', "", "period", "written nowhere"),
    (COUNTS, '"year" }', '"year", keep = ["20"] }', "period.keep", "is not a period"),
    (COUNTS, ', column = "Voters"', "", "quantities.voters", "exactly one of"),
    (COUNTS, ', to_column = "90+"', "", "quantities.adults", "both"),
    (COUNTS, '"Voters" }', '"Voters", lower = "L" }', "quantities.voters", "one limit only"),
    (COUNTS, '"Voters" }', '"Voters", spans = [["a"]] }', "quantities.voters.spans", "pairs"),
    (COUNTS, '"Voters" }', '"Voters", area_columns = { T3 = "a" } }', "quantities.voters.area_columns", "'T3' is no area"),
    (COUNTS, '"Voters" }', '"Voters", half_width = "b", area_columns = { T1 = "a" } }', "quantities.voters.area_columns", "misread"),
    (COUNTS, '"Voters" }', '"Voters", group_columns = { sx = { men = "a" } } }', "quantities.voters.group_columns.sx", "mean 'sex'"),
    (COUNTS, '"Voters" }', '"Voters", group_columns = { sex = { man = "a" } } }', "quantities.voters.group_columns.sex", "mean 'men'"),
    (COUNTS, '"Voters" }', '"Voters", half_width = "b", group_columns = { sex = { men = "a" } } }', "quantities.voters.group_columns", "misread"),
    (COUNTS, 'kind = "counts"', 'kind = "published"', "quantities.adults", "adds columns up"),
    (COUNTS, PERIOD + '"Voters" }', WIDE + '"18", to_column = "90+", half_width = "b" }', "quantities.voters", "column of limits"),
    (COUNTS, '"Voters" }', '"Voters", level = 95 }', "quantities.voters.level", "between 0 and 1"),
    (COUNTS, '"Voters" }', '"Voters", scale = nan }', "quantities.voters.scale", "must be a number"),
    (COUNTS, '"Voters" }', '"Voters", scale = inf }', "quantities.voters.scale", "must be a number"),
    (SURVEY, "[-9, ", "[nan, ", "missing.*[1]", "must be"),
    (SURVEY, 'psu = "street"', 'psu = "street"\ndeff = -1', "design.deff", "above 0"),
    (SURVEY, 'kind = "microdata"', 'kind = "microdata"\nthreshold = -1', "threshold", "below 0"),
    (
        SURVEY, 'kind = "microdata"', 'kind = "microdata"\nhidden_interval = 4', "hidden_interval",
        "at least 5 wide",
    ),
    (
        SURVEY, 'kind = "microdata"', 'kind = "microdata"\nminimum_numerator = -1',
        "minimum_numerator", "below 0",
    ),
    (SURVEY, 'kind = "microdata"', 'kind = "microdata"\nurl = "javascript:x"', "url", "https://"),
    (TRUST, "version = 1", "version = 0", "version", "count from 1"),
    (TRUST, 'item = "trust"', 'item = "trust"\ninterval = "wilsn"', "series[1].interval", "'wilson'"),
    (VOTERS, '= "adults"', '= "adults"\ninterval = "wilson"', "series[1].interval", "for a ratio"),
    (TRUST, 'item = "trust"', 'item = "trust"\nquantile = 50', "series[1].quantile", "between"),
    (COUNTS, "voters = {", "Voters = {", "quantities.Voters", "lower_snake_case"),
    (COUNTS, "[quantities]", "[quantiles]", "quantities", "are missing"),
    (COUNTS, "[quantities]", 'markers = { q = "hidden" }\n[quantities]', "markers.q", "no status"),
    (COUNTS, "[quantities]", 'to_confirm = { sise = "?" }\n[quantities]', "to_confirm.sise", "no"),
    (COUNTS, "[quantities]", 'combine = "columns"\n[quantities]', "key", "is missing"),
    ("areas.toml", 'parent = "T1"', 'parent = "T7"', "areas[2].parent", "'T7' is no area"),
    ("areas.toml", 'code = "S1"', 'code = "N1"', "areas[3].code", "defined already"),
    ("areas.toml", 'kind = "city"', 'kind = "city"\nparent = "N1"', "areas[1].parent", "circle"),
    ("areas.toml", 'name = "North"', "", "areas[2].name", "is missing"),
    ("catalogue.toml", "title", "tittle", "tittle", "Did you mean 'title'?"),
    ("breakdowns/sex.toml", 'reference = "men"', 'reference = "man"', "", "none of its groups"),
    ("breakdowns/sex.toml", 'id = "women"', 'id = "men"', "", "appear twice"),
    ("questions/trust.toml", "text =", 'id = "truth"\ntext =', "id", "make them the same"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "words"), FAULTS, ids=[f"{f[0]}-{f[3]}-{f[2]}" for f in FAULTS]
)
def test_a_fault_is_told_with_its_file_its_field_and_what_to_do(
    broken, file, old, new, field, words
):
    _, faults = examine([broken(file, old, new)])
    told = [f for f in faults if f.file == file and f.field == field and words in f.message]
    assert told, f"wanted {field}: …{words}…; got {[str(fault) for fault in faults]}"


def test_a_definition_in_no_known_folder_is_told(folder):
    _, faults = examine([folder({"measure/x.toml": "a = 1\n", "measures.toml": "a = 1\n"})])
    told = {fault.file: fault.message for fault in faults}
    assert "Did you mean 'measures'?" in told["measure/x.toml"]
    assert "is read by nothing here" in told["measures.toml"]


def test_a_file_whose_name_is_no_id_is_told(folder):
    _, faults = examine([folder({"questions/My-Question.toml": 'text = { en = "?" }\n'})])
    assert [fault.message for fault in faults if "lower_snake_case" in fault.message]


def test_two_files_of_one_name_are_told(folder):
    again = {"questions/more/trust.toml": 'text = { en = "?" }\n'}
    _, faults = examine([folder(again)])
    assert any("defined already" in fault.message for fault in faults)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('1 = "most"', '1 = "some"', "series[1].numerator"),
        ('2 = "some"', '2 = "most"', "series[1].denominator"),
        ('1 = "yes", 2 = "no"', '1 = "no", 2 = "no"', "series[1].universe.asked_today"),
    ],
)
def test_an_answer_that_no_code_means_is_told_before_everybody_is_0_or_100_percent(
    broken, old, new, field
):
    _, faults = examine([broken(SURVEY, old, new)])
    told = [fault for fault in faults if "nobody could have said it" in fault.message]
    assert [(fault.file, fault.field) for fault in told] == [(TRUST, field)]


def test_rows_of_everybody_and_of_people_whose_group_is_not_known_may_be_mapped(broken):
    groups = 'groups.sex = { variable = "Sex", groups = { T = "all", F = "women", X = "unknown" } }'
    _, faults = examine([broken(COUNTS, '"Voters" }', f'"Voters", {groups} }}')])
    assert faults == ()
    _, faults = examine([broken(SURVEY, '2 = "women"', '2 = "women", 3 = "unknown", 4 = "all"')])
    assert [fault.message.split(".")[0] for fault in faults] == [
        "'all' is no group of the breakdown"
    ]
